"""Who runs on this machine: enough to tell a process from another that got its number."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_STATE, _START = 0, 19
"""Places in /proc/PID/stat behind the program's name, which may hold blanks and brackets."""


def boot() -> str:
    """Name this start of this machine; empty where nobody says."""
    return _read("/proc/sys/kernel/random/boot_id").strip()


def start_of(pid: int) -> str:
    """Say when a process started, in the kernel's own count; empty for none, or unknown."""
    return _stat(pid, _START)


def is_stopped(pid: int) -> bool:
    """Say whether a process is stopped, by a signal or a debugger."""
    return _stat(pid, _STATE) in {"T", "t"}


def is_alive(pid: int) -> bool:
    """Say whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def may_lock(pid: int, inode: int) -> bool:
    """Say whether a process may be the one that locks a file; False when the kernel denies it."""
    lines = (line.split() for line in _read("/proc/locks").splitlines())
    owners = {line[-4] for line in lines if "FLOCK" in line and line[-3].endswith(f":{inode}")}
    return not owners or str(pid) in owners


def _stat(pid: int, place: int) -> str:
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[place] if len(fields) > place else ""


def _read(path: str) -> str:
    with suppress(OSError):
        return Path(path).read_text("utf-8", "replace")
    return ""
