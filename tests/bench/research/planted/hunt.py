"""Finders over a corpus before the real `until_done`, to see whether the recall it states holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.until_done.pattern import UntilDone
from hocket_plugins.patterns.verify.pattern import Verify
from planted.backend import draws_of
from planted.chance import beta

if TYPE_CHECKING:
    from hocket.api.patterns.context import Ask
    from planted.corpus import PlantedCorpus

    Seeds = tuple[int, int]

SHELVES = {"alike": lambda _place: 0.25, "uneven": lambda place: min(0.9, 2.4 / (place + 1))}
"""How often a finder comes upon a document: all alike, or by its place in an order (Zipf)."""
SINGLY = "singly"
"""Facts are seen one by one, each with a chance of its own: most are hard to see, some easy."""
FIND = 0.9
ITEM = {"type": "object", "properties": {"id": {"type": "string"}}}
SCHEMA = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": ITEM}},
    "required": ["items"],
}


def hunted(
    corpus: PlantedCorpus, shelf: str, *, most: int = 30, seed: int = 0
) -> tuple[float, float | None]:
    """Let finders read what they come upon; give the true recall, and what it was said to be."""
    wanted = {fact.id for fact in corpus.facts if fact.answerable}
    sees = _singly if shelf == SINGLY else _by_document

    def finder(ask: Ask) -> object:
        seen = sees(corpus, shelf, (seed, corpus.seed), ask.options["item"]["index"])
        return {"items": [{"id": name} for name in sorted(seen)]}

    given = {"prompt": "Find.", "schema": SCHEMA, "key": "id", "lenses": ["Look."]} | {
        "max_agents": most
    }
    result = run_pattern(
        UntilDone(), given, finder, patterns=[Verify()], screens=lambda _name, item: item
    ).result
    found = {item["value"]["id"] for item in result["items"]}
    return len(found & wanted) / len(wanted), result["recall_at_most"]


def _by_document(
    corpus: PlantedCorpus, shelf: str, seeds: tuple[int, int], number: int
) -> set[str]:
    """See most facts of the documents that a finder comes upon."""
    order = draws_of(*seeds, "order").shuffled(corpus.files)
    draws, chance = draws_of(*seeds, "finder", number), SHELVES[shelf]
    read = [one for place, one in enumerate(order) if draws.unit() < chance(place)]
    return {fact.id for one in read for fact, _ in one.told() if draws.unit() < FIND}


def _singly(corpus: PlantedCorpus, _shelf: str, seeds: Seeds, number: int) -> set[str]:
    """See each fact with its own chance, a fifth in the mean."""
    draws = draws_of(*seeds, "finder", number)
    wanted = [fact.id for fact in corpus.facts if fact.answerable]
    chances = [beta(0.2, 0.25, draws_of(*seeds, "seen", name)) for name in wanted]
    return {name for name, one in zip(wanted, chances, strict=True) if draws.unit() < one}
