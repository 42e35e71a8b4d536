"""The places of a script that ask for agents, as far as its calls tell them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.estimate.kinds import Kind
    from hocket.estimate.tally import Asked, Draw

_STEADY = 0.8
"""A stem in so many of the draws belongs to the script; a rarer one names an item."""


@dataclass(frozen=True, slots=True)
class Site:
    """A phase, and the words that its calls' labels share."""

    phase: str
    label: str

    def __str__(self) -> str:
        """Name it for a person."""
        names = [self.phase, "" if self.label.lower() == self.phase.lower() else self.label]
        return ": ".join(filter(None, names)) or "the script"


class Sites:
    """Finds the site of each call; made of all draws, since one alone shows few labels."""

    def __init__(self, draws: Sequence[Draw]) -> None:
        seen: Counter[tuple[str, str]] = Counter()
        stems: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for draw in draws:
            seen.update({(asked.kind.phase, asked.kind.stem) for asked in draw.calls})
        self._steady = {key for key, count in seen.items() if count >= _STEADY * len(draws)}
        for asked in (asked for draw in draws for asked in draw.calls):
            kind = asked.kind
            if (kind.phase, kind.stem) not in self._steady:
                stems[kind.phase, kind.shape].add(kind.stem)
        self._shared = {key: _shared(some) for key, some in stems.items()}

    def of(self, kind: Kind) -> Site:
        """Give the site of a kind of calls."""
        if (kind.phase, kind.stem) in self._steady:
            return Site(kind.phase, kind.stem)
        return Site(kind.phase, self._shared.get((kind.phase, kind.shape), kind.stem))

    def parted(self, draw: Draw) -> dict[Site, list[Asked]]:
        """Part the calls of a draw by site, in the order of their first call."""
        parts: dict[Site, list[Asked]] = {}
        for asked in draw.calls:
            parts.setdefault(self.of(asked.kind), []).append(asked)
        return parts


def _shared(stems: Iterable[str]) -> str:
    words = [stem.split() for stem in stems]
    alike = takewhile(lambda same: len({*same}) == 1, zip(*words, strict=False))
    return " ".join(same[0] for same in alike)
