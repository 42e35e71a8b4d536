"""What of the installed is no longer the newest: wanted, latest, held, yanked, renamed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.registry.indexes.rows import ANY
from hocket.registry.resolving.rules import Bar

if TYPE_CHECKING:
    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row
    from hocket.registry.locks.lock import Lock, Locked
    from hocket.registry.resolving.rules import Rules
    from hocket.registry.resolving.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """One installed package, and what its registry has besides."""

    key: str
    version: Version
    wanted: Version | None
    """The highest that what was asked for allows; None: none is offered any more."""
    latest: Version | None
    """The highest that is offered at all."""
    held: str = ""
    """The highest that is too young yet, with the time left."""
    yanked: str | None = None
    """Why the installed version was withdrawn; None: it was not."""
    renamed: str = ""
    """What it is called now."""
    is_withdrawn: bool = False

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to tell."""
        newest = self.version == self.latest == self.wanted
        return newest and not (self.held or self.renamed or self.is_withdrawn) and not self.yanked


def outdated(lock: Lock, shelf: Shelf, rules: Rules) -> tuple[Outdated, ...]:
    """Look every locked package up, also those that are current; nothing is solved."""
    # What is locked is barred by nothing, so it must not be told of its own version.
    free = replace(rules, locked={})
    told = sorted(lock.packages, key=lambda one: one.name)
    return tuple(_outdated(one, shelf, free) for one in told if shelf.has(one.name))


def _outdated(one: Locked, shelf: Shelf, rules: Rules) -> Outdated:
    now = shelf.current(one.name)
    rows = shelf.rows(now)
    within = one.requested or ANY
    old = next((row for row in shelf.rows(one.name) if row.version == one.version), None)
    return Outdated(
        key=one.name,
        version=one.version,
        wanted=_highest(now, rows, within, rules),
        latest=_highest(now, rows, ANY, rules),
        held=_held(now, rows, one.version, rules),
        yanked=old.yanked if old else None,
        renamed=now if now != one.name else "",
        is_withdrawn=shelf.is_withdrawn(one.name),
    )


def _highest(key: str, rows: tuple[Row, ...], within: Range, rules: Rules) -> Version | None:
    pre = within.names_pre
    fit = (
        row.version
        for row in rows
        if within.contains(row.version, pre=True) and rules.bar(key, row, pre=pre) is None
    )
    return next(fit, None)


def _held(key: str, rows: tuple[Row, ...], installed: Version, rules: Rules) -> str:
    for row in rows:
        if row.version > installed and rules.bar(key, row, pre=rules.pre) is Bar.HELD:
            return rules.why(key, row, Bar.HELD)
    return ""
