"""How many slips of the hand lie between two names."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise


def distance(one: str, other: str) -> int:
    """Count letters put in, left out, replaced or swapped with their neighbour.

    This is optimal string alignment: no letter is touched twice. It differs from the unrestricted
    distance only where something stands between two swapped letters, which nobody overlooks.
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, (previous, letter) in enumerate(pairwise(f"\0{one}"), 1):
        here = [row]
        for column, (left, wanted) in enumerate(pairwise(f"\0{other}"), 1):
            here.append(
                min(here[-1] + 1, above[column] + 1, above[column - 1] + (letter != wanted))
            )
            if row > 1 and column > 1 and (letter, previous) == (left, wanted):
                here[-1] = min(here[-1], before[column - 2] + 1)
        before, above = above, here
    return above[-1]


def is_within(most: int, one: str, other: str) -> bool:
    """Say whether two names are that near; what cannot be is seen without comparing."""
    if abs(len(one) - len(other)) > most:
        return False
    letters, others = Counter(one), Counter(other)
    apart = max((letters - others).total(), (others - letters).total())
    return apart <= most and distance(one, other) <= most
