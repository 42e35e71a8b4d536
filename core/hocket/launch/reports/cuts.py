"""Lists that are too long to be read: what is shown of them, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from hocket.launch.reports.data import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
"""Items of a list that are shown; `result.json` has all."""

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Cuts:
    """Takes the first of each list, and remembers which were longer."""

    made: list[Cut] = field(default_factory=list[Cut])

    def of(self, what: str, items: Sequence[_Item], most: int = MOST) -> Sequence[_Item]:
        """Give what is shown of a list."""
        if len(items) > most:
            self.made.append(Cut(what, f"{most:,}", f"{len(items):,}"))
        return items[:most]
