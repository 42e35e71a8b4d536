"""Reads labelled claims in the forms of FEVER and SciFact: a corpus's own, or files a person has.

Their data comes under licences of its own and is not shipped. An error names file, line and field.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
OF_SCIFACT = {"SUPPORT": "SUPPORTS", "CONTRADICT": "REFUTES"}


class Place(NamedTuple):
    """A sentence of a document, counted from 0."""

    doc: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences that decide a claim together, and what they make of it."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class LoadedClaim:
    """A claim of a data set; `label` is None where a test set keeps it back, or labels differ."""

    id: int
    claim: str
    label: str | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document of a data set, in sentences."""

    id: str
    title: str
    sentences: tuple[str, ...]


def fever_claims(file: Path) -> list[LoadedClaim]:
    """Read `{id, label, claim, evidence: [[[annotation, evidence, page, sentence]]]}`."""
    return [_fever_claim(line) for line in _lines(file)]


def fever_pages(file: Path) -> list[LoadedDocument]:
    """Read `{id, text, lines}` as the wiki pages of FEVER are; empty pages are left out."""
    pages = ((line, str(line.get("lines", str))) for line in _lines(file))
    found = [
        LoadedDocument(line.get("id", str), line.get("id", str), _sentences(lines))
        for line, lines in pages
    ]
    return [page for page in found if page.sentences]


def scifact_claims(file: Path) -> list[LoadedClaim]:
    """Read `{id, claim, evidence: {doc: [{sentences, label}]}, cited_doc_ids}`."""
    return [_scifact_claim(line) for line in _lines(file)]


def scifact_corpus(file: Path) -> list[LoadedDocument]:
    """Read `{doc_id, title, abstract: [sentence], structured}`."""
    return [
        LoadedDocument(
            str(line.get("doc_id", int)),
            line.get("title", str),
            tuple(line.texts("abstract")),
        )
        for line in _lines(file)
    ]


def write_documents(documents: list[LoadedDocument], folder: Path) -> None:
    """Write documents as text files, for `--sources`: a line for each sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, document in enumerate(documents, 1):
        text = "\n".join([document.title, "", *document.sentences]) + "\n"
        (folder / f"doc-{number:05}.txt").write_bytes(text.encode())


@dataclass(frozen=True, slots=True)
class _Line:
    """One object of a file of JSON lines; whatever is wrong with a field says where."""

    place: str
    fields: Mapping[str, object]

    def get(self, field: str, kind: type, default: object = ...) -> object:
        """Give a field of a kind."""
        value = self.fields.get(field, default)
        if value is ...:
            raise self.wrong(field, "it is missing", f"{_named(kind)}")
        if value is not default and (type(value) is not kind):
            raise self.wrong(field, f"it is {_shown(value)}", _named(kind))
        return value

    def texts(self, field: str) -> list[str]:
        """Give a list of texts."""
        values = self.get(field, list)
        for number, value in enumerate(values):
            if not isinstance(value, str):
                raise self.wrong(f"{field}/{number}", f"it is {_shown(value)}", "a text")
        return values

    def wrong(self, field: str, found: str, expected: str) -> UsageError:
        """Say where the fault is."""
        return UsageError(
            self.place,
            found=f"field {field}: {found}",
            expected=expected,
            hint="The forms are those of FEVER and SciFact as published. Nothing was loaded.",
        )


def _lines(file: Path) -> Iterator[_Line]:
    """Read a file line by line; empty lines are skipped, but counted."""
    for number, text in enumerate(file.read_text("utf-8").split("\n"), 1):
        if not text.strip():
            continue
        line = _Line(f"{file.name}:{number}", {})
        try:
            value = json.loads(text)
        except ValueError as fault:
            raise line.wrong("(line)", f"no JSON ({fault})", "one object a line") from fault
        if not isinstance(value, dict):
            raise line.wrong("(line)", f"it is {_shown(value)}", "one object a line")
        yield _Line(line.place, value)


def _fever_claim(line: _Line) -> LoadedClaim:
    label = line.get("label", str, None)
    if label not in (None, *LABELS):
        raise line.wrong("label", f"it is {label!r}", f"one of {', '.join(LABELS)}")
    sets = [
        _fever_set(line, number, one) for number, one in enumerate(line.get("evidence", list, []))
    ]
    evidence = tuple(Evidence(str(label), places) for places in sets if places)
    return LoadedClaim(line.get("id", int), line.get("claim", str), label, evidence)


def _fever_set(line: _Line, number: int, rows: object) -> tuple[Place, ...]:
    """Read one set of evidence; a claim without enough has a row without a page."""
    where, wanted = f"evidence/{number}", "[annotation, evidence, page, sentence]"
    if not isinstance(rows, list):
        raise line.wrong(where, f"it is {_shown(rows)}", f"a list of {wanted}")
    places: list[Place] = []
    for at, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 4:
            raise line.wrong(f"{where}/{at}", f"it is {_shown(row)}", wanted)
        page, sentence = row[2:]
        if page is None and sentence is None:
            continue
        if not isinstance(page, str) or type(sentence) is not int:
            raise line.wrong(f"{where}/{at}", f"it is {_shown(row)}", wanted)
        places.append(Place(page, sentence))
    return tuple(places)


def _scifact_claim(line: _Line) -> LoadedClaim:
    evidence = [
        _rationale(line, doc, number, one)
        for doc, rationales in line.get("evidence", dict, {}).items()
        for number, one in enumerate(_listed(line, doc, rationales))
    ]
    for number, doc in enumerate(line.get("cited_doc_ids", list, [])):
        if type(doc) is not int:
            raise line.wrong(f"cited_doc_ids/{number}", f"it is {_shown(doc)}", "a number")
    labels = {one.label for one in evidence}
    label = LABELS[2] if not labels else labels.pop() if len(labels) == 1 else None
    if "evidence" not in line.fields:
        label = None
    return LoadedClaim(line.get("id", int), line.get("claim", str), label, tuple(evidence))


def _listed(line: _Line, doc: str, rationales: object) -> list[object]:
    if not isinstance(rationales, list):
        wanted = "a list of {sentences, label}"
        raise line.wrong(f"evidence/{doc}", f"it is {_shown(rationales)}", wanted)
    return rationales


def _rationale(line: _Line, doc: str, number: int, one: object) -> Evidence:
    where = f"evidence/{doc}/{number}"
    if not isinstance(one, dict):
        raise line.wrong(where, f"it is {_shown(one)}", "{sentences, label}")
    label, sentences = one.get("label"), one.get("sentences")
    if label not in OF_SCIFACT:
        raise line.wrong(f"{where}/label", f"it is {label!r}", f"one of {', '.join(OF_SCIFACT)}")
    if not isinstance(sentences, list) or any(type(each) is not int for each in sentences):
        raise line.wrong(f"{where}/sentences", f"it is {_shown(sentences)}", "a list of numbers")
    return Evidence(OF_SCIFACT[label], tuple(Place(doc, each) for each in sentences))


def _sentences(lines: str) -> tuple[str, ...]:
    """Take the sentences out of a page's lines: number, sentence and links, between tabs."""
    cells = (line.split("\t") for line in lines.split("\n"))
    return tuple(cell[1] for cell in cells if len(cell) > 1 and cell[1])


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _named(kind: type) -> str:
    return {str: "a text", int: "a number", list: "a list", dict: "an object"}[kind]
