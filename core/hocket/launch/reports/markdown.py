"""Writes a report as Markdown that reads well as plain text, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.inert import markdown as inert
from hocket.launch.reports.document import Code, Grid, Heading, Listing, Prose, Quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.launch.reports.document import Block, Item, Section, Span

_LEADS = re.compile(r"(?=[#>+*=~|-]|`{3})|(?<=\A)(\d+)(?=[.)])")
_SPACES = re.compile(r"\s+")
_TICKS = re.compile(r"`+")


def markdown(head: Sequence[str], sections: Sequence[Section]) -> str:
    """Write it; as a whole it is inert, since two harmless pieces could be a link together."""
    lines = [*head]
    for section in sections:
        lines += ["", f"## {line(section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block, "")]
    return inert("\n".join(lines)).strip() + "\n"


def line(text: str) -> str:
    """Write foreign words on one line, where they begin no block of their own."""
    return _led(_folded(text).strip())


def safe(text: str) -> str:
    """Make a piece inert before it stands beside others: none may swallow what follows it."""
    return inert(text)


def _folded(text: str) -> str:
    return _SPACES.sub(" ", safe(text))


def _led(text: str) -> str:
    found = _LEADS.match(text)
    if found is None:
        return text
    return f"{found[1]}\\{text[len(found[1]) :]}" if found[1] else f"\\{text}"


def _block(block: Block, indent: str) -> Iterator[str]:
    if isinstance(block, Heading):
        count = f": {block.told}" if block.told else ""
        yield f"{indent}### {line(block.text)}{count}"
    elif isinstance(block, Prose):
        yield indent + _spans(block.spans)
    elif isinstance(block, Quoted):
        yield f"{indent}- {_quoted(block)}" if indent else f"> {_quoted(block)}"
    elif isinstance(block, Code):
        yield from _code(block, indent)
    elif isinstance(block, Listing):
        for item in block.items:
            yield from _item(item, indent)
    elif isinstance(block, Grid):
        yield from _grid(block)


def _quoted(block: Quoted) -> str:
    head = "Against: " if block.kind == "against" else ""
    by = f" — {line(block.by)}" if block.by else ""
    return f"{head}“{_folded(block.text).strip()}”{by}"


def _item(item: Item, indent: str) -> Iterator[str]:
    yield f"{indent}- {_spans(item.spans)}"
    below = indent + "  "
    for part in item.parts:
        if isinstance(part, Prose):
            yield f"{below}- {_spans(part.spans)}"
        else:
            yield from _block(part, below)


def _code(block: Code, indent: str) -> Iterator[str]:
    text = safe(block.text)
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    if indent:
        yield ""
    yield f"{indent}{fence}"
    yield from (f"{indent}{one}" for one in text.split("\n"))
    yield f"{indent}{fence}"
    if indent:
        yield ""


def _spans(spans: Sequence[Span]) -> str:
    return "".join(_span(one, first=at == 0) for at, one in enumerate(spans)).strip()


def _span(span: Span, *, first: bool) -> str:
    text = _folded(span.text)
    core = text.strip()
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if span.kind in ("strong", "state") and "**" not in core:
        core = f"**{core}**"
    elif span.kind == "em" and "*" not in core:
        core = f"*{core}*"
    elif span.kind == "code" and "`" not in core:
        core = f"`{core}`"
    elif first:
        core = _led(core)
    return before + core + after


def _grid(grid: Grid) -> Iterator[str]:
    width = max((len(row) for row in (grid.columns, *grid.rows)), default=0)
    if not width:
        return
    yield _row(grid.columns, width)
    yield _row(["---"] * width, width)
    yield from (_row(row, width) for row in grid.rows)


def _row(cells: Sequence[str], width: int) -> str:
    told = [_folded(cell).strip().replace("|", "\\|") for cell in cells]
    return "| " + " | ".join([*told, *[""] * (width - len(told))]) + " |"
