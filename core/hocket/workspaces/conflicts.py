"""Why a patch does not fit: the places, in the words of git's marks, few and short."""

from __future__ import annotations

import asyncio
import os
import re
from typing import TYPE_CHECKING

from hocket.api.branches import Hunk

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.workspaces.git import Git
    from hocket.workspaces.processes import Ended

_MOST = 20
_MOST_CHARACTERS = 2_000
_MOST_BYTES = 4 << 20
_MARKED = re.compile(r"^<{7} .*?^>{7} [^\n]*", re.MULTILINE | re.DOTALL)
_FILE = re.compile(rb"^(?=diff --git )", re.MULTILINE)
_NO_MARKS = "Both sides changed it, and git cannot show how: it is binary, or one side deleted it."


async def touched(git: Git, patch: bytes) -> tuple[str, ...]:
    """List the files of a patch, in its order."""
    listed = await git.run("apply", "--numstat", "-z", "-", given=patch)
    return tuple(os.fsdecode(row.split(b"\t", 2)[2]) for row in listed.split(b"\0") if row)


async def conflicts(git: Git, tree: Path, patch: bytes, ended: Ended) -> tuple[Hunk, ...]:
    """Give the places where a patch did not go in, while git's marks are still in the tree."""
    listed = (await git.run("ls-files", "--unmerged", "-z")).split(b"\0")
    names = sorted({os.fsdecode(row.partition(b"\t")[2]) for row in listed if row})
    if not names:
        return await _refused(git, patch, ended)
    found = await asyncio.to_thread(lambda: [one for name in names for one in _marked(tree, name)])
    return tuple(found[:_MOST])


async def _refused(git: Git, patch: bytes, ended: Ended) -> tuple[Hunk, ...]:
    """Git had no version to merge with: show what was to go into the files that it names."""
    parts = dict(zip(await touched(git, patch), _FILE.split(patch)[1:], strict=False))
    said = os.fsdecode(ended.err)
    named = [name for name in parts if f" {name}:" in said] or [*parts]
    return tuple(Hunk(name, _short(parts[name].decode("utf-8", "replace"))) for name in named)[
        :_MOST
    ]


def _marked(tree: Path, name: str) -> list[Hunk]:
    path = tree / name
    is_ours = path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_BYTES
    text = path.read_text("utf-8", "replace") if is_ours else ""
    places = [Hunk(name, _short(found.group())) for found in _MARKED.finditer(text)]
    return places or [Hunk(name, _NO_MARKS)]


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}\n…"
