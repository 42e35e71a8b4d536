"""Finds the last record of a call by key and occurrence, in at most 250 bytes per call."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hocket.api.calls import COMMITTED, EndState

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = (None, *EndState)
"""None: started and not ended, or ended in a state this version does not know."""
_CODES = {state: code for code, state in enumerate(_STATES)}
_NUMBER, _LENGTH, _RECORD = 32, 32, 32
_HEX = 64


class Position(NamedTuple):
    """Where a record lies: its number, the bytes of its whole line, and its call's number."""

    record: int
    offset: int
    length: int
    number: int = 0


class Index:
    """The last record of every call; an entry is a packed key and one packed integer."""

    def __init__(self) -> None:
        self._entries: dict[bytes, int] = {}

    def put(
        self, key: str, occurrence: int, position: Position, state: EndState | None, *, agent: bool
    ) -> None:
        """Take a record as the call's last."""
        packed = position.offset << _RECORD | position.record
        packed = packed << _LENGTH | position.length
        packed = packed << _NUMBER | position.number
        self._entries[_pack(key, occurrence)] = packed << 5 | _CODES[state] << 1 | agent

    def get(self, key: str, occurrence: int) -> tuple[Position, EndState | None] | None:
        """Give the call's last record and the state it ended in."""
        entry = self._entries.get(_pack(key, occurrence))
        return None if entry is None else (_position(entry >> 5), _state(entry))

    def forget(self, key: str, occurrence: int) -> None:
        """Let the call count as unfinished; its number stays."""
        packed = _pack(key, occurrence)
        if packed in self._entries:
            self._entries[packed] &= ~0b11110

    def census(self) -> Counter[EndState]:
        """Count the agent calls that ended by their state."""
        return Counter(state for state, agent in self._states() if agent and state is not None)

    def committed(self) -> int:
        """Count the agent calls that need not run again."""
        return sum(1 for state, agent in self._states() if agent and state in COMMITTED)

    def _states(self) -> Iterator[tuple[EndState | None, bool]]:
        return ((_state(entry), bool(entry & 1)) for entry in self._entries.values())


def _state(entry: int) -> EndState | None:
    state: EndState | None = _STATES[entry >> 1 & 0b1111]
    return state


def _position(packed: int) -> Position:
    number, packed = packed & (1 << _NUMBER) - 1, packed >> _NUMBER
    length, packed = packed & (1 << _LENGTH) - 1, packed >> _LENGTH
    record, offset = packed & (1 << _RECORD) - 1, packed >> _RECORD
    return Position(record, offset, length, number)


def _pack(key: str, occurrence: int) -> bytes:
    """Pack a digest into half its size; whatever else a key may be stays as it is."""
    try:
        packed = bytes.fromhex(key) if len(key) == _HEX else b"=" + key.encode()
    except ValueError:
        packed = b"=" + key.encode("utf-8", "surrogatepass")
    return packed + b"+%d" % occurrence if occurrence else packed
