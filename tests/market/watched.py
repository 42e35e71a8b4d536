"""What a command does to the machine: the files it writes, the programs it starts, the sockets."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_open: list[list[tuple[str, str]]] = []


def _hook(event, given):
    if not _open:
        return
    if event == "open" and isinstance(given[2], int) and given[2] & WRITING:
        _note("write", given[0])
    elif event in {"subprocess.Popen", "os.posix_spawn", "os.exec"}:
        _note("start", given[0] if event != "subprocess.Popen" else given[1][0])
    elif event in {"os.rename", "os.symlink", "os.link", "os.mkdir", "os.remove", "os.rmdir"}:
        _note(event, given[1] if event in {"os.rename", "os.symlink", "os.link"} else given[0])
    elif event == "socket.connect":
        _note("connect", given[1])


sys.addaudithook(_hook)


def _note(what, where):
    text = os.fsdecode(where) if isinstance(where, (str, bytes, os.PathLike)) else str(where)
    for one in _open:
        one.append((what, text))


@contextmanager
def everything():
    """Write down what happens meanwhile, as pairs of what and where."""
    found: list[tuple[str, str]] = []
    _open.append(found)
    try:
        yield found
    finally:
        _open.remove(found)
