"""What a report shows in rows: an order, the work that was done, and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.document import (
    Grid,
    Heading,
    Item,
    Listing,
    Prose,
    Section,
    Span,
    joined,
    said,
)
from hocket.launch.reports.figures import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.launch.reports.cuts import Cuts
    from hocket.launch.reports.data import Change, Data, Marked, Placed
    from hocket.launch.reports.document import Block
    from hocket.launch.reports.words import Words

_CHANGED = ("applied", "rerun", "rejected", "left")


def ranking(data: Data, cuts: Cuts) -> Section | None:
    """Give the order, and how sure it is."""
    if not data.ranking:
        return None
    blocks: list[Block] = [_order(cuts.of("places", data.ranking))]
    if data.boundary:
        close = ", ".join(data.boundary)
        blocks.append(Prose((Span("Too close to call at the cut: ", "em"), Span(close))))
    if data.agreement:
        told = ", ".join(f"{name} {value}" for name, value in data.agreement)
        blocks.append(Prose((Span("Agreement of the judges: ", "em"), Span(told))))
    return Section("Order", "order", tuple(blocks))


def _order(placed: Sequence[Placed]) -> Grid:
    """Make the rows; a column in which nothing stands is not shown."""
    columns = {
        "": [one.place for one in placed],
        "item": [one.label for one in placed],
        "strength": [_strength(one) for one in placed],
        "is the best": [share(one.p_best) if one.p_best else "" for one in placed],
        "tied with": [one.tied for one in placed],
        "why": [one.why for one in placed],
    }
    kept = {title: cells for title, cells in columns.items() if any(cells)}
    return Grid(tuple(kept), tuple(zip(*kept.values(), strict=True)))


def _strength(one: Placed) -> str:
    return f"{one.strength} ± {one.sd}" if one.strength and one.sd else one.strength


def changes(data: Data, cuts: Cuts) -> Section | None:
    """Give what was changed, and what was not."""
    if not (data.changes or data.branch or data.commit):
        return None
    blocks: list[Block] = []
    if data.branch or data.commit:
        blocks.append(Prose(_branch(data)))
    states = dict.fromkeys((*_CHANGED, *(one.state for one in data.changes)))
    for state in states:
        if some := [one for one in data.changes if one.state == state]:
            title = state.capitalize() or "Done"
            shown = cuts.of(f"{title.lower()} changes", some)
            blocks.append(Heading(title, len(some), state, len(shown)))
            blocks.append(Listing(tuple(_change(one) for one in shown), "changes"))
    return Section("Changes", "changes", tuple(blocks))


def _branch(data: Data) -> tuple[Span, ...]:
    spans = [Span("On branch "), Span(data.branch, "code")] if data.branch else [Span("Committed")]
    if data.commit:
        spans += [Span(" as "), Span(data.commit, "code")]
    return (*spans, Span("."))


def _change(one: Change) -> Item:
    files = said(", ".join(one.files), "code")
    return Item(joined(said(one.unit, "strong"), said(one.why), files), state=one.state)


def tables(data: Data, cuts: Cuts) -> Section | None:
    """Give the tables of the data."""
    if not data.tables:
        return None
    blocks: list[Block] = []
    for one in data.tables:
        name = one.title or "table"
        blocks += [Heading(one.title)] if one.title else []
        blocks.append(Grid(one.columns, tuple(cuts.of(f"rows of {name}", one.rows))))
    return Section("Tables", "tables", tuple(blocks))


def marked(data: Data, words: Words) -> Section | None:
    """Give the document that was looked at, sentence by sentence; it is never cut."""
    if data.marked is None or not data.marked.sentences:
        return None
    items = tuple(
        Item(
            (Span(words.states.get(one.mark, one.mark), "state"), Span(f" {one.text}")),
            (Prose(said(one.note), "meta"),) if one.note else (),
            state=words.shown(one.mark),
        )
        for one in data.marked.sentences
    )
    return Section(_title(data.marked), "marked", (Listing(items, "marked"),))


def _title(document: Marked) -> str:
    return f"{document.file}, sentence by sentence" if document.file else "Sentence by sentence"
