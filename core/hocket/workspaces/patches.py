"""What a call changed, as a patch that provably gives the same tree; and putting one in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.workspaces.git import SETTINGS, failed, surroundings
from hocket.workspaces.processes import finish
from hocket.workspaces.staging import tree_of

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.workspaces.git import Git
    from hocket.workspaces.processes import Ended
    from hocket.workspaces.repository import Repository

_PLAIN = ("--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
_WHOLE = ("-p", "--binary", "--full-index", "--no-color", "--src-prefix=a/", "--dst-prefix=b/")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a call did to its own tree."""

    patch: str
    """The digest under which the patch is kept with the run."""
    branch: str | None
    """Where the changes are one commit; None for a copy, which has no history."""
    base: str | None
    """The commit they start from."""
    files: int
    insertions: int
    deletions: int


async def patch_of(git: Git, base: str, tree: str) -> bytes:
    """Write the way from one tree to another as a patch."""
    return await git.run("diff-tree", "-r", *_WHOLE, *_PLAIN, base, tree)


async def count(git: Git, base: str, tree: str) -> tuple[int, int, int]:
    """Count files, inserted and deleted lines; a binary file has no lines."""
    listed = await git.run("diff-tree", "-r", "--numstat", *_PLAIN, "-z", base, tree)
    rows = [row.split(b"\t") for row in listed.split(b"\0") if row]
    lines = [(int(row[0]), int(row[1])) for row in rows if row[0] != b"-"]
    return len(rows), sum(one[0] for one in lines), sum(one[1] for one in lines)


async def prove(git: Git, base: str, tree: str, patch: bytes) -> None:
    """Apply the patch to the base in the scratch index of `git`; raises when that differs."""
    await git.run("read-tree", base)
    await git.run("apply", "--cached", "--binary", "-", given=patch)
    if (given := await tree_of(git)) != tree:
        raise HocketError(
            "workspace",
            found=f"its patch gives the tree {given[:12]}",
            expected=f"{tree[:12]}, as the agent left it",
            hint=f"Nothing was deleted: the agent's tree is {git.tree}",
        )


async def put_in(repository: Repository, patch: bytes) -> None:
    """Apply a patch to the person's tree and index; raises HocketError naming the conflicts."""
    git = await repository.git.hardened()
    # git compares times first; a tree that was only touched is not in the way.
    await git.ask("update-index", "-q", "--refresh")
    ended = await git.ask("apply", "--3way", "--index", "--binary", "-", given=patch)
    if ended.code == 0:
        return
    listed = (await git.run("ls-files", "--unmerged", "-z")).split(b"\0")
    names = sorted({os.fsdecode(row.partition(b"\t")[2]) for row in listed if row})
    if not names:
        raise _refused(ended)
    raise HocketError(
        "apply",
        found=f"it conflicts in {', '.join(names)}",
        expected="a patch that fits",
        hint="The conflicts are marked in these files: solve them and `git add` the files.",
    )


async def put_in_plain(program: str, project: Path, patch: bytes) -> None:
    """Apply a patch where there is no repository: as a whole, or not at all."""
    ended = await _plainly(program, project, patch)
    if ended.code != 0:
        raise _refused(ended)


async def goes_plain(program: str, project: Path, patch: bytes, *how: str) -> bool:
    """Say whether a patch would go in where there is no repository."""
    return (await _plainly(program, project, patch, "--check", *how)).code == 0


async def _plainly(program: str, project: Path, patch: bytes, *how: str) -> Ended:
    environment = surroundings(SETTINGS.items())
    environment["GIT_CEILING_DIRECTORIES"] = _real(project.parent)
    return await finish([program, "apply", *how, "--binary", "-"], environment, project, patch)


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _refused(ended: Ended) -> HocketError:
    cause = failed("apply", ended)
    return HocketError(
        cause.who, found=cause.found, expected="a patch that fits", hint="Nothing was changed."
    )
