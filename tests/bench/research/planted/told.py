"""A finished run beside the truth: what each claim, quote and sentence of it states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hocket.screens.sentences import cited, sentences, unmarked
from planted.knowledge import Knowledge, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from planted.corpus import PlantedCorpus
    from planted.documents import Document
    from planted.knowledge import Stated

GIVEN = frozenset({"supported", "qualified"})
"""States in which a claim is a part of the answer."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote and the document it is said to stand in; None: no document of the corpus."""

    text: str
    document: Document | None

    @property
    def stands(self) -> bool:
        """Whether it is verbatim there, apart from spaces and the case of its first letter."""
        if not self.text or self.document is None:
            return False
        text, whole = folded(self.text), folded(self.document.text)
        return text in whole or text[:1].swapcase() + text[1:] in whole


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the result."""

    id: str
    text: str
    state: str
    cause: str | None
    known: tuple[Stated, ...]
    quotes: tuple[Quote, ...]
    documents: tuple[Document, ...]
    """What its sources are, one for each that it names."""

    @property
    def is_given(self) -> bool:
        """Whether it is a part of the answer."""
        return self.state in GIVEN


class Told:
    """Reads `{"report", "data"}` of a run as the contract of results has it."""

    def __init__(self, corpus: PlantedCorpus, result: Mapping[str, JsonValue]) -> None:
        self.corpus = corpus
        self.known = Knowledge(corpus)
        self.data = result.get("data") or {}
        self.report = str(result.get("report") or "")
        self._sources = {one["id"]: one for one in self.data.get("sources") or []}

    @cached_property
    def claims(self) -> list[Claim]:
        """All claims, whatever became of them."""
        return [self._claim(one) for one in self.data.get("claims") or []]

    @property
    def given(self) -> list[Claim]:
        """The claims that are a part of the answer."""
        return [claim for claim in self.claims if claim.is_given]

    @cached_property
    def citations(self) -> dict[int, list[Quote]]:
        """What each mark stands for."""
        found: dict[int, list[Quote]] = {}
        for row in self.data.get("citations") or []:
            found.setdefault(int(row["n"]), []).append(self._quote(row))
        return found

    def sentences(self) -> Iterator[tuple[str, list[int]]]:
        """Give the sentences of the report that cite, each without its marks, and the marks."""
        for piece in sentences(self.report):
            if marks := cited(piece):
                yield unmarked(piece).strip(), marks

    def values(self, fact_id: str) -> set[str]:
        """Give the values that supported claims give a fact."""
        claims = [claim for claim in self.claims if claim.state == "supported"]
        return {one.value for claim in claims for one in claim.known if one.fact.id == fact_id}

    def read(self) -> set[str]:
        """Give the documents that the result says were read."""
        rows = [one for one in self._sources.values() if one.get("state") == "read"]
        found = [self.document(one["id"]) for one in rows]
        return {one.id for one in found if one is not None}

    def document(self, source: JsonValue) -> Document | None:
        """Find a document by the id of a source, or by its path."""
        row = self._sources.get(source) if isinstance(source, str) else None
        return self.known.document(row.get("path") if row and row.get("path") else source)

    def _claim(self, one: Mapping[str, JsonValue]) -> Claim:
        documents = [self.document(source) for source in one.get("sources") or []]
        return Claim(
            id=str(one["id"]),
            text=str(one["text"]),
            state=str(one["state"]),
            cause=one.get("cause"),
            known=tuple(self.known.mentioned(one["text"])),
            quotes=tuple(map(self._quote, one.get("quotes") or [])),
            documents=tuple(document for document in documents if document is not None),
        )

    def _quote(self, row: Mapping[str, JsonValue]) -> Quote:
        """Read a quote; one of several sources stands where it stands in any of them."""
        sources = row.get("source")
        named = sources if isinstance(sources, list) else [sources]
        quotes = [Quote(str(row.get("quote") or ""), self.document(one)) for one in named]
        return next((quote for quote in quotes if quote.stands), quotes[0])
