"""The sources of a report, with who stands behind them, and those that were left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.document import (
    Heading,
    Item,
    Listing,
    Quoted,
    Section,
    Span,
    joined,
    said,
)

if TYPE_CHECKING:
    from hocket.launch.reports.cuts import Cuts
    from hocket.launch.reports.data import Citation, Source
    from hocket.launch.reports.document import Block
    from hocket.launch.reports.index import Index


def cited(index: Index, cuts: Cuts) -> Section | None:
    """Give what numbers of the text stand for, where no claim says it."""
    if not index.unclaimed:
        return None
    shown = cuts.of("quotes that are cited", index.unclaimed)
    first = {one.n: at for at, one in reversed([*enumerate(shown)])}
    items = tuple(_cited(index, one, is_first=first[one.n] == at) for at, one in enumerate(shown))
    return Section("Cited", "cited", (Listing(items, "cited"),))


def _cited(index: Index, one: Citation, *, is_first: bool) -> Item:
    anchor = f"cited-{one.n}" if is_first and one.n.isalnum() else ""
    number = Span(f"[{one.n}] ", "dim")
    called = index.called(one.source)
    if not one.quote:
        return Item((number, Span(called)), anchor=anchor)
    return Item((number,), (Quoted(one.quote, called),), anchor)


def sources(index: Index, cuts: Cuts) -> Section | None:
    """Give all sources, each once."""
    found = [*enumerate(index.data.sources)]
    if not found:
        return None
    read = [_item(at, one) for at, one in found if one.was_read]
    left = [_item(at, one) for at, one in found if not one.was_read]
    blocks: list[Block] = []
    if read:
        blocks.append(Listing(tuple(cuts.of("sources", read)), "sources"))
    if left:
        blocks.append(Heading("Not read", len(left)))
        blocks.append(Listing(tuple(cuts.of("sources not read", left)), "sources"))
    return Section("Sources", "sources", tuple(blocks))


def _item(at: int, source: Source) -> Item:
    address = source.url or source.path
    copies = len(source.copies)
    spans = joined(
        said(source.name, "strong"),
        said(address if address != source.name else "", "code"),
        said(source.author and f"by {source.author}"),
        said(source.funder and f"funded by {source.funder}"),
        said(source.kind if source.kind != "unknown" else ""),
        said(source.date),
        said(f"counts once with its copies {', '.join(source.copies)}" if copies else ""),
        said("" if source.was_read else source.state),
        said(source.cause),
    )
    return Item(spans, anchor=f"source-{at + 1}")
