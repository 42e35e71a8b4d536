"""ripgrep as a quick eye: it names files, and what it names is looked at again, confined."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.files.confinement import Confinement, Place
    from hocket_plugins.tools.files.regex import Regex

_ALIKE = (
    *("--no-config", "--no-messages", "--null", "--hidden", "--glob=!.git", "--no-require-git"),
    *("--no-ignore-dot", "--no-ignore-exclude", "--no-ignore-global", "--no-ignore-parent"),
)
"""Makes it pass over the same files as our own walk."""
_MOST = 64 * 1024 * 1024
_NOTHING_FOUND = 1


def program(context: ToolContext, ground: Confinement) -> str | None:
    """Find ripgrep on the call's path; one inside the workspace is not ours to run."""
    found = shutil.which("rg", path=context.environment.get("PATH", os.defpath))
    return found if found and not ground.holds(found) else None


async def names(rg: str, ground: Confinement, top: Place, wanted: Regex | None) -> list[str] | None:
    """Name the files beneath a folder in which a pattern occurs, sorted as a walk sorts them.

    Gives None when ripgrep cannot say. Cancelling ends it.
    """
    what = ("--files",) if wanted is None else ("-l", "-a", "--crlf", "-e", wanted.pattern)
    with ground.folder(top) as fd:
        process = await asyncio.create_subprocess_exec(
            *(rg, *_ALIKE, *what, "./"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=f"/proc/self/fd/{fd}",
            env={},
        )
    try:
        listed = await _listed(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode not in {0, _NOTHING_FOUND} and not listed:
        return None
    return sorted(map(os.fsdecode, listed), key=_as_walked)


async def _listed(process: asyncio.subprocess.Process) -> list[bytes]:
    raw = bytearray()
    if process.stdout:
        while len(raw) < _MOST and (chunk := await process.stdout.read(65536)):
            raw += chunk
    return [name.removeprefix(b"./") for name in bytes(raw).split(b"\0")[:-1]]


def _as_walked(name: str) -> list[tuple[bool, str]]:
    *folders, file = name.split("/")
    return [*((True, folder) for folder in folders), (False, file)]
