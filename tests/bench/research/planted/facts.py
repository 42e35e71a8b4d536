"""The truth: entities, and of each entity and attribute the state, the value and its rivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planted.attributes import ATTRIBUTES, BY_ID
from planted.backend import draws_of
from planted.names import KINDS, place_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planted.attributes import Attribute

STATES = ("corroborated", "single", "contradicted", "stale", "absent")
MIX = {
    "corroborated": 0.40, "single": 0.20, "contradicted": 0.15, "stale": 0.10, "absent": 0.15,
}  # fmt: skip
RIVALS = 6


@dataclass(frozen=True, slots=True)
class Entity:
    """A place of one of six kinds."""

    id: str
    name: str
    """As a text writes it after "the"."""
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where a document says it: places of characters in the file, and the sentence's number."""

    doc: str
    sentence: int
    start: int
    end: int
    line: int
    text: str
    value: str


@dataclass(slots=True)
class Fact:
    """What is true of one entity and attribute, and what the documents say of it."""

    id: str
    entity: Entity
    attribute: Attribute
    state: str
    value: str
    other: str | None = None
    """The second value of a contradicted fact, the superseded one of a stale fact."""
    wrong: tuple[str, ...] = ()
    """Values that are true of nothing: what agents misread or invent."""
    spans: list[Span] = field(default_factory=list)

    @property
    def values(self) -> tuple[str, ...]:
        """All values that are told, the true one first."""
        return (self.value,) if self.other is None else (self.value, self.other)

    @property
    def answerable(self) -> bool:
        """Whether any document says it."""
        return self.state != "absent"

    def gold(self) -> list[Span]:
        """Give the spans that state the true value; for a contradicted fact those of both."""
        rivals = self.state == "contradicted"
        return [span for span in self.spans if rivals or span.value == self.value]

    def sentence(self, value: str, number: int = 0, wording: str = "old") -> str:
        """Write it with one of the three sentences of a wording."""
        written = self.attribute.wording(wording).sentences[number % 3]
        return written.format(name=self.entity.name, value=value)

    def with_value(self, text: str, value: str, other: str, wording: str) -> str:
        """Write a sentence that gives one value so that it gives another."""
        sentences = [self.sentence(value, number, wording) for number in range(3)]
        return self.sentence(other, sentences.index(text), wording)

    def question(self, wording: str = "old") -> str:
        """Ask for it."""
        return self.attribute.wording(wording).question.format(name=self.entity.name)


def entities(seed: int, count: int) -> list[Entity]:
    """Draw the places."""
    draws = draws_of(seed, "entities")
    kinds = [KINDS[number % len(KINDS)] for number in range(count)]
    names = place_names(count, draws)
    return [
        Entity(f"e{number}", f"{name} {kind}", kind)
        for number, (name, kind) in enumerate(zip(names, draws.shuffled(kinds), strict=True), 1)
    ]


def facts(
    seed: int, places: list[Entity], kinds: list[str], mix: Mapping[str, float]
) -> list[Fact]:
    """Draw a state and values for each entity and attribute; the mix is met as whole numbers."""
    cells = [(place, BY_ID[kind]) for place in places for kind in kinds]
    states = draws_of(seed, "states").shuffled(_quotas(mix, len(cells)))
    drawn = zip(cells, states, strict=True)
    return [
        _fact(seed, f"{place.id}-{kind.id}", place, kind, state) for (place, kind), state in drawn
    ]


def _fact(seed: int, name: str, place: Entity, kind: Attribute, state: str) -> Fact:
    draws = draws_of(seed, "values", name)
    values: list[str] = []
    while len(values) < 2 + RIVALS:
        drawn = kind.draw(draws)
        values += [drawn] if drawn not in values else []
    other = values[1] if state in ("contradicted", "stale") else None
    return Fact(name, place, kind, state, values[0], other, tuple(values[2:]))


def _quotas(mix: Mapping[str, float], count: int) -> list[str]:
    """Share out so many cells; what rounding leaves goes to the largest remainders."""
    exact = {state: mix.get(state, 0.0) * count for state in STATES}
    whole = {state: int(share + 1e-9) for state, share in exact.items()}
    left = sorted(STATES, key=lambda state: (whole[state] - exact[state], STATES.index(state)))
    for state in left[: count - sum(whole.values())]:
        whole[state] += 1
    return [state for state in STATES for _ in range(whole[state])]


ALL = [attribute.id for attribute in ATTRIBUTES]
