"""Bubblewrap: a command sees the system, its workspace, and nothing else of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from hocket_plugins.tools.shell.supervisor import OPTIONS_FD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALONE = ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
_SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ssl", "/etc/alternatives")
_NAMES = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf")
"""What is needed to find other machines."""
_TRY = "--ro-bind-try"
_ROOT = Path("/")
_PROBE_S = 10
_PROBING = Lock()


def program(name: str, environment: Mapping[str, str], *, not_in: str) -> str | None:
    """Find a program on a path; one inside the workspace is not ours to run."""
    found = shutil.which(name, path=environment.get("PATH") or os.defpath)
    if found is None:
        return None
    return None if Path(found).resolve().is_relative_to(not_in) else str(Path(found).absolute())


def probe(bubblewrap: str | None, bash: str) -> str:
    """Say why there is no sandbox, or nothing when there is one; tried once per process."""
    with _PROBING:
        return _probed(bubblewrap, bash)


@cache
def _probed(bubblewrap: str | None, bash: str) -> str:
    if bubblewrap is None:
        return "bubblewrap (bwrap) is not installed"
    command = [bubblewrap, *machine(network=False), "--", bash, "--norc", "-c", ":"]
    try:
        tried = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        return f"bubblewrap does not start: {type(cause).__name__}"
    said = tried.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"bubblewrap fails: {said[-1] if said else tried.returncode}" if tried.returncode else ""


def machine(*, network: bool) -> list[str]:
    """Give the options for what every command sees of the machine."""
    shared = ["--share-net", *_each(_TRY, _NAMES)] if network else []
    return [
        *_ALONE,
        *shared,
        *(part for path in _SYSTEM for part in _system(path)),
        *_each(_TRY, _SETTINGS),
        *("--proc", "/proc", "--dev", "/dev"),
    ]


def private(environment: Mapping[str, str]) -> list[str]:
    """Give the options for empty folders in the place of home and of temporary files."""
    wanted = {"/tmp", environment.get("TMPDIR", ""), environment.get("HOME", "")}  # noqa: S108
    folders = {path for path in wanted if Path(path).is_absolute() and Path(path) != _ROOT}
    return [part for path in sorted(folders) for part in ("--tmpfs", path)]


def variables(environment: Mapping[str, str]) -> list[str]:
    """Give the options that make up the whole environment."""
    return [part for name, value in environment.items() for part in ("--setenv", name, value)]


def wrapped(bubblewrap: str, command: Iterable[str]) -> tuple[str, ...]:
    """Put a command behind bubblewrap, which reads its options from a descriptor."""
    return (bubblewrap, "--args", str(OPTIONS_FD), "--", *command)


def read_only(paths: Iterable[str]) -> list[str]:
    """Give the options that show paths where they are, to be read."""
    return _each("--ro-bind", paths)


def writable(paths: Iterable[str]) -> list[str]:
    """Give the options that show paths where they are, to be written."""
    return _each("--bind", paths)


def empty(folders: Iterable[str]) -> list[str]:
    """Give the options that show folders empty."""
    return [part for path in folders for part in ("--tmpfs", path)]


def closed(folders: Iterable[str]) -> list[str]:
    """Give the options that keep such folders as they are."""
    return [part for path in folders for part in ("--remount-ro", path)]


def _each(option: str, paths: Iterable[str]) -> list[str]:
    return [part for path in paths for part in (option, path, path)]


def _system(path: str) -> list[str]:
    # On most systems these are links into /usr by now.
    link = Path(path)
    return ["--symlink", str(link.readlink()), path] if link.is_symlink() else _each(_TRY, [path])
