"""What is wrong with a tree: every breach with its path, and the error that stops a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocket.errors import PackageRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_OF_A_PATH = 300


class Breach(NamedTuple):
    """One rule of trees that one path breaks; no path where it is the whole."""

    path: str
    what: str

    def __str__(self) -> str:
        """Say it to a person: nothing in the path can steer the terminal."""
        if not self.path:
            return self.what
        cut = "\u2026" if len(self.path) > _MOST_OF_A_PATH else ""
        return f"{self.path[:_MOST_OF_A_PATH]!r}{cut}: {self.what}"


class TreeRefused(PackageRefused):
    """A tree breaks the rules; `breaches` has all of it."""

    def __init__(self, who: str, breaches: Sequence[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__(who, [str(breach) for breach in self.breaches], "tree")
