"""The repository that a project lies in, asked once and from then on named by us."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from hocket.errors import HocketError
from hocket.workspaces.git import Git, failed, surroundings
from hocket.workspaces.processes import finish

_ASKED = ("--absolute-git-dir", "--git-common-dir", "--show-toplevel", "--show-prefix")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a project's history is, and where in its tree the project lies."""

    git: Git
    """On the invoking tree, which may itself be a worktree of the person's."""
    common: Path
    top: Path
    prefix: str
    """The project beneath the top, empty or with a `/` at its end."""

    @classmethod
    async def of(cls, project: Path, program: str) -> Repository | None:
        """Find the repository; None outside of one; raises HocketError for a broken one."""
        asked = [program, "rev-parse", *_ASKED]
        environment = surroundings([("core.fsmonitor", "false"), ("core.hooksPath", os.devnull)])
        # The person's own word on whose repositories to trust (`safe.directory`) counts here;
        # this command runs nothing that a setting names.
        del environment["GIT_CONFIG_GLOBAL"], environment["GIT_CONFIG_NOSYSTEM"]
        ended = await finish(asked, environment, project)
        if ended.code != 0:
            if b"not a git repository" in ended.err:
                return None
            raise failed("rev-parse", ended)
        found = cls._read(os.fsdecode(ended.out), project, program)
        return None if await found.ignores_project() else found

    @classmethod
    def _read(cls, said: str, project: Path, program: str) -> Repository:
        git_dir, common, top, prefix = said.split("\n", 3)
        git = Git(program, Path(git_dir), Path(top))
        common = os.path.realpath(project / common)
        return cls(git, Path(common), Path(top), prefix.removesuffix("\n"))

    async def head(self) -> str:
        """Give the commit of the invoking tree; raises HocketError when there is none yet."""
        ended = await self.git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if ended.code != 0:
            raise HocketError(
                "isolation",
                found="the repository has no commit yet",
                expected="one for the worktree to start from",
                hint='Commit something first, or take the tree as it is: base="tree".',
            )
        return os.fsdecode(ended.out.strip())

    async def ignores_project(self) -> bool:
        """Say whether the repository only lies around the project and wants nothing of it."""
        if not self.prefix:
            return False
        ended = await self.git.ask("check-ignore", "--quiet", "--", self.prefix)
        return ended.code == 0
