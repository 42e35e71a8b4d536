"""The evidence map: claims on the left, sources on the right, and which rests on which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from hocket.launch.reports.claims import ORDER

if TYPE_CHECKING:
    from hocket.launch.reports.index import Index
    from hocket.launch.reports.words import Words

CLAIMS, SOURCES = 30, 20
"""What one looks through at a glance; the lists below the map have more."""


@dataclass(frozen=True, slots=True)
class Node:
    """A claim or a source on the map, and where a click leads."""

    text: str
    anchor: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line of the map: from a claim to a source that speaks for or against it."""

    claim: int
    source: int
    against: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What is drawn."""

    claims: tuple[Node, ...]
    sources: tuple[Node, ...]
    edges: tuple[Edge, ...]
    what: str
    """What claims are called."""
    of_claims: int
    of_sources: int


def evidence(index: Index, words: Words) -> Map | None:
    """Choose what is drawn: some claims of every state, with the sources most of them share."""
    ends = {at: _ends(index, at) for at in range(len(index.data.claims))}
    tied = [at for at, found in ends.items() if found]
    if not tied:
        return None
    drawn = _chosen(index, tied)
    spoken = Counter(name for at in drawn for name, _ in ends[at])
    names = _level([name for name, _ in spoken.most_common(SOURCES)], [ends[at] for at in drawn])
    edges = [
        Edge(left, names.index(name), against)
        for left, at in enumerate(drawn)
        for name, against in ends[at]
        if name in names
    ]
    return Map(
        tuple(Node(index.data.claims[at].text, f"claim-{at + 1}", index.state(at)) for at in drawn),
        tuple(Node(index.called(name), _anchor(index, name)) for name in names),
        tuple(edges),
        words.claims,
        len(index.data.claims),
        len({name for found in ends.values() for name, _ in found}),
    )


def _level(names: list[str], ends: list[list[tuple[str, bool]]]) -> list[str]:
    """Put each source beside the middle of its claims, so that few lines cross."""
    heights: dict[str, list[int]] = {name: [] for name in names}
    for left, found in enumerate(ends):
        for name, _ in found:
            heights.get(name, []).append(left)
    return sorted(names, key=lambda name: sum(heights[name]) / len(heights[name]))


def _ends(index: Index, at: int) -> list[tuple[str, bool]]:
    """Give the sources of a claim by one name each; speaking against it weighs more."""
    claim = index.data.claims[at]
    found = {_known(index, one.source): False for one in index.quotes(at) if one.source}
    found |= {_known(index, name): False for name in claim.rests_on if name}
    found |= {_known(index, name): True for name in claim.spoken_against if name}
    return [*found.items()]


def _known(index: Index, name: str) -> str:
    source = index.source(name)
    return name if source is None else source.id or source.name


def _chosen(index: Index, tied: list[int]) -> list[int]:
    by_state = [[at for at in tied if index.state(at) == state] for state in ORDER]
    turns = [at for turn in zip_longest(*by_state) for at in turn if at is not None]
    return sorted(turns[:CLAIMS], key=lambda at: (ORDER.index(index.state(at)), at))


def _anchor(index: Index, name: str) -> str:
    at = index.sources.get(name)
    return "" if at is None else f"source-{at + 1}"
