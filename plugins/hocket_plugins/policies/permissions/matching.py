"""Holds rules against the use of a tool: strictly to allow it, loosely to deny it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api import protected
from hocket.api.tools import Effect
from hocket_plugins.policies.permissions import commands, paths, urls
from hocket_plugins.policies.permissions.rules import ADDRESSES, COMMANDS, READERS, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket_plugins.policies.permissions.ground import Ground
    from hocket_plugins.policies.permissions.rules import Rule

_ON_FILES = frozenset({Effect.READ_PROJECT, Effect.WRITE_WORKSPACE})
_READING = frozenset({Effect.READ_PROJECT})
_UNKNOWN = frozenset({Effect.OUTSIDE_EFFECT})
_KNOWN = {
    **dict.fromkeys(READERS, _READING),
    **dict.fromkeys(WRITERS, frozenset({Effect.WRITE_WORKSPACE})),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A tool, and what it is to do it to."""

    tool: str
    what: str
    effects: frozenset[Effect]
    ground: Ground

    @classmethod
    def read(
        cls, shown: str, ground: Ground, tool: str = "", effects: frozenset[Effect] | None = None
    ) -> Wish:
        """Read a use as `Tool.shown` writes it; effects of hocket's own tools are known."""
        tool = tool or shown.partition("(")[0]
        what = shown.removeprefix(f"{tool}(").removesuffix(")") if shown != tool else ""
        known = _KNOWN.get(tool, _UNKNOWN) if effects is None else effects
        return cls(tool, what, known, ground)

    @property
    def is_on_files(self) -> bool:
        """Whether it names a path."""
        return bool(self.effects) and self.effects <= _ON_FILES

    @property
    def path(self) -> str:
        """The path as rules name it: beneath the workspace where it is."""
        return self.ground.beneath(self.what)

    @property
    def only_reads(self) -> bool:
        """Whether all it does is read the project: such tools keep to the workspace themselves."""
        return self.effects == _READING

    @property
    def is_guarded(self) -> bool:
        """Whether only a rule that says so allows it: a key read, or something steering written."""
        if not self.is_on_files:
            return False
        return protected.is_secret(self.path) if self.only_reads else self.is_steering

    @property
    def is_steering(self) -> bool:
        """Whether it writes what runs or steers something later."""
        return self.is_on_files and not self.only_reads and protected.is_steering(self.path)


def permits(rules: Iterable[Rule], wish: Wish) -> bool:
    """Say whether rules name this use; raises Unclear for a shell line that none can name."""
    mine = [rule for rule in rules if rule.names(wish.tool)]
    if wish.tool in COMMANDS:
        return commands.allows([rule.what for rule in mine], wish.what)
    return any(_permits(rule, wish) for rule in mine)


def forbids(rule: Rule, wish: Wish) -> bool:
    """Say whether a rule may be about this use."""
    if not rule.concerns(wish.tool):
        return False
    return rule.what is None or _may_be(rule.what, wish)


def _may_be(what: str, wish: Wish) -> bool:
    if wish.tool in COMMANDS:
        return commands.denies(what, wish.what)
    if wish.tool in ADDRESSES:
        return urls.denies(what, wish.what)
    if wish.is_on_files:
        return any(paths.loosely(what, one) for one in wish.ground.names(wish.what))
    return what.casefold() in wish.what.casefold()


def _permits(rule: Rule, wish: Wish) -> bool:
    if rule.what is None:
        return not wish.is_guarded
    if wish.tool in ADDRESSES:
        return urls.allows(rule.what, wish.what)
    if not wish.is_on_files:
        return rule.what == wish.what
    path = wish.path
    if not (path.startswith("/") or protected.is_inside(path)):
        return False
    fits = paths.matches(rule.what, path)
    return fits and (not wish.is_guarded or protected.is_named(path, rule.what))
