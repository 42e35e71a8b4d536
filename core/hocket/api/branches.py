"""A branch of a run's own, on which patches become commits; a person's branches stay untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place where a patch does not fit: both sides as git marks them, or what was to go in."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a patch: it is in the branch's tree, or nothing of it is."""

    clean: bool
    changed: bool = True
    """False: there is nothing to commit, since it is empty or in already, or did not fit."""
    hunks: tuple[Hunk, ...] = ()
    cause: str | None = None
    """Why it can go in nowhere, such as that the run does not keep it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """How a check of a branch's tree ended."""

    passed: bool
    output: str = ""
    refusal: str | None = None
    """Why it may not run here, if so: no agent can mend that."""


class Branch(Protocol):
    """A worktree and a new branch in it; at the end of the block the branch is all that is left.

    A block that is left by an exception, or whose process dies, leaves not even that. A method
    raises HocketError when git fails.
    """

    @property
    def obstacle(self) -> str | None:
        """Why there can be none, as when there is no repository; then only `name` can be asked."""
        ...

    @property
    def name(self) -> str:
        """The branch, `hocket/<run>/…`; empty where there is none."""
        ...

    @property
    def base(self) -> str:
        """The commit it begins at."""
        ...

    @property
    def head(self) -> str:
        """The commit it is at: isolated calls can start from there."""
        ...

    async def files(self, patch: str, /) -> tuple[str, ...]:
        """List the files that a patch, named by its digest, touches."""
        ...

    async def put(self, patch: str, /) -> Put:
        """Apply a patch three-way, on top of those that are not committed yet."""
        ...

    async def commit(self, messages: Sequence[str], /) -> tuple[str, ...]:
        """Make every patch that was put since the last commit, and changed something, a commit."""
        ...

    async def undo(self) -> None:
        """Take out what is not committed."""
        ...

    async def back_to(self, commit: str, /) -> None:
        """Go to a commit that was made here, or to the base; from there also forward again."""
        ...

    async def check(self, name: str, /) -> Examined:
        """Run a command of `meta.checks` in the tree as it is; what it writes there is undone."""
        ...
