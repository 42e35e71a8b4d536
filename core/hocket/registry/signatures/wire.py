"""Reads and writes what ssh puts on the wire: strings after their length, 32 bits, big-endian."""

from __future__ import annotations

from hocket.registry.forms.names import Unfit

_LENGTH = 4


class Wire:
    """Bytes that are read from the front; what is too short raises Unfit."""

    def __init__(self, raw: bytes) -> None:
        self._left = raw

    def take(self, count: int) -> bytes:
        """Read that many bytes."""
        if count > len(self._left):
            raise Unfit("ends too early")
        found, self._left = self._left[:count], self._left[count:]
        return found

    def number(self) -> int:
        """Read a number."""
        return int.from_bytes(self.take(_LENGTH), "big")

    def string(self) -> bytes:
        """Read a string."""
        return self.take(self.number())

    def word(self) -> str:
        """Read a string of ASCII."""
        try:
            return self.string().decode("ascii")
        except UnicodeDecodeError as cause:
            raise Unfit("has a word that is not ASCII") from cause

    def end(self) -> None:
        """Raise Unfit if there is more."""
        if self._left:
            raise Unfit("goes on after its end")


def string(raw: bytes) -> bytes:
    """Write a string."""
    return len(raw).to_bytes(_LENGTH, "big") + raw
