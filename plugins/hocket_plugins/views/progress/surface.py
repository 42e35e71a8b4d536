"""What a view draws on: a terminal, a pipe or a file, and how it may be used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

_FALLBACK = (80, 24)


@dataclass(frozen=True, slots=True)
class Surface:
    """A stream, and whether it can be drawn on live and in colour."""

    stream: TextIO | None
    live: bool = False
    colour: bool = False

    @classmethod
    def of(cls, stream: TextIO | None, env: Mapping[str, str]) -> Surface:
        """See what a stream can do; `NO_COLOR` and a terminal that is dumb are obeyed."""
        terminal = _is_terminal(stream) and env.get("TERM") != "dumb"
        return cls(stream, live=terminal, colour=terminal and not env.get("NO_COLOR"))

    def size(self) -> tuple[int, int]:
        """Give columns and rows as they are now."""
        number = self._descriptor()
        try:
            size = os.get_terminal_size(-1 if number is None else number)
        except OSError:
            return _FALLBACK
        return size.columns or _FALLBACK[0], size.lines or _FALLBACK[1]

    def write(self, text: str) -> None:
        """Write all of a text, past the stream's buffer where there is a descriptor.

        A thread that hangs in a buffered write holds its lock, and Python aborts on it at exit.
        Raises OSError or ValueError when the surface is gone.
        """
        number = self._descriptor()
        if self.stream is not None and number is None:
            self.stream.write(text)
            self.stream.flush()
        elif self.stream is not None and number is not None:
            left = memoryview(text.encode(self.stream.encoding or "utf-8", "backslashreplace"))
            while left:
                left = left[os.write(number, left) :]

    def _descriptor(self) -> int | None:
        try:
            return None if self.stream is None else self.stream.fileno()
        except (OSError, ValueError):
            return None


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
