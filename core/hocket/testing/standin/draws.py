"""Chance that belongs to one reply: the same cuts in every run of the same seed."""

from __future__ import annotations

_MASK = (1 << 64) - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Draws:
    """A stream of numbers (splitmix64), cheap to make for every reply."""

    __slots__ = ("_state",)

    def __init__(self, seed: int, number: int) -> None:
        self._state = (seed * _FIRST + number * _SECOND) & _MASK

    def below(self, count: int) -> int:
        """Draw a whole number from 0 on."""
        self._state = state = (self._state + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * _FIRST) & _MASK
        state = ((state ^ (state >> 27)) * _SECOND) & _MASK
        return (state ^ (state >> 31)) % count

    def split(self, text: str, longest: int) -> list[str]:
        """Cut a text anywhere between its characters, into pieces of at most `longest`."""
        pieces: list[str] = []
        start = 0
        while start < len(text):
            end = start + 1 + self.below(longest)
            pieces.append(text[start:end])
            start = end
        return pieces
