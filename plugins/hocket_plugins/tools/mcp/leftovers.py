"""Finds processes by a variable they carry, wherever they went, and kills them."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

_PASSES = 20
"""Each finds what the last one's victims had started meanwhile."""


def reap(name: str, value: str) -> int:
    """Kill every process whose environment says `name=value`; gives how many there were."""
    mark = f"{name}={value}".encode("utf-8", "surrogateescape")
    killed: set[int] = set()
    for _ in range(_PASSES):
        found = [pid for pid in _others() if _carries(pid, mark)]
        if not found:
            break
        killed.update(pid for pid in found if _kill(pid, mark))
    return len(killed)


def _others() -> list[int]:
    with suppress(FileNotFoundError):
        mine = os.getpid()
        numbers = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal())
        return [pid for pid in numbers if pid != mine]
    return []


def _carries(pid: int, mark: bytes) -> bool:
    # Unreadable: another user's; empty: it has ended.
    with suppress(OSError):
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False


def _kill(pid: int, mark: bytes) -> bool:
    """Kill the process that carries the mark, and no other that got its number meanwhile."""
    try:
        fd = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if _carries(pid, mark):
            signal.pidfd_send_signal(fd, signal.SIGKILL)
            return True
    except ProcessLookupError:
        return False
    finally:
        os.close(fd)
    return False
