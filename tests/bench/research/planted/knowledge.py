"""What scripted agents know: which fact a sentence states, and what an angle asks for.

They look texts up in the truth, whole and folded; they never parse prose.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planted.corpus import PlantedCorpus
    from planted.documents import Document
    from planted.facts import Entity, Fact


class Stated(NamedTuple):
    """A fact with the value that a text gives it."""

    fact: Fact
    value: str

    @property
    def pair(self) -> tuple[str, str]:
        """The fact by its id, and the value."""
        return self.fact.id, self.value

    @property
    def verdict(self) -> str:
        """What a voter says who makes no mistake."""
        if not self.fact.answerable:
            return "cannot_tell"
        if self.value == self.fact.value:
            return "supported"
        rivals = self.fact.state == "contradicted"
        return "supported" if rivals and self.value == self.fact.other else "refuted"


class Knowledge:
    """The truth of a corpus, by the words that it may come in."""

    def __init__(self, corpus: PlantedCorpus) -> None:
        self.corpus = corpus
        self.documents: Mapping[str, Document] = {one.id: one for one in corpus.files}
        self.facts = {fact.id: fact for fact in corpus.facts}
        self._stated = dict(_sentences(corpus.facts))
        self._about = {folded(angle(place)): place for place in corpus.places}
        self._asked = {
            folded(fact.question(wording)): fact
            for fact in corpus.facts
            for wording in ("old", "new")
        }

    def stated(self, text: object) -> Stated | None:
        """Say which fact a sentence states and with which value; None: it states none."""
        return self._stated.get(folded(text))

    def mentioned(self, text: object) -> list[Stated]:
        """Say which facts a free sentence gives a value: it names the place and the value.

        This is for sentences of real models; where a template matches, that decides.
        """
        known = self.stated(text)
        if known is not None:
            return [known]
        plain = f" {_words(text)} "
        return [
            Stated(fact, value)
            for fact in self.corpus.facts
            if f" {_words(fact.entity.name)} " in plain
            for value in (*fact.values, *fact.wrong)
            if f" {_words(value)} " in plain
        ]

    def document(self, path: object) -> Document | None:
        """Find a document by the path of its file."""
        return self.documents.get(PurePath(str(path)).stem)

    def asked(self, question: object) -> list[Fact]:
        """Say which facts a question asks for."""
        text = folded(question)
        place = self._about.get(text)
        if place is not None:
            return [fact for fact in self.corpus.facts if fact.entity == place]
        one = self._asked.get(text)
        return [one] if one is not None else []


def angle(place: Entity) -> str:
    """Ask about one place."""
    return f"What is known about the {place.name}?"


def folded(text: object) -> str:
    """Write a text with single spaces."""
    return " ".join(str(text).split())


def _words(text: object) -> str:
    """Write a text in small letters without punctuation, numbers without their commas."""
    bare = re.sub(r"(?<=\d),(?=\d)", "", str(text).lower())
    return " ".join(re.findall(r"[a-z]+|\d+(?:\.\d+)?", bare))


def _sentences(facts: list[Fact]):
    for fact in facts:
        for value in (*fact.values, *fact.wrong):
            for wording in ("old", "new"):
                for number in range(3):
                    yield folded(fact.sentence(value, number, wording)), Stated(fact, value)
