"""A streamed reply as bytes: its events in order, and the borders of its HTTP chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.testing.standin.draws import Draws

_PIECE = 400
_INSIDE = re.compile(rb"[\x80-\xbf]")
"""A byte that goes on with a character; a cut before it is within that character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The events of a reply, each as bytes; the last three are for faults and long waits."""

    opening: list[bytes]
    middle: list[bytes]
    closing: list[bytes]
    """Without these the reply has no end."""
    ping: bytes
    odd: bytes
    """An event and a block of kinds nobody knows yet, after all other blocks."""
    error: bytes
    """What a server says that fails after status 200."""


def cut(data: bytes, draws: Draws) -> list[bytes]:
    """Cut bytes anywhere; one cut is within a character of several bytes, if there is one."""
    if not data:
        return []
    places = {1 + draws.below(len(data)) for _ in range(len(data) // _PIECE + 1)}
    if not data.isascii():
        inside = _INSIDE.search(data, draws.below(len(data))) or _INSIDE.search(data)
        places |= {inside.start()} if inside else set()
    borders = [0, *sorted(places - {0, len(data)}), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]
