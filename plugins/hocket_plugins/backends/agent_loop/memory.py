"""What a person and a trusted project tell every agent: AGENTS.md and CLAUDE.md.

Nothing gets in that is not, byte for byte, what a person agreed to; so the text is the same for
all siblings of a run, and for the life after a resume.
"""

from __future__ import annotations

import os
import posixpath
import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.settings import PluginSettings

OWN = "AGENTS.md"
PROJECT = ("AGENTS.md", "CLAUDE.md", ".claude/CLAUDE.md")
"""In this order; what says the same as one before it is left out."""
MOST_BYTES = 64 << 10
MOST_TRUSTED = 256 << 10
DEEPEST = 3
"""So many files may include one another."""

_INCLUDE = re.compile(r"^[ \t]*@(\S+\.md)[ \t]*$", re.MULTILINE)
_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


def texts(settings: PluginSettings) -> tuple[str, ...]:
    """Give the texts, each under a head that names its file: the person's, then the project's."""
    mine = _read(settings.data / OWN) if settings.data else None
    head = f"What the person you work for wants everywhere, from their own {OWN}:"
    told = [f"{head}\n\n{cut(decoded(mine))}"] if mine and mine.strip() else []
    return (*told, *Project(settings).texts())


class Project:
    """The trusted texts of a project; each is told once, wherever it is named first."""

    def __init__(self, settings: PluginSettings) -> None:
        self._folder, self._pins = settings.project, settings.trusted
        self._told: set[str] = set()

    def texts(self) -> list[str]:
        """Give the texts that are left when nothing is told twice."""
        whole = [(name, self._text(name, 0)) for name in PROJECT]
        return [
            f"What this project wants, from {name}:\n\n{cut(text)}"
            for name, text in whole
            if text is not None and text.strip()
        ]

    def _text(self, name: str, depth: int) -> str | None:
        """Read a file with all it includes; None for what is not trusted as it is now."""
        pin = self._pins.get(name)
        raw = None if pin is None else _read(self._folder / name)
        if pin is None or raw is None or sha256(raw).hexdigest() != pin:
            return None
        if pin in self._told:
            return ""
        self._told.add(pin)

        def included(line: re.Match[str]) -> str:
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), line[1]))
            text = self._text(other, depth + 1) if depth < DEEPEST else None
            return f"({line[1]} is not included.)" if text is None else text.strip("\n")

        return _INCLUDE.sub(included, decoded(raw))


def decoded(raw: bytes) -> str:
    """Read bytes as text; what is no text is marked, and line ends are all alike."""
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").strip("\n")


def cut(text: str) -> str:
    """Keep the beginning of what is too long, and say so."""
    raw = text.encode()
    if len(raw) <= MOST_BYTES:
        return text
    kept = raw[:MOST_BYTES].decode("utf-8", "ignore")
    return f"{kept}\n(Cut here: {len(raw) - len(kept.encode()):,} bytes more.)"


def _read(path: Path) -> bytes | None:
    """Read a file that is no longer than what can be trusted; None for anything else."""
    try:
        with os.fdopen(os.open(path, _SAFE), "rb") as file:
            raw = file.read(MOST_TRUSTED + 1)
    except OSError:
        return None
    return raw if len(raw) <= MOST_TRUSTED else None
