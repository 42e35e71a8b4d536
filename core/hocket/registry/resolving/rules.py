"""Which versions may be chosen at all: not yanked, old enough, made for this hocket and Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row

MIN_AGE = timedelta(days=1)
_NONE = timedelta(0)


class Bar(StrEnum):
    """Why a version is no candidate."""

    HELD = "held"
    PRE = "pre-release"
    YANKED = "yanked"
    HOCKET = "requires-hocket"
    PYTHON = "requires-python"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one solving."""

    now: datetime
    hocket: str
    python: str
    ages: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    """The cooldown by registry: 0 for local ones; others have MIN_AGE."""
    young: frozenset[str] = frozenset()
    """Accepted in spite of the cooldown, as REGISTRY/NAME@VERSION."""
    pre: bool = False
    locked: Mapping[str, Version] = field(default_factory=dict[str, "Version"])
    """What stays as it is if it can, in spite of age and yanking."""
    lifted: Bar | None = None
    """A bar that does not hold this time: to see whether it is what is in the way."""

    def left(self, key: str, row: Row) -> timedelta:
        """Say how long a version is held from now on."""
        registry = key.partition("/")[0]
        age = self.ages.get(registry, _NONE if registry == "core" else MIN_AGE)
        if age <= _NONE or f"{key}@{row.version}" in self.young:
            return _NONE
        return max(_NONE, row.published + age - self.now)

    def bar(self, key: str, row: Row, *, pre: bool) -> Bar | None:
        """Say why a version is no candidate; None: it is one. `pre`: a range names one."""
        if not row.requires_hocket.contains(self.hocket, pre=True):
            return Bar.HOCKET
        if not row.requires_python.contains(self.python, pre=True):
            return Bar.PYTHON
        return None if self.locked.get(key) == row.version else self._taste(key, row, pre=pre)

    def _taste(self, key: str, row: Row, *, pre: bool) -> Bar | None:
        if row.yanked is not None:
            return Bar.YANKED
        if row.version.is_pre and not (self.pre or pre):
            return Bar.PRE
        return Bar.HELD if self.left(key, row) else None

    def why(self, key: str, row: Row, bar: Bar) -> str:
        """Tell it to a person."""
        left = _spell(self.left(key, row))
        told = {
            Bar.HELD: f"is held for {left} more (--accept=young:{key}@{row.version})",
            Bar.PRE: "is a pre-release (--pre)",
            Bar.YANKED: f"is yanked: {row.yanked}",
            Bar.HOCKET: f"requires hocket {row.requires_hocket}, this is {self.hocket}",
            Bar.PYTHON: f"requires Python {row.requires_python}, this is {self.python}",
        }
        return f"{key} {row.version} {told[bar]}"


def _spell(left: timedelta) -> str:
    minutes = -(-int(left.total_seconds()) // 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{max(minutes, 1)} min"
    hours = -(-minutes // 60)
    return f"{hours} h" if hours <= 48 else f"{-(-hours // 24)} d"  # noqa: PLR2004
