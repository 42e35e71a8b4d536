"""Invariants of the whole tree: which one is broken, and by whom first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket_plugins.patterns.integrate.landing import examine
from hocket_plugins.patterns.integrate.units import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.branches import Branch
    from hocket_plugins.patterns.integrate.book import Book, Landed

PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class Breach:
    """The first commit with which an invariant fails, and where the branch was before it."""

    name: str
    by: Landed
    before: str
    output: str

    @property
    def reason(self) -> Reason:
        """Say it as a reason to go round again."""
        return Reason(f"invariant: {self.name}", output=self.output)


class Inquest:
    """Runs invariants, and looks for whoever broke one."""

    def __init__(self, branch: Branch, names: Sequence[str], book: Book) -> None:
        self._branch = branch
        self._names = names
        self._book = book

    async def broken(self) -> tuple[str, str] | None:
        """Run them in order; gives the first that fails, and what it said."""
        for name in self._names:
            examined = await examine(self._branch, name)
            self._book.invariants[name] = PASS if examined.passed else FAIL
            if not examined.passed:
                return name, examined.output
        return None

    async def breach(self) -> Breach | None:
        """Find the first bad commit, by bisection: the base holds and the head does not."""
        found = await self.broken()
        commits = self._book.commits
        if found is None or not commits:
            return None
        try:
            return await self._first(*found, commits)
        except HocketError:
            await self._branch.back_to(str(commits[-1].commit))
            raise

    async def _first(self, name: str, output: str, commits: Sequence[Landed]) -> Breach:
        good, bad = -1, len(commits) - 1
        while bad - good > 1:
            middle = (good + bad) // 2
            await self._branch.back_to(str(commits[middle].commit))
            examined = await examine(self._branch, name)
            if examined.passed:
                good = middle
            else:
                bad, output = middle, examined.output
        before = str(commits[good].commit) if good >= 0 else self._branch.base
        return Breach(name, commits[bad], before, output)
