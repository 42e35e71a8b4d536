"""What git says of a project, asked so that nothing in the repository makes it run a program."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hocket.errors import HocketError
from hocket.workspaces.git import program
from hocket.workspaces.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from hocket.workspaces.processes import Ended

    Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Tracked:
    """A project in its repository."""

    repository: Repository

    @classmethod
    def of(cls, root: Path) -> Tracked | None:
        """Find it; None where there is no git, or no repository that wants the project."""
        try:
            found = waited(Repository.of(root, program()))
        except HocketError:
            return None
        return None if found is None else cls(found)

    def ask(self, *arguments: str) -> Ended:
        """Run a git command that only reads."""
        return waited(self._asked(arguments))

    def names(self, *, untracked_only: bool = False) -> list[str]:
        """List the files of the project, from its root on, without what git ignores."""
        which = ("--others",) if untracked_only else ("--cached", "--others", "--deduplicate")
        prefix = self.repository.prefix
        told = ("--", f":(top,literal){prefix}") if prefix else ()
        ended = self.ask("ls-files", "-z", *which, "--exclude-standard", *told)
        names = [os.fsdecode(name) for name in ended.out.split(b"\0") if name]
        return sorted(name.removeprefix(prefix) for name in names)

    async def _asked(self, arguments: tuple[str, ...]) -> Ended:
        git = await self.repository.git.hardened()
        return await git.ask(*arguments)


def waited(work: Coroutine[object, object, Answer]) -> Answer:
    """Wait for git, inside of a loop or outside of one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
