"""Links inside a report: where a list was cut, what would lead nowhere is plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.launch.reports.document import Listing, Prose
from hocket.launch.reports.map import Map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hocket.launch.reports.document import Block, Item, Section, Span
    from hocket.launch.reports.map import Node


def sound(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Give the sections with every link that leads to something in them, and no other."""
    known = set(_anchors(block for section in sections for block in section.blocks))
    return tuple(
        replace(section, blocks=tuple(_block(one, known) for one in section.blocks))
        for section in sections
    )


def _anchors(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Listing):
            for item in block.items:
                yield item.anchor
                yield from _anchors(item.parts)


def _block(block: Block, known: set[str]) -> Block:
    if isinstance(block, Listing):
        return replace(block, items=tuple(_item(one, known) for one in block.items))
    if isinstance(block, Prose):
        return replace(block, spans=_spans(block.spans, known))
    if isinstance(block, Map):
        return replace(
            block, claims=_nodes(block.claims, known), sources=_nodes(block.sources, known)
        )
    return block


def _item(item: Item, known: set[str]) -> Item:
    parts = tuple(_block(one, known) for one in item.parts)
    return replace(item, spans=_spans(item.spans, known), parts=parts)


def _spans(spans: tuple[Span, ...], known: set[str]) -> tuple[Span, ...]:
    return tuple(
        replace(one, kind="dim", to="") if one.kind == "to" and one.to not in known else one
        for one in spans
    )


def _nodes(nodes: tuple[Node, ...], known: set[str]) -> tuple[Node, ...]:
    return tuple(one if one.anchor in known else replace(one, anchor="") for one in nodes)
