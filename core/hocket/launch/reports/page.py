"""Writes a report as one page that needs no network, no script, and trusts nothing in it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from hocket.api.inert import html as inert
from hocket.api.inert import markdown
from hocket.launch.reports.document import Code, Grid, Heading, Listing, Prose, Quoted
from hocket.launch.reports.drawing import drawing, rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.launch.reports.document import Block, Item, Section, Span

_TAG = re.compile(r"&lt;(?=[A-Za-z/!?]|\Z)")
_NAME = re.compile(r"[a-z][a-z-]*\Z")
MARKS = {
    **dict.fromkeys(("supported", "applied"), "●"),
    **dict.fromkeys(("qualified", "rerun"), "◐"),
    "conflict": "◆",
    **dict.fromkeys(("refuted", "rejected"), "✕"),
    "unverified": "○",
    "ruled-out": "-",
    "critical": "▲",
    "high": "▲",
    "medium": "■",
    "low": "▪",
    "info": "·",
}
"""A shape beside every colour."""
_TAGS = {"strong": "strong", "em": "em", "code": "code"}


@dataclass(frozen=True, slots=True)
class Top:
    """What stands above all sections."""

    title: str
    question: str
    opening: str
    notice: str
    name: str


def page(top: Top, sections: Sequence[Section]) -> str:
    """Write the page; its policy forbids everything but the one style in it."""
    style = files("hocket.launch.reports").joinpath("page.css").read_text("utf-8") + rules(sections)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{foreign(top.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#main">To the text</a>',
            *_header(top, sections),
            '<main id="main">',
            *(part for section in sections for part in _section(section)),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def foreign(text: str) -> str:
    """Write words of others: inert as in Markdown, then escaped; nothing in them is a tag."""
    return inert(_TAG.sub("<", markdown(text)))


def mark(state: str) -> str:
    """Draw the shape of a state; the word stands beside it."""
    shape = MARKS.get(state)
    return f'<span class="mark" aria-hidden="true">{shape}</span> ' if shape else ""


def kind(state: str) -> str:
    """Name the class of a state; one that nobody knows has none."""
    return f"s-{state}" if state in MARKS else ""


def _header(top: Top, sections: Sequence[Section]) -> Iterator[str]:
    yield "<header>"
    if top.opening:
        yield f'<p class="opening">{foreign(top.opening)}</p>'
    yield f'<p class="name">{foreign(top.name)}</p>' if top.name else ""
    yield f"<h1>{foreign(top.title)}</h1>"
    if top.question:
        yield f'<p class="question">{foreign(top.question)}</p>'
    if top.notice:
        yield f'<p class="notice" role="note">{foreign(top.notice)}</p>'
    yield from _counts(sections)
    links = " ".join(f'<a href="#{one.anchor}">{foreign(one.title)}</a>' for one in sections)
    yield f'<nav aria-label="Parts of this report">{links}</nav>'
    yield "</header>"


def _counts(sections: Sequence[Section]) -> Iterator[str]:
    """Sum up what has a state: shape, count and word, each leading to its list."""
    told = [
        f'<li class="{kind(one.state)}"><a href="#{_group(section, one)}">{mark(one.state)}'
        f"<b>{one.count:,}</b> {foreign(one.text.lower())}</a></li>"
        for section in sections
        for one in section.blocks
        if isinstance(one, Heading) and one.count is not None and one.state in MARKS
    ]
    if told:
        yield f'<ul class="counts">{"".join(told)}</ul>'


def _group(section: Section, head: Heading) -> str:
    return f"{section.anchor}-{head.state}" if _NAME.match(head.state) else section.anchor


def _section(section: Section) -> Iterator[str]:
    name = f"{section.anchor}-title"
    yield f'<section id="{section.anchor}" class="{section.anchor}" aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{foreign(section.title)}</h2>'
    for block in section.blocks:
        if isinstance(block, Heading):
            yield _heading(section, block)
        else:
            yield from _block(block)
    yield "</section>"


def _heading(section: Section, head: Heading) -> str:
    anchor = f' id="{_group(section, head)}"' if head.state in MARKS else ""
    count = f' <span class="count">{head.told}</span>' if head.told else ""
    return (
        f"<h3{anchor}{_class(kind(head.state))}>{mark(head.state)}{foreign(head.text)}{count}</h3>"
    )


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h4>{foreign(block.text)}</h4>"
    elif isinstance(block, Prose):
        yield f"<p{_class(block.kind)}>{_spans(block.spans)}</p>"
    elif isinstance(block, Quoted):
        yield _quoted(block)
    elif isinstance(block, Code):
        yield f'<pre tabindex="0"><code>{foreign(block.text)}</code></pre>'
    elif isinstance(block, Listing):
        yield from _list(block)
    elif isinstance(block, Grid):
        yield from _grid(block)
    else:
        yield from drawing(block, foreign, mark)


def _quoted(block: Quoted) -> str:
    by = f"<footer>{foreign(block.by)}</footer>" if block.by else ""
    head = '<b class="side">Against</b>' if block.kind == "against" else ""
    return f"<blockquote{_class(block.kind)}>{head}<p>{foreign(block.text)}</p>{by}</blockquote>"


def _list(block: Listing) -> Iterator[str]:
    tag = "ol" if block.kind == "numbered" else "ul"
    yield f"<{tag}{_class(block.kind)}>"
    for item in block.items:
        yield from _item(item)
    yield f"</{tag}>"


def _item(item: Item) -> Iterator[str]:
    names = " ".join(one for one in (kind(item.state), item.depth and f"deep{item.depth}") if one)
    anchor = f' id="{item.anchor}"' if item.anchor else ""
    head = f"{mark(item.state)}{_spans(item.spans)}"
    yield f'<li{_class(names)}{anchor}><div class="head">{head}</div>'
    for part in item.parts:
        yield from _block(part)
    yield "</li>"


def _grid(grid: Grid) -> Iterator[str]:
    yield '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>'
    if any(grid.columns):
        heads = "".join(f'<th scope="col">{foreign(one)}</th>' for one in grid.columns)
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in grid.rows:
        yield "<tr>" + "".join(f"<td>{foreign(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"


def _spans(spans: Sequence[Span]) -> str:
    return "".join(_span(one) for one in spans)


def _span(span: Span) -> str:
    text = foreign(span.text)
    if span.kind == "to":
        return f'<a class="to" href="#{span.to}">{text}</a>'
    if tag := _TAGS.get(span.kind):
        return f"<{tag}>{text}</{tag}>"
    if span.kind in ("dim", "state"):
        return f'<span class="{span.kind}">{text}</span>'
    return text


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
