"""What single calls took, and what is known of a kind of calls."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.journal.records import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from hocket.api.calls import Usage

    Place = tuple[str, ...]

EACH = "*"
"""Stands in a place for every item of a list."""
_OUTPUT, _WRITE, _READ = 5.0, 1.25, 0.1
_MOST = 4_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What one call took."""

    usage: Usage
    turns: int
    seconds: float

    @property
    def weight(self) -> float:
        """Its tokens as most price lists weigh them: good enough to compare runs with."""
        usage = self.usage
        written = usage.cache_write + usage.cache_write_1h
        return (
            usage.input + _WRITE * written + _READ * usage.cache_read + _OUTPUT * usage.output
        ) or self.seconds


@dataclass(slots=True)
class Experience:
    """What earlier runs tell about calls of one kind."""

    samples: list[tuple[str | None, Sample]] = field(
        default_factory=list["tuple[str | None, Sample]"]
    )
    """With the model that was asked for."""
    ended: int = 0
    failed: int = 0
    lengths: dict[Place, list[int]] = field(default_factory=dict["Place", list[int]])
    shares: dict[Place, Counter[str]] = field(default_factory=dict["Place", Counter[str]])
    """How often an answer had which value, as JSON; short ones alone can be of an enum."""

    def took(self, model: str | None, sample: Sample, *, failed: bool) -> None:
        """Take what a call took."""
        self.ended += 1
        self.failed += failed
        if not failed:
            self.samples.append((model, sample))

    def answered(self, value: JsonValue) -> None:
        """Take an answer: how long its lists are, and what its short values are."""
        for place, length in lengths(value):
            self.lengths.setdefault(place, []).append(length)
        for place, leaf in leaves(value):
            self.shares.setdefault(place, Counter())[leaf] += 1


def lengths(value: JsonValue, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Give the length of every list in a value, with its place."""
    if isinstance(value, list):
        yield place, len(value)
        for item in value[:_MOST]:
            yield from lengths(item, (*place, EACH))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from lengths(inner, (*place, name))


def leaves(value: JsonValue, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Give every short value, with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*place, name))
    elif isinstance(value, list):
        for item in value[:_MOST]:
            yield from leaves(item, (*place, EACH))
    elif not isinstance(value, str) or len(value) <= _SHORT:
        yield place, encode(value)


_SHORT = 60
