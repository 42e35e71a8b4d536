"""A streamed reply as bytes: its events in order, and the borders of its HTTP chunks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.testing.standin.draws import Draws

_PIECE = 400
_CONTINUES = 0b1100_0000, 0b1000_0000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The events of a reply, each as bytes; the last three are for faults and long waits."""

    opening: list[bytes]
    middle: list[bytes]
    closing: list[bytes]
    """Without these the reply has no end."""
    ping: bytes
    odd: bytes
    """Events of kinds nobody knows yet."""
    error: bytes
    """What a server says that fails after status 200."""

    def all(self) -> list[bytes]:
        """Give every event of an undisturbed reply."""
        return [*self.opening, *self.middle, *self.closing]


def cut(data: bytes, draws: Draws) -> list[bytes]:
    """Cut bytes anywhere; one cut is within a character of several bytes, if there is one."""
    places = {1 + draws.below(len(data)) for _ in range(len(data) // _PIECE + 1)}
    inside = [place for place, byte in enumerate(data) if byte & _CONTINUES[0] == _CONTINUES[1]]
    if inside and not data.isascii():
        places.add(inside[draws.below(len(inside))])
    borders = [0, *sorted(places - {len(data)}), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]
