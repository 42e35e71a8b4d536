"""What an agent read of each file, so that it never overwrites what it has not seen."""

from __future__ import annotations

import os
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from io import BufferedReader

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.files.confinement import Place

_KEY = "files.seen"


class Seen:
    """The state in which an agent knows its files; it lasts as long as the call."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._known: dict[str, str] = {}

    @staticmethod
    def of(context: ToolContext, largest: int) -> Seen:
        """Give what the call remembers, from its first use on."""
        seen = context.memory.setdefault(_KEY, Seen(largest))
        if not isinstance(seen, Seen):
            raise TypeError(f"memory[{_KEY!r}] is a {type(seen).__name__}")
        return seen

    def knows(self, place: Place) -> bool:
        """Say whether the agent has read or written the file."""
        return place.real in self._known

    def note(self, place: Place, file: BufferedReader) -> None:
        """Remember the file as it is now."""
        self._known[place.real] = self._print(file)

    def wrote(self, place: Place, content: bytes, state: os.stat_result) -> None:
        """Remember the file as the agent has just made it."""
        large = len(content) > self._largest
        self._known[place.real] = _state(state) if large else sha256(content).hexdigest()

    def check(self, place: Place, file: BufferedReader) -> None:
        """Raise Trouble when the file is not what the agent knows; unknown files pass."""
        known = self._known.get(place.real)
        if known is not None and known != self._print(file):
            raise Trouble(f"{place.name}: it changed since you read it; read it again")

    def _print(self, file: BufferedReader) -> str:
        state = os.fstat(file.fileno())
        if state.st_size > self._largest:
            return _state(state)
        file.seek(0)
        made = file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return made


def _state(state: os.stat_result) -> str:
    return f"{state.st_ino}:{state.st_size}:{state.st_mtime_ns}"
