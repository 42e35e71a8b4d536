"""Draws the evidence map: two columns of links and the lines between them, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.map import Map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hocket.launch.reports.document import Section
    from hocket.launch.reports.map import Edge, Node

ROW = 40
"""Units of height for a row; the style says how tall that is."""


def drawing(drawn: Map, foreign: Callable[[str], str], mark: Callable[[str], str]) -> Iterator[str]:
    """Write the figure."""
    ends = f"<span>{drawn.what}</span><span>sources</span>"
    yield f'<figure class="map"><p class="ends">{ends}</p>'
    yield '<div class="cols"><ol>'
    for at, one in enumerate(drawn.claims):
        yield (
            f'<li><a class="c{at} s-{one.state}" {_lead(one)}>{mark(one.state)}'
            f'<span class="words">{foreign(_short(one.text))}</span></a></li>'
        )
    yield "</ol>"
    yield from _lines(drawn)
    yield "<ol>"
    for at, one in enumerate(drawn.sources):
        words = f'<span class="words">{foreign(_short(one.text))}</span>'
        yield f'<li><a class="d{at}" {_lead(one)}>{words}</a></li>'
    yield "</ol></div>"
    yield f"<figcaption>{_caption(drawn)}</figcaption></figure>"


def rules(sections: Sequence[Section]) -> str:
    """Write the style that is the map's own: its height, and who belongs to whom."""
    maps = [one for section in sections for one in section.blocks if isinstance(one, Map)]
    return "".join(f"\n{rule}" for one in maps for rule in _rules(one))


def _rules(drawn: Map) -> Iterator[str]:
    yield f".map{{--rows:{_rows(drawn)}}}"
    claims: dict[int, set[str]] = {}
    sources: dict[int, set[str]] = {}
    for at, edge in enumerate(drawn.edges):
        claims.setdefault(edge.claim, set()).update((f".d{edge.source}", f".e{at}"))
        sources.setdefault(edge.source, set()).update((f".c{edge.claim}", f".e{at}"))
    for letter, found in (("c", claims), ("d", sources)):
        for at, tied in sorted(found.items()):
            near = ",".join([f".{letter}{at}", *sorted(tied)])
            yield f".map:has(.{letter}{at}:is(:hover,:focus-visible)) :is({near}){{opacity:1}}"


def _rows(drawn: Map) -> int:
    return max(len(drawn.claims), len(drawn.sources))


def _lines(drawn: Map) -> Iterator[str]:
    tall = _rows(drawn) * ROW
    yield f'<svg viewBox="0 0 100 {tall}" preserveAspectRatio="none" aria-hidden="true">'
    for at, edge in enumerate(drawn.edges):
        left = _middle(edge.claim, len(drawn.claims), tall)
        right = _middle(edge.source, len(drawn.sources), tall)
        state = drawn.claims[edge.claim].state
        yield (
            f'<path class="e{at} {_stroke(edge)} s-{state}" '
            f'd="M0 {left:g}C55 {left:g} 45 {right:g} 100 {right:g}"/>'
        )
    yield "</svg>"


def _lead(node: Node) -> str:
    """Let a node be reached by keyboard, wherever it leads."""
    return f'href="#{node.anchor}"' if node.anchor else 'tabindex="0"'


def _stroke(edge: Edge) -> str:
    return "against" if edge.against else "for"


def _middle(at: int, count: int, tall: int) -> float:
    """Give the height of an entry; the style spreads a column's entries evenly."""
    return (at + 0.5) * tall / count


def _caption(drawn: Map) -> str:
    against = any(one.against for one in drawn.edges)
    parts = ["Point at an entry to see what belongs together; a click leads to it."]
    parts += ["A broken line speaks against it."] if against else []
    for shown, total, what in (
        (len(drawn.claims), drawn.of_claims, drawn.what),
        (len(drawn.sources), drawn.of_sources, "sources"),
    ):
        parts += [f"{shown:,} of {total:,} {what} drawn."] if shown < total else []
    return " ".join(parts)


def _short(text: str, most: int = 140) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"
