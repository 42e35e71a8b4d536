"""Reads the data of a result: whatever is in it, a run that is done gets its report."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from hocket.launch.reports.data import (
    SEVERITIES,
    Change,
    Citation,
    Claim,
    Conflict,
    Coverage,
    Cut,
    Data,
    Finding,
    Marked,
    Missing,
    Placed,
    Quote,
    Sentence,
    Source,
    StatedError,
    Table,
)
from hocket.launch.reports.fields import Fields, Odd, written

if TYPE_CHECKING:
    from pydantic import JsonValue

_KNOWN = {one.name for one in fields(Data)} - {"odd", "more"}


def data_of(value: JsonValue) -> Data:
    """Read the data; what cannot be read is kept in `odd`."""
    if not isinstance(value, dict):
        return Data(odd=(Odd("data", value),))
    taken = Fields(value)
    marked = taken.inside("marked")
    read = Data(
        title=taken.text("title"),
        question=taken.text("question"),
        claims=taken.each("claims", _claim, needs="text"),
        conflicts=taken.each("conflicts", _conflict),
        citations=taken.each("citations", _citation, needs="n"),
        sources=taken.each("sources", _source),
        findings=taken.each("findings", _finding, needs="title"),
        ranking=taken.each("ranking", _placed, needs="label"),
        boundary=taken.texts("boundary"),
        agreement=_pairs(taken.inside("agreement")),
        changes=taken.each("changes", _change, needs="unit"),
        branch=taken.text("branch"),
        commit=taken.text("commit"),
        tables=taken.each("tables", _table),
        coverage=taken.each("coverage", _coverage, needs="unit"),
        cut=taken.each("cut", _cut, needs="what"),
        errors=taken.each("errors", _error, needs="what"),
        marked=None if marked is None else _marked(marked),
        notes=taken.texts("notes"),
    )
    more = tuple(name for name in value if name not in _KNOWN)
    return replace(read, odd=tuple(taken.odd), more=more)


def _claim(taken: Fields) -> Claim:
    return Claim(
        id=taken.text("id"),
        text=taken.text("text"),
        state=taken.text("state"),
        cause=taken.text("cause"),
        qualification=taken.text("qualification"),
        correction=taken.text("correction"),
        error=taken.text("error"),
        votes=taken.counts("votes"),
        failed=taken.text("failed"),
        quotes=taken.each("quotes", _quote, needs="quote"),
        against=taken.each("against", _quote, needs="quote"),
        sources=taken.texts("sources"),
        date=taken.text("date"),
        group=taken.text("group"),
    )


def _quote(taken: Fields) -> Quote:
    return Quote(taken.text("source"), taken.text("quote"), taken.text("line"))


def _conflict(taken: Fields) -> Conflict:
    return Conflict(taken.texts("claims"), taken.text("why"))


def _citation(taken: Fields) -> Citation:
    return Citation(taken.text("n"), taken.text("claim"), taken.text("source"), taken.text("quote"))


def _source(taken: Fields) -> Source:
    return Source(
        id=taken.text("id"),
        title=taken.text("title"),
        path=taken.text("path"),
        url=taken.text("url"),
        date=taken.text("date"),
        kind=taken.text("kind"),
        author=taken.text("author"),
        funder=taken.text("funder"),
        copies=taken.texts("copies"),
        state=taken.text("state"),
        cause=taken.text("cause"),
    )


def _finding(taken: Fields) -> Finding:
    severity = taken.text("severity").lower()
    return Finding(
        id=taken.text("id"),
        title=taken.text("title"),
        file=taken.text("file"),
        line=round(taken.number("line") or 0),
        end_line=round(taken.number("end_line") or 0),
        severity=severity if severity in SEVERITIES else "info",
        why=taken.text("why"),
        quote=taken.text("quote"),
        example=taken.text("example"),
        fix=taken.text("fix"),
        state=taken.text("state"),
        error=taken.text("error"),
        group=taken.text("group"),
    )


def _placed(taken: Fields) -> Placed:
    return Placed(
        place=taken.text("place"),
        label=taken.text("label"),
        strength=taken.text("strength"),
        sd=taken.text("sd"),
        tied=", ".join(taken.texts("tied")),
        why=taken.text("why"),
        p_best=taken.text("p_best"),
    )


def _change(taken: Fields) -> Change:
    return Change(taken.text("unit"), taken.text("state"), taken.text("why"), taken.texts("files"))


def _table(taken: Fields) -> Table:
    return Table(taken.text("title"), taken.texts("columns"), taken.rows("rows"))


def _coverage(taken: Fields) -> Coverage:
    missing = taken.each("missing", _missing, needs="unit")
    return Coverage(taken.text("unit"), taken.text("done"), taken.text("total"), missing)


def _missing(taken: Fields) -> Missing:
    return Missing(taken.text("unit"), taken.text("cause"))


def _cut(taken: Fields) -> Cut:
    return Cut(taken.text("what"), taken.text("shown"), taken.text("total"), taken.texts("rest"))


def _error(taken: Fields) -> StatedError:
    return StatedError(
        taken.text("what"),
        taken.number("p"),
        taken.number("rho"),
        taken.text("basis"),
        taken.number("mean"),
    )


def _marked(taken: Fields) -> Marked:
    return Marked(taken.text("file"), taken.each("sentences", _sentence, needs="text"))


def _sentence(taken: Fields) -> Sentence:
    return Sentence(
        id=taken.text("id"),
        line=taken.text("line"),
        text=taken.text("text"),
        mark=taken.text("mark"),
        note=taken.text("note"),
    )


def _pairs(taken: Fields | None) -> tuple[tuple[str, str], ...]:
    if taken is None:
        return ()
    return tuple((name, written(one)) for name, one in taken.value.items())
