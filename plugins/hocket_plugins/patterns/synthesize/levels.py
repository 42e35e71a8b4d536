"""Which parts go into one prompt, and how many levels that makes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

ROOM = 300_000
"""Characters of all parts in one prompt: about half of the window of today's smaller models."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part, or what was made of several."""

    text: str
    parts: int = 1
    """How many parts it stands for."""
    part: JsonValue = None
    """The part itself, for who answers without reading prose; None for what was made of several."""

    @property
    def item(self) -> JsonValue:
        """What the call is about."""
        return self.text if self.part is None else self.part


def parted(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Cut a row of parts into groups of at most `width`, and of as many as there is room for."""
    groups: list[list[Piece]] = []
    room = 0
    for piece in pieces:
        if not groups or len(groups[-1]) == width or len(piece.text) > room:
            groups.append([])
            room = ROOM
        groups[-1].append(piece)
        room -= len(piece.text)
    return groups


def joined(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Group what agents wrote, by number alone: so the number of levels is known beforehand."""
    return [[*pieces[at : at + width]] for at in range(0, len(pieces), width)]


def fitted(group: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Cut what is too long for its share of the room; gives how many were cut."""
    if sum(len(piece.text) for piece in group) <= ROOM:
        return [*group], 0
    share = ROOM // len(group)
    fits = [replace(piece, text=piece.text[:share]) for piece in group]
    return fits, sum(len(piece.text) > share for piece in group)


def planned(count: int, width: int) -> int:
    """Count the calls of all levels, if the first has so many."""
    return count if count <= 1 else count + planned(math.ceil(count / width), width)
