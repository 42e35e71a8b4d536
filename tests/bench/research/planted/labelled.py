"""Labelled claims of a corpus, in the forms of FEVER and of SciFact."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planted.corpus import PlantedCorpus
    from planted.facts import Fact, Span

SUPPORTS, REFUTES, NOT_ENOUGH = "SUPPORTS", "REFUTES", "NOT ENOUGH INFO"


class Labelled(NamedTuple):
    """A claim, its label, and the spans that show it."""

    id: int
    claim: str
    label: str
    evidence: list[Span]
    fact: Fact


def labelled(corpus: PlantedCorpus) -> list[Labelled]:
    """Claim of every fact something true, or something false; a contradicted one has no label."""
    draws = draws_of(corpus.seed, "claims")
    found: list[Labelled] = []
    for fact in corpus.facts:
        true = draws.below(2) == 0
        sentence = draws.below(3)
        if fact.state == "contradicted":
            continue
        value = fact.value if true else fact.other or fact.wrong[0]
        label = (SUPPORTS if true else REFUTES) if fact.answerable else NOT_ENOUGH
        text = fact.sentence(value, sentence, corpus.wording)
        found.append(Labelled(len(found) + 1, text, label, fact.gold(), fact))
    return found


def fever_claims(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    """Write them as FEVER does: each span is an evidence set of its own."""
    for claim in labelled(corpus):
        spans: list[tuple[str | None, int | None]] = [
            (span.doc, span.sentence) for span in claim.evidence
        ] or [(None, None)]
        evidence = [
            [[claim.id, None if page is None else claim.id * 100 + number, page, sentence]]
            for number, (page, sentence) in enumerate(spans)
        ]
        yield {
            "id": claim.id, "verifiable": "NOT VERIFIABLE" if claim.label == NOT_ENOUGH
            else "VERIFIABLE", "label": claim.label, "claim": claim.claim, "evidence": evidence,
        }  # fmt: skip


def scifact_claims(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    """Write them as SciFact does: evidence by document, named by number."""
    numbers = doc_numbers(corpus)
    for claim in labelled(corpus):
        label = "SUPPORT" if claim.label == SUPPORTS else "CONTRADICT"
        evidence: dict[str, list[dict[str, object]]] = {}
        for span in claim.evidence:
            found = {"sentences": [span.sentence], "label": label}
            evidence.setdefault(str(numbers[span.doc]), []).append(found)
        cited = [int(number) for number in evidence] or [_nearest(corpus, claim.fact, numbers)]
        yield {"id": claim.id, "claim": claim.claim, "evidence": evidence, "cited_doc_ids": cited}


def abstracts(corpus: PlantedCorpus) -> Iterator[dict[str, object]]:
    """Write the documents as SciFact does."""
    numbers = doc_numbers(corpus)
    for document in corpus.files:
        yield {
            "doc_id": numbers[document.id], "title": document.title,
            "abstract": [span.text for span in document.sentences], "structured": False,
        }  # fmt: skip


def doc_numbers(corpus: PlantedCorpus) -> dict[str, int]:
    """Give each document its number."""
    return {document.id: number for number, document in enumerate(corpus.files, 1)}


def _nearest(corpus: PlantedCorpus, fact: Fact, numbers: dict[str, int]) -> int:
    """Cite a document about the place, where none holds the fact."""
    about = [one.id for one in corpus.files if one.about == fact.entity]
    return numbers[about[0]] if about else 1
