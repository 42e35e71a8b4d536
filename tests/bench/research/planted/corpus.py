"""PlantedCorpus: a folder of documents whose truth is known, the same bytes for the same seed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planted.asked import questions
from planted.documents import Library
from planted.errors import Errors
from planted.facts import ALL, MIX, entities, facts
from planted.labelled import abstracts, fever_claims, scifact_claims
from planted.names import MOST
from planted.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from planted.documents import Document
    from planted.facts import Entity, Fact

ASKED = 5
"""Entities that the research question asks about."""


@dataclass(frozen=True, kw_only=True)
class PlantedCorpus:
    """A world of entities, facts and documents; `write` puts it into a folder.

    `facts`, `documents` and `truth` are what a test compares with; none of it is in `docs/`.
    """

    seed: int = 0
    entities: int = 10
    documents: int = 24
    attributes: tuple[str, ...] = tuple(ALL)
    mix: dict[str, float] = field(default_factory=lambda: dict(MIX))
    wording: str = "old"
    filler: int = 6
    off_topic: int = 12
    injected: int = 3
    mirrors: int = 2

    def __post_init__(self) -> None:
        """Refuse a world that cannot hold its facts."""
        if not 1 <= self.entities <= MOST or self.documents < 4:
            raise ValueError(f"entities must be 1 to {MOST}, documents at least 4")
        if abs(sum(self.mix.values()) - 1) > 1e-9:
            raise ValueError("the shares of mix must add up to 1")

    @cached_property
    def places(self) -> list[Entity]:
        """The entities."""
        return entities(self.seed, self.entities)

    @cached_property
    def facts(self) -> list[Fact]:
        """The truth table: one fact for each entity and attribute, with its spans."""
        return self._made[0]

    @cached_property
    def files(self) -> list[Document]:
        """All documents, by id."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[list[Fact], list[Document]]:
        table = facts(self.seed, self.places, list(self.attributes), self.mix)
        library = Library(self.seed, self.places, self.documents, self.wording, self.filler)
        library.fill(table)
        library.add(self.off_topic, self.injected, self.mirrors)
        return table, library.documents

    @property
    def asked(self) -> list[Entity]:
        """The entities the research question is about."""
        return self.places[:ASKED]

    @property
    def asked_facts(self) -> list[Fact]:
        """The facts the research question asks for."""
        return [fact for fact in self.facts if fact.entity in self.asked]

    @property
    def question(self) -> str:
        """One question that needs many sources."""
        names = [f"the {place.name}" for place in self.asked]
        listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
        titles = sorted({fact.attribute.title for fact in self.facts})
        return f"What is known about {listed}: {', '.join(titles)}?"

    @property
    def truth(self) -> dict[str, object]:
        """What is true, as `truth.json` holds it."""
        return {
            "seed": self.seed,
            "wording": self.wording,
            "question": self.question,
            "entities": [{"id": one.id, "name": one.name, "kind": one.kind} for one in self.places],
            "facts": [_fact(fact) for fact in self.facts],
            "documents": [_document(document) for document in self.files],
        }

    def team(self, **errors: object) -> Team:
        """Give agents who know this corpus and err as the fields of `Errors` say."""
        return Team(self, Errors(**errors))

    def agents(self, **errors: object) -> dict[str, Callable[..., object]]:
        """Give the roles of such a team alone."""
        return self.team(**errors).roles

    def write(self, folder: Path) -> Path:
        """Write all files; gives the folder of the documents."""
        for document in self.files:
            _put(folder / document.file, document.text)
        _put(folder / "truth.json", json.dumps(self.truth, indent=1) + "\n")
        _put(folder / "questions.jsonl", _lines(questions(self)))
        _put(folder / "claims.jsonl", _lines(fever_claims(self)))
        _put(folder / "scifact" / "claims.jsonl", _lines(scifact_claims(self)))
        _put(folder / "scifact" / "corpus.jsonl", _lines(abstracts(self)))
        return folder / "docs"


def _fact(fact: Fact) -> dict[str, object]:
    spans = [
        {"doc": one.doc, "sentence": one.sentence, "start": one.start, "end": one.end,
         "line": one.line, "text": one.text, "value": one.value}
        for one in fact.spans
    ]  # fmt: skip
    return {
        "id": fact.id, "entity": fact.entity.id, "attribute": fact.attribute.id,
        "type": fact.attribute.type, "state": fact.state, "value": fact.value,
        "other": fact.other, "wrong": list(fact.wrong), "spans": spans,
    }  # fmt: skip


def _document(document: Document) -> dict[str, object]:
    return {
        "id": document.id, "file": document.file, "role": document.role, "title": document.title,
        "date": document.day.isoformat(), "source": document.source, "kind": document.kind,
        "about": document.about.id if document.about else None, "canary": document.canary,
        "copy_of": document.copy_of.id if document.copy_of else None,
        "sha256": document.sha256,
    }  # fmt: skip


def _lines(records: Iterable[object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _put(file: Path, text: str) -> None:
    """Write bytes: no machine may translate the ends of lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
