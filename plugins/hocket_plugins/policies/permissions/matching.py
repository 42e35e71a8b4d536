"""Holds rules against the use of a tool: strictly to allow it, loosely to deny it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.tools import Effect
from hocket_plugins.policies.permissions import commands, paths, protected, urls
from hocket_plugins.policies.permissions.rules import ADDRESSES, COMMANDS, READERS, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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

    @classmethod
    def read(cls, tool: str, shown: str, effects: frozenset[Effect] | None = None) -> Wish:
        """Read a use as `Tool.shown` writes it; effects of hocket's own tools are known."""
        what = shown.removeprefix(f"{tool}(").removesuffix(")") if shown != tool else ""
        return cls(tool, what, _KNOWN.get(tool, _UNKNOWN) if effects is None else effects)

    @property
    def is_on_files(self) -> bool:
        """Whether it names a path."""
        return bool(self.effects) and self.effects <= _ON_FILES

    @property
    def only_reads(self) -> bool:
        """Whether all it does is read the project: such tools keep to the workspace themselves."""
        return self.effects == _READING

    @property
    def is_guarded(self) -> bool:
        """Whether only a rule that says so allows it: a key read, or something steering written."""
        if not self.is_on_files:
            return False
        return protected.is_secret(self.what) if self.only_reads else self.is_steering

    @property
    def is_steering(self) -> bool:
        """Whether it writes what runs or steers something later."""
        return self.is_on_files and not self.only_reads and protected.is_steering(self.what)


def permits(rules: Iterable[Rule], wish: Wish, project: Path) -> bool:
    """Say whether rules name this use; raises Unclear for a shell line that none can name."""
    mine = [rule for rule in rules if rule.names(wish.tool)]
    if wish.tool in COMMANDS:
        return commands.allows([rule.what for rule in mine], wish.what)
    return any(_permits(rule, wish, project) for rule in mine)


def forbids(rule: Rule, wish: Wish, project: Path) -> bool:
    """Say whether a rule may be about this use."""
    if not rule.concerns(wish.tool):
        return False
    return rule.what is None or _may_be(rule.what, wish, project)


def _may_be(what: str, wish: Wish, project: Path) -> bool:
    if wish.tool in COMMANDS:
        return commands.denies(what, wish.what)
    if wish.tool in ADDRESSES:
        return urls.denies(what, wish.what)
    if wish.is_on_files:
        return any(paths.loosely(what, one) for one in _names(wish.what, project))
    return what.casefold() in wish.what.casefold()


def _permits(rule: Rule, wish: Wish, project: Path) -> bool:
    if rule.what is None:
        return not wish.is_guarded
    if wish.tool in ADDRESSES:
        return urls.allows(rule.what, wish.what)
    if not wish.is_on_files:
        return rule.what == wish.what
    path = _beneath(wish.what, project)
    if not (path.startswith("/") or protected.is_inside(path)):
        return False
    fits = paths.matches(rule.what, path)
    return fits and (not wish.is_guarded or protected.is_named(path, rule.what))


def _beneath(path: str, project: Path | str) -> str:
    """Name a path as rules do: beneath the project where it is, else as it is."""
    plain = os.path.normpath(path)
    beneath = os.path.relpath(plain, project) if os.path.isabs(plain) else plain  # noqa: PTH117
    return plain if beneath.split("/")[0] == ".." else beneath


def _names(path: str, project: Path) -> set[str]:
    """Give all names of a file: as typed, and where its links lead in the person's own tree."""
    # What no file can be called is still judged; the system would refuse to look for it.
    plain = path.replace("\0", "").encode("utf-8", "replace").decode()
    real = os.path.realpath(project / plain)
    return {path, _beneath(path, project), _beneath(real, os.path.realpath(project))}
