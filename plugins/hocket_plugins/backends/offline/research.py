"""What a research asks for: angles, files, sentences that may answer, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items
from hocket_plugins.backends.offline.asking import Question, answering, picked
from hocket_plugins.backends.offline.quantities import MONTH
from hocket_plugins.backends.offline.splitting import fact, questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk
    from hocket_plugins.backends.offline.items import Fields
    from hocket_plugins.backends.offline.library import Library, Passage

FUSED = 60
"""Reciprocal rank fusion: a rank counts 1 / (60 + rank)."""
EXPANSION, FIRST_HITS = 4, 8
REFUTED = "A sentence of another file with another number of the same unit, or that denies it."
PART = "p1"
MOST = 8


def angles(desk: Desk) -> JsonValue:
    """Ask each question there is; a single one again, with words that stand beside its own."""
    asked, library = items.text(desk.item, "question"), desk.library
    parts = questions(asked, library)
    named: list[JsonValue] = [{"id": f"p{n}", "question": one} for n, one in enumerate(parts, 1)]
    told: list[JsonValue] = [_wider(n, one, library) for n, one in enumerate(parts, 1)]
    if len(parts) == 1:
        terms = sorted(Question.of(asked, library).meaning.terms)
        told = [
            _angle("a1", "high", asked, terms),
            _angle("a2", "normal", asked, _more(asked, library)),
        ]
    most = items.count(desk.item, "angles", len(told))
    return {"angles": told[:most], "parts": named}


def search(desk: Desk) -> JsonValue:
    """List the files with the sentences that qualify best."""
    angle = items.fields(desk.item, "angle")
    return {"results": [*_results(desk, [angle])]}


def read(desk: Desk) -> JsonValue:
    """Quote the sentences of one source that qualify for the question or an angle of it."""
    document = desk.document(items.fields(desk.item, "source"))
    among = [] if document is None else desk.of(document)
    head = {} if document is None else document.head
    asked = items.rows(desk.item, "angles")
    most = items.count(desk.item, "most", MOST)
    known: Fields = {name: head[name] for name in ("author", "funder") if head.get(name)}
    return {"claims": [*_claims(desk, asked, among, most)], **known}


def search_read(desk: Desk) -> JsonValue:
    """Search for an angle and quote from what was found, with the source of each claim."""
    angle = items.fields(desk.item, "angle")
    asked = [angle] if angle else items.rows(desk.item, "angles")
    names = desk.named(items.rows(desk.item, "files"))
    among = [one for one in desk.library.passages if one.document.path in names]
    most = items.count(desk.item, "per_angle", items.count(desk.item, "most", MOST))
    claims = _claims(desk, asked, among, most, names)
    return {"results": [*_results(desk, asked)], "claims": [*claims]}


def critic(desk: Desk) -> JsonValue:
    """Name the parts that nothing supported speaks of, with the words that no file has."""
    supported = [desk.library.read(one) for one in items.texts(desk.item, "supported")]
    missing: list[JsonValue] = []
    for part in items.rows(desk.item, "parts"):
        asked = items.text(part, "question") or items.text(desk.item, "question")
        question = Question.of(asked, desk.library)
        if not any(question.is_answered(told, desk.library) for told in supported):
            unknown = sorted(one for one in question.meaning.terms if not desk.library.knows(one))
            name = items.text(part, "id") or PART
            missing.append({"part": name, "question": asked, "terms": [*unknown]})
    return {"missing": missing}


def _angle(name: str, importance: str, asked: str, terms: Sequence[str]) -> Fields:
    return {
        "id": name,
        "importance": importance,
        "question": asked,
        "terms": [*terms],
        "refuted_by": REFUTED,
    }


def _wider(number: int, asked: str, library: Library) -> Fields:
    return _angle(f"a{number}", "high", asked, _more(asked, library))


def _more(asked: str, library: Library) -> list[str]:
    """Give the terms of a question, and words that stand beside them in the files."""
    question = Question.of(asked, library)
    return [*sorted(question.meaning.terms), *_beside(question, library)]


def _beside(question: Question, library: Library) -> list[str]:
    """Give the words that stand in most of the first hits and are not in the question."""
    hits = library.find(question.meaning.terms, FIRST_HITS)
    counts: dict[str, int] = {}
    for hit in hits:
        for word in library.meaning(hit).words - question.meaning.terms:
            counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts, key=lambda word: (-counts[word], -library.weight([word]), word))
    return ranked[:EXPANSION]


def _asked(desk: Desk, angle: Fields) -> Question:
    """Read what an angle asks; its terms are further words, and ask for nothing by themselves."""
    asked = items.text(angle, "question") or items.text(desk.item, "question")
    return Question.of(asked, desk.library, items.texts(angle, "terms"))


def _results(desk: Desk, asked: Iterable[Fields]) -> Iterable[Fields]:
    names = desk.named(items.rows(desk.item, "files"))
    scores: dict[str, float] = {}
    found: dict[str, Passage] = {}
    for question in [_asked(desk, {}), *(_asked(desk, angle) for angle in asked)]:
        told = answering(question, desk.library)
        ranked = dict.fromkeys(one.document.path for _, one in told)
        for rank, path in enumerate(path for path in ranked if path in names):
            scores[path] = scores.get(path, 0.0) + 1 / (FUSED + rank + 1)
        found.update((one.document.path, one) for _, one in reversed(told))
    best = sorted(scores, key=lambda path: (-scores[path], path))
    for path in best[: items.count(desk.item, "most", MOST)]:
        desk.quoted(found[path])
        document = found[path].document
        row: Fields = {"id": names[path], "title": document.title, "kind": document.kind}
        yield row | ({"date": document.date} if document.date else {})


def _claims(
    desk: Desk,
    asked: Sequence[Fields],
    among: Sequence[Passage],
    most: int,
    names: dict[str, str] | None = None,
) -> Iterable[Fields]:
    best: dict[int, tuple[float, Passage, Fields]] = {}
    favours: dict[int, tuple[int, str]] = {}
    for angle in asked or [{}]:
        question = _asked(desk, angle)
        for share, passage in answering(question, desk.library, among):
            known = best.get(passage.number)
            if known is None or share > known[0]:
                best[passage.number] = (share, passage, angle)
                favours[passage.number] = question.favour(passage, desk.library)
    ranked = sorted(best.values(), key=lambda one: one[1].number)
    ranked.sort(key=lambda one: favours[one[1].number], reverse=True)
    ranked.sort(key=lambda one: -one[0])
    kept = picked(((share, passage) for share, passage, _ in ranked), desk.library, most)
    for _, passage in kept:
        row = _claim(desk, passage, best[passage.number][2])
        yield row if names is None else row | {"source": names[passage.document.path]}


def _part(desk: Desk, angle: Fields) -> str:
    """Name the part that an angle asks for."""
    asked, parts = items.text(angle, "question"), items.rows(desk.item, "parts")
    named = (items.text(one, "id") for one in parts if items.text(one, "question") == asked)
    return next(named, PART)


def _claim(desk: Desk, passage: Passage, angle: Fields) -> Fields:
    told, quote = desk.library.meaning(passage), desk.quoted(passage)
    row: Fields = {
        "text": fact(quote, _asked(desk, angle), desk.library),
        "quote": quote,
        "line": passage.line,
        "numbers": [one.text for one in told.quantities if one.unit != MONTH],
        "angle": items.text(angle, "id") or "a1",
        "part": _part(desk, angle),
        "importance": "high" if told.quantities else "normal",
    }
    return row | ({"date": passage.document.date} if passage.document.date else {})
