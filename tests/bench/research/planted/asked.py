"""Questions with one answer each: looked up, compared, reached by a hop, or absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planted.corpus import PlantedCorpus
    from planted.facts import Fact

COMPARED = 8
HOPS = 6
CERTAIN = ("corroborated", "single")


def questions(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    """Ask for every fact, then compare and hop between those that are certain."""
    for fact in corpus.facts:
        kind = "lookup" if fact.answerable else "absent"
        yield _asked(f"{kind}-{fact.id}", fact.question(corpus.wording), kind, [fact])
    yield from _compare(corpus)
    yield from _hops(corpus)


def number_of(value: str) -> float:
    """Give the number of a value, to compare it."""
    first, *_ = value.split()
    return float(first.replace(",", ""))


def _asked(name: str, question: str, kind: str, facts: list[Fact]) -> dict[str, object]:
    last = facts[-1]
    two = list(last.values) if last.state == "contradicted" else last.value
    evidence = [
        {"doc": span.doc, "start": span.start, "end": span.end}
        for fact in facts
        for span in fact.gold()
    ]
    answer = None if kind == "absent" else two
    asked = {"id": name, "question": question, "kind": kind, "answer": answer}
    return {**asked, "state": last.state, "evidence": evidence}


def _compare(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    draws = draws_of(corpus.seed, "compare")
    certain = [one for one in corpus.facts if one.state in CERTAIN and one.attribute.larger]
    pairs = [
        (first, second)
        for at, first in enumerate(certain)
        for second in certain[at + 1 :]
        if first.attribute is second.attribute and number_of(first.value) != number_of(second.value)
    ]
    for number, (first, second) in enumerate(draws.shuffled(pairs)[:COMPARED], 1):
        names = f"the {first.entity.name} or the {second.entity.name}"
        larger = max(first, second, key=lambda fact: number_of(fact.value))
        asked = _asked(
            f"compare-{number}", f"Which {first.attribute.larger}, {names}?", "compare",
            [first, second],
        )  # fmt: skip
        yield {**asked, "answer": larger.entity.name, "state": "certain"}


def _hops(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    """Ask who designed the bridge opened in 1921, where only one bridge was."""
    draws = draws_of(corpus.seed, "hops")
    table = {(fact.entity.id, fact.attribute.id): fact for fact in corpus.facts}
    pairs = []
    for place in corpus.places:
        year, designer = table.get((place.id, "opened")), table.get((place.id, "designer"))
        if (
            year
            and designer
            and {year.state, designer.state} <= set(CERTAIN)
            and _only(corpus, year)
        ):
            pairs.append((year, designer))
    for number, (year, designer) in enumerate(draws.shuffled(pairs)[:HOPS], 1):
        question = f"Who designed the {year.entity.kind} opened in {year.value}?"
        yield _asked(f"hop-{number}", question, "hop", [year, designer])


def _only(corpus: PlantedCorpus, year: Fact) -> bool:
    """Whether no other place of its kind is ever said to have opened in that year."""
    return not any(
        year.value in fact.values
        for fact in corpus.facts
        if fact is not year
        and fact.attribute is year.attribute
        and fact.entity.kind == year.entity.kind
    )
