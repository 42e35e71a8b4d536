"""The text files below some roots: found, told apart by their state, and read."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MOST_FILES, MOST_BYTES = 5_000, 5_000_000
_SECRET = re.compile(r"\..*|.*\.(pem|p12|pfx|key|kdbx)|id_[a-z0-9]+", re.IGNORECASE)
"""Hidden files and such as hold keys are not read."""
_NO_PROSE = frozenset(
    (".py", ".pyi", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs",
     ".go", ".java", ".kt", ".rb", ".php", ".sh", ".sql", ".css", ".json", ".jsonl", ".ndjson",
     ".csv", ".tsv", ".xml", ".svg", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".lock", ".map",
     ".ipynb")
)  # fmt: skip
_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u27e6\u27e7]")


class State(NamedTuple):
    """A file, and by what a change of it shows."""

    path: str
    size: int
    changed: int


def states(roots: Iterable[Path]) -> tuple[State, ...]:
    """List the files that may be read, in order, each once."""
    found: dict[str, State] = {}
    for root in roots:
        for path in _walk(os.path.realpath(root)):
            if len(found) == MOST_FILES:
                return tuple(found.values())
            state = _state(path)
            if state is not None:
                found.setdefault(path, state)
    return tuple(found.values())


def body(path: str) -> str | None:
    """Read a text; None for what is none. Every way to end a line becomes one."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123  (it is open already)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        raw = file.read(MOST_BYTES)
    if b"\x00" in raw:
        return None
    text = raw.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown(path: str, project: Path) -> str:
    """Name a file as a person would: from the project on, or in full."""
    inner = os.path.relpath(path, os.path.realpath(project))
    name = path if inner.startswith(f"..{os.sep}") else inner
    text = os.fsencode(name).decode("utf-8", "backslashreplace").replace(os.sep, "/")
    return _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", text)


def _walk(root: str) -> Iterator[str]:
    if os.path.isfile(root):  # noqa: PTH113  (a path may be no text)
        yield root
        return
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(
            one for one in inner if one not in _FOLDERS and not _SECRET.fullmatch(one)
        )
        for name in sorted(names):
            if not _SECRET.fullmatch(name):
                yield os.path.join(folder, name)  # noqa: PTH118  (a path may be no text)


def _state(path: str) -> State | None:
    if os.path.splitext(path)[1].lower() in _NO_PROSE:  # noqa: PTH122  (a path may be no text)
        return None
    try:
        told = os.stat(path, follow_symlinks=False)  # noqa: PTH116  (a path may be no text)
    except OSError:
        return None
    if not stat.S_ISREG(told.st_mode) or told.st_size > MOST_BYTES:
        return None
    return State(path, told.st_size, told.st_mtime_ns)
