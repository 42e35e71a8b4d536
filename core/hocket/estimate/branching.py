"""The branch of a dry run is nowhere: most patches fit, and every check passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from hocket.api.branches import Examined, Hunk, Put
from hocket.estimate.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFLICTS = 0.05
"""The share of patches that do not fit."""
_BASE = "0" * 40


class Nowhere:
    """A branch on which patches that nobody made become commits that nobody keeps."""

    obstacle: str | None = None
    name = "hocket/estimate"
    base = _BASE

    def __init__(self) -> None:
        self.head = _BASE
        self._commits = 0

    async def __aenter__(self) -> Self:
        """Begin at the base."""
        return self

    async def __aexit__(self, *ended: object) -> None:
        """Nothing is left."""

    async def files(self, patch: str) -> tuple[str, ...]:
        """Let every patch touch a file of its own."""
        return (patch,)

    async def put(self, patch: str) -> Put:
        """Draw whether a patch fits."""
        if Chance(0, patch).unit() < CONFLICTS:
            return Put(clean=False, changed=False, hunks=(Hunk(patch, ""),))
        return Put(clean=True)

    async def commit(self, messages: Sequence[str]) -> tuple[str, ...]:
        """Make a commit of each patch."""
        first = self._commits + 1
        self._commits += len(messages)
        made = tuple(f"{number:040x}" for number in range(first, self._commits + 1))
        self.head = made[-1] if made else self.head
        return made

    async def undo(self) -> None:
        """Take out what is not committed: there is nothing."""

    async def back_to(self, commit: str) -> None:
        """Go to a commit."""
        self.head = commit

    async def check(self, name: str) -> Examined:  # noqa: ARG002
        """Pass: commands do not run before a run."""
        return Examined(passed=True)
