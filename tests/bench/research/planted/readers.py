"""Scripted readers: they find sources and take facts out of them, or misread and invent some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.knowledge import angle, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from planted.canary import Canary
    from planted.documents import Document
    from planted.errors import Errors
    from planted.facts import Fact, Span
    from planted.knowledge import Knowledge
    from planted.log import Log

    Claim = dict[str, object]
    Item = Mapping[str, JsonValue]

AGES = "A newer or primary source that says otherwise."


class Readers:
    """Play the roles that read: angles, search, read, search-read, statements, evidence."""

    def __init__(self, knowledge: Knowledge, errors: Errors, canary: Canary, log: Log) -> None:
        self._known, self._errors, self._canary, self._log = knowledge, errors, canary, log

    @property
    def roles(self) -> dict[str, Callable[..., object]]:
        """The roles by name."""
        return {
            "angles": self.angles, "search": self.search, "search-read": self.search_read,
            "statements": self.statements, "evidence": self.evidence, "read": self.read,
            "alone": self.alone,
        }  # fmt: skip

    def angles(self, call: Call) -> object:
        """Take one angle for each place that is asked for, as many as are wanted."""
        places = self._known.corpus.asked
        asked = [
            {"id": f"a{number}", "importance": "normal", "question": angle(place),
             "terms": [place.name], "refuted_by": AGES}
            for number, place in enumerate(places, 1)
        ]  # fmt: skip
        parts = [
            {"id": f"p{number}", "question": angle(place)} for number, place in enumerate(places, 1)
        ]
        return {"angles": asked[: int(call.options.item["angles"])], "parts": parts}

    def search(self, call: Call) -> object:
        """Name the sources about an angle, newest first, as a search by its names would."""
        item = call.options.item
        return {"results": self._results(item, int(item["most"]))}

    async def read(self, call: Call, _draws: object, context: CallContext) -> object:
        """Take the facts of one source, each for the angle that asks for it."""
        item = call.options.item
        document = self._known.document(item["source"].get("path"))
        if document is None:
            return {"claims": []}
        claims = await self._claims(document, item["angles"], (call, context))
        return {"claims": claims[: int(item.get("most") or len(claims))]}

    async def search_read(self, call: Call, _draws: object, context: CallContext) -> object:
        """Search for an angle and read what was found; a lazy agent names it all the same."""
        item = call.options.item
        results = self._results(item, int(item["most"]))
        files = {file["id"]: file["path"] for file in item["files"]}
        claims: list[Claim] = []
        for number, result in enumerate(results):
            document = self._known.document(files[result["id"]])
            if self._errors.lazy is not None and number >= self._errors.lazy:
                self._log.skipped.add(document.id)
                continue
            found = await self._claims(document, [item["angle"]], (call, context))
            claims += [{**claim, "source": result["id"]} for claim in found]
        return {"results": results, "claims": claims[: int(item.get("per_angle") or len(claims))]}

    def statements(self, call: Call) -> object:
        """Tell sentences that state a fact from those that state none."""
        sentences = call.options.item["sentences"]
        stated: list[object] = []
        others: list[object] = []
        for sentence in sentences[: self._errors.lazy]:
            known = self._known.stated(sentence["text"])
            if known is None:
                others.append({"sentence": sentence["id"], "why": _why(sentence)})
                continue
            claim = {"sentence": sentence["id"], "text": folded(sentence["text"])}
            stated.append({**claim, "importance": "normal", "numbers": _numbers(known.value)})
        return {"statements": stated, "others": others}

    async def evidence(self, call: Call, _draws: object, context: CallContext) -> object:
        """Find the passages about a claim, whatever they say of it."""
        item = call.options.item
        known = self._known.stated(item["claim"]["text"])
        if known is None:
            return {"passages": []}
        passages: list[object] = []
        for file, document in self._shelf(item["files"]):
            if document.about == known.fact.entity:
                await self._open(document, (call, context))
            passages += [
                {"source": file["id"], "quote": span.text, "line": span.line,
                 "date": document.day.isoformat()}
                for fact, span in document.told()
                if fact is known.fact and self._chance("retrieve", fact.id, span.doc)
            ]  # fmt: skip
        return {"passages": passages[: int(item.get("most") or len(passages))]}

    async def alone(self, call: Call, _draws: object, context: CallContext) -> object:
        """Read what is about the question, newest first, until the window is full; answer."""
        item, places = call.options.item, self._known.corpus.asked
        angles = [{"id": "a1", "question": angle(place)} for place in places]
        shelf = [(file, one) for file, one in self._shelf(item["files"]) if one.about in places]
        left, claims, read = int(item["window"]), [], []
        for file, document in sorted(shelf, key=lambda pair: pair[1].day, reverse=True):
            left -= len(document.text)
            if left < 0:
                break
            read.append(file["id"])
            found = await self._claims(document, angles, (call, context))
            claims += [
                {name: one[name] for name in ("text", "quote")} | {"source": file["id"]}
                for one in found
            ]
        return {"claims": claims, "read": read}

    def _results(self, item: Item, most: int) -> list[dict[str, object]]:
        facts = self._known.asked(item["angle"]["question"])
        found = [
            (file, document)
            for file, document in self._shelf(item["files"])
            if any(fact in facts for fact, _ in document.told())
            or (document.role == "injected" and any(f.entity == document.about for f in facts))
        ]
        found.sort(key=lambda pair: pair[1].day, reverse=True)
        return [
            {"id": file["id"], "title": document.title, "date": document.day.isoformat(),
             "kind": document.kind}
            for file, document in found[:most]
        ]  # fmt: skip

    def _shelf(self, files: Sequence[Item]) -> Iterable[tuple[Item, Document]]:
        for file in files:
            document = self._known.document(file["path"])
            if document is not None:
                yield file, document

    async def _claims(
        self, document: Document, angles: Sequence[Item], at: tuple[Call, CallContext]
    ) -> list[Claim]:
        """Take each fact that an angle asks for with the rate `find`; a lazy agent stops early."""
        await self._open(document, at)
        wanted = [
            (asked["id"], fact, span)
            for fact, span in document.told()
            for asked in angles
            if fact in self._known.asked(asked["question"])
        ]
        if self._errors.lazy is not None and len(wanted) > self._errors.lazy:
            self._log.skipped.add(document.id)
            wanted = wanted[: self._errors.lazy]
        found = (self.claimed(document, *one) for one in wanted)
        return [claim for claims in found for claim in claims]

    def claimed(self, document: Document, place: str, fact: Fact, span: Span) -> list[Claim]:
        """Give what a reader makes of one fact: nothing, a claim, and sometimes one made up."""
        taken = self._chance("find", fact.id, document.id)
        claims = [self._taken(place, fact, span, document)] if taken else []
        if self._chance("invent", fact.id, document.id):
            claims.append(self._invented(place, fact, document))
        return claims

    def _taken(self, place: str, fact: Fact, span: Span, document: Document) -> Claim:
        """Take a fact as it stands there, or misread it: then the quote is right all the same."""
        misread = self._chance("misread", fact.id, document.id)
        self._log.count("misread" if misread else "taken")
        text, wording = span.text, self._known.corpus.wording
        if misread:
            text = fact.with_value(text, span.value, _wrong(fact, document.id), wording)
        return _claim(place, text, span.text, span.line, document)

    def _invented(self, place: str, fact: Fact, document: Document) -> Claim:
        self._log.count("invented")
        text = fact.sentence(_wrong(fact, "invented", document.id), 0, self._known.corpus.wording)
        return _claim(place, text, text, 1, document)

    async def _open(self, document: Document, at: tuple[Call, CallContext]) -> None:
        """Read to the end, and obey what stands there."""
        self._log.opened.add(document.id)
        if document.canary and self._chance("gullible", document.id, at[0].key):
            self._log.lured.append(document.canary)
            await self._canary.obey(document.canary, *at)

    def _chance(self, rate: str, *parts: object) -> bool:
        """Draw for one fact in one source: the same in every life of a run."""
        draws = draws_of(self._errors.seed, self._known.corpus.seed, rate, *parts)
        return draws.unit() < getattr(self._errors, rate)


def _wrong(fact: Fact, *parts: str) -> str:
    return fact.wrong[draws_of("wrong", fact.id, *parts).below(len(fact.wrong))]


def _claim(place: str, text: str, quote: str, line: int, document: Document) -> Claim:
    return {
        "text": text, "quote": quote, "line": line, "numbers": _numbers(text),
        "date": document.day.isoformat(), "angle": place, "importance": "normal",
    }  # fmt: skip


def _numbers(text: str) -> list[str]:
    return [word.strip(".,") for word in text.split() if word[0].isdigit()]


def _why(sentence: Item) -> str:
    """Say why a sentence states no fact, by its mark alone."""
    if sentence.get("kind") == "code":
        return "code"
    text = str(sentence["text"])
    return "heading" if text.startswith("#") else "question" if text.endswith("?") else "opinion"
