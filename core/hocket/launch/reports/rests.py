"""The block that ends every report: what it rests on, and what is not in it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from hocket.launch.reports.data import QUALIFIED, UNVERIFIED
from hocket.launch.reports.document import Code, Item, Listing, Prose, Section, Span, said
from hocket.launch.reports.fields import written
from hocket.launch.reports.figures import duration, share
from hocket.launch.reports.words import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.launch.reports.cuts import Cuts
    from hocket.launch.reports.data import Coverage, Cut, Data, StatedError
    from hocket.launch.reports.document import Block
    from hocket.launch.reports.index import Index
    from hocket.launch.reports.told import Told
    from hocket.launch.reports.words import Words

_COUNTED = re.compile(r"verify: \d+ of \d+ claims (?:are unverified|hold only with a limit)")
"""What is counted by the claims of the report already."""
TITLE = "What this rests on"
_UNSTATED = "nobody said how often it is wrong"
_NAMED = 8
"""Names that are listed before the rest is counted."""
_LONGEST = 4_000
"""Characters of an unreadable value that are shown."""


def rests(index: Index, words: Words, cuts: Cuts, run: Told, *, complete: bool) -> Section:
    """Write the block; it is there whatever the run found."""
    data = index.data
    rows = [
        *_covered(data, complete=complete),
        *_calls(run),
        *_open(index, words),
        *_cut(data.cut, cuts.made),
        *(_errors(data) if words.by_votes else ()),
        ("How it was made", words.limits),
        *_notes(data, run, words),
        ("Cost", _cost(run)),
    ]
    items = tuple(Item((Span(f"{head}: ", "strong"), *said(text))) for head, text in rows if text)
    return Section(TITLE, "rests", (Listing(items, "rests"), *_odd(data)))


def _covered(data: Data, *, complete: bool) -> Iterator[tuple[str, str]]:
    for one in data.coverage:
        if one.total == one.done == "1" and len(data.coverage) > 1:
            continue  # that the one plan was made tells nobody anything
        yield "Covered", f"{one.done} of {one.total} {one.unit}"
    missing = "; ".join(_missing(one) for one in data.coverage if one.missing)
    yield "Not covered", missing
    if not complete and not missing:
        yield "Not covered", "something could not be done, and nothing more is known of it"


def _missing(one: Coverage) -> str:
    by_cause: dict[str, list[str]] = {}
    for each in one.missing:
        by_cause.setdefault(each.cause or "no reason given", []).append(each.unit)
    told = (f"{cause} ({len(units):,}): {_some(units)}" for cause, units in by_cause.items())
    return f"{one.unit}: {', '.join(told)}"


def _calls(run: Told) -> Iterator[tuple[str, str]]:
    yield "Calls", " · ".join(f"{state} {count:,}" for state, count in run.census)
    yield "Failed calls", ", ".join(f"{cause} ({count:,})" for cause, count in run.failed[:_NAMED])


def _open(index: Index, words: Words) -> Iterator[tuple[str, str]]:
    claims = [(index.state(at), one) for at, one in enumerate(index.data.claims)]
    by_title: dict[str, list[str]] = {}
    for state in (UNVERIFIED, QUALIFIED, CONFLICT):
        for at, (found, one) in enumerate(claims):
            if found == state:
                by_title.setdefault(index.title(at), []).append(words.why(one.cause))
    for title, causes in by_title.items():
        if causes:
            named = Counter(cause for cause in causes if cause).most_common(_NAMED)
            told = ", ".join(f"{cause} ({count:,})" for cause, count in named)
            yield (
                title,
                f"{len(causes):,} of {len(claims):,} {words.claims}" + (told and f": {told}"),
            )


def _cut(given: Sequence[Cut], made: Sequence[Cut]) -> Iterator[tuple[str, str]]:
    told = [f"{one.what}: {one.shown} of {one.total} shown{_rest(one)}" for one in (*given, *made)]
    yield "Shortened", "; ".join([*told, "all in result.json"] if told else [])


def _rest(one: Cut) -> str:
    return f" (not {_some(one.rest)})" if one.rest else ""


def _errors(data: Data) -> Iterator[tuple[str, str]]:
    for one in data.errors:
        yield "Error", f"{one.what}: {', '.join(_stated(one)) or _UNSTATED}"


def _stated(one: StatedError) -> Iterator[str]:
    if one.mean is not None:
        yield f"wrong in about {share(one.mean)}"
    if one.p is not None:
        yield f"if a single call is wrong in {share(one.p)}"
    if one.rho is not None:
        yield f"and errors of calls go together by {one.rho:g} (0 never, 1 always)"
    if one.basis:
        assumed = one.basis == "assumed"
        yield "which is assumed, not measured" if assumed else f"taken from {one.basis}"


def _notes(data: Data, run: Told, words: Words) -> Iterator[tuple[str, str]]:
    for note in dict.fromkeys((*data.notes, *run.notes)):
        if data.claims and _COUNTED.match(note):
            continue
        yield "Note", words.plain(note)
    if data.more:
        yield "Not shown", f"{_some(data.more)}; all in result.json"
    if data.odd:
        yield "Not readable", f"{_some([one.where for one in data.odd])}; shown below as it is"


def _cost(run: Told) -> str:
    paid = "price unknown" if run.usd is None else f"${run.usd:,.2f}"
    return f"{run.tokens:,} tokens, {paid}, {duration(run.seconds)}"


def _odd(data: Data) -> Iterator[Block]:
    for one in data.odd[:_NAMED]:
        yield Prose((Span(one.where, "code"),), "meta")
        yield Code(written(one.value)[:_LONGEST])


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return shown if more <= 0 else f"{shown} and {more:,} more"
