"""Which rounds are played: how many items take part, and whether buckets are shifted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket_plugins.patterns.rank.arguments import RankArguments

ROUNDS, FINALS = 3, 4


@dataclass(frozen=True, slots=True)
class Round:
    """One wave: the best `size` of the present ranking, cut into buckets of neighbours."""

    size: int
    group: int
    shifted: bool = False
    """Shifted by half a bucket, so that neighbouring buckets merge."""
    paired: bool = False
    """Every two instead of buckets."""

    def buckets(self, ranking: Sequence[int]) -> list[list[int]]:
        """Cut the ranking; no bucket is more than one item larger than another, the first aside."""
        there = [*ranking[: self.size]]
        if self.paired:
            return [[*pair] for pair in combinations(there, 2)]
        head = self.group // 2 if self.shifted else 0
        cut = [there[:head], *_dealt(there[head:], self.group)]
        return [bucket for bucket in cut if len(bucket) > 1]


def schedule(given: RankArguments) -> list[Round]:
    """Plan all rounds; it depends on arguments alone."""
    count, group = len(given.present), given.group
    if count <= 1:
        return []
    if given.way == "pairs":
        return [Round(count, group, paired=True)] * (given.rounds or 1)
    if given.top is None or given.top >= count:
        return [Round(count, group, bool(number % 2)) for number in range(given.rounds or ROUNDS)]
    return _halving(count, group, max(3 * given.top, group), given.rounds or FINALS)


def _halving(count: int, group: int, finalists: int, finals: int) -> list[Round]:
    """Keep the better half until the finalists are left, then order these."""
    rounds: list[Round] = []
    while count > finalists:
        rounds.append(Round(count, group, shifted=bool(rounds)))
        count = max(count // 2, finalists)
    return [*rounds, *(Round(count, group, bool(number % 2)) for number in range(finals))]


def _dealt(there: list[int], group: int) -> list[list[int]]:
    """Cut into as few lists as fit, of even length."""
    lists = -(-len(there) // group)
    ends = [number * len(there) // max(1, lists) for number in range(lists + 1)]
    return [there[start:end] for start, end in pairwise(ends)]


def lists(given: RankArguments) -> int:
    """Count the lists that are put in order; each is shown twice."""
    return sum(len(round_.buckets(given.present)) for round_ in schedule(given))
