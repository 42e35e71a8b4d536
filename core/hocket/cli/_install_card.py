"""The screen before an install as text: a fixed layout in which foreign words begin no row."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

import click

from hocket.cli._output import tell
from hocket.cli._text import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.registry.consent.deciding import Answer
    from hocket.registry.consent.places import Fact
    from hocket.registry.consent.screen import Line, Quote, Screen

WIDTH = 80
_KILO = 1000
_GAP = 3
"""Blanks before the last column; where that makes room for it, one less."""


def ask(screen: Screen) -> Answer:
    """Show it and wait for a person; an empty line, the end and everything unclear are a no."""
    from hocket.registry.consent.deciding import Answer

    for line in lines(screen):
        tell(line)
    typed = frozenset(name for name in screen.to_type if _read(f"Type {name} to go on: ") == name)
    if len(typed) < len(screen.to_type):
        return Answer()
    return Answer(_read(f"{screen.question} [y/N] ").lower() in {"y", "yes"}, typed)


def lines(screen: Screen) -> list[str]:
    """Write it: the plan, where it comes from, what it may and may not, what to look out for."""
    return [
        screen.title,
        *_plan(screen.lines),
        *_facts(screen.facts),
        *_may(screen),
        *(row for text in screen.warnings for row in wrapped(f"! {inert(text)}")),
        *(row for text in screen.notes for row in wrapped(f"note: {inert(text)}")),
        *_quotes(screen.quotes),
    ]


def wrapped(text: str, indent: int = 4) -> list[str]:
    """Break a line that is inert already, so that no terminal breaks it at a place of its own."""
    rows, row = list[str](), ""
    for word in _pieces(text, WIDTH - indent):
        if row.strip() and _cells(row) + _cells(word.rstrip()) > WIDTH:
            rows.append(row.rstrip())
            row = " " * indent + word.lstrip()
        else:
            row += word
    return [*rows, row.rstrip()]


def _plan(found: Sequence[Line]) -> Iterator[str]:
    keys = max((len(one.key) for one in found), default=0)
    versions = max((len(one.version) for one in found), default=0)
    counts = max((len(str(one.files)) for one in found), default=0)
    sizes = max((len(_size(one.size)) for one in found), default=0)
    heads = list[str]()
    for one in found:
        head = f"  {one.mark} {one.key:<{keys}} {one.version:<{versions}}"
        if one.files is not None:
            files = "file " if one.files == 1 else "files"
            head += f"   {one.files:>{counts}} {files}  {_size(one.size):>{sizes}}"
        heads.append(head)
    rows = [(head, inert(one.note)) for head, one in zip(heads, found, strict=True)]
    is_narrow = any(_cells(head) + _cells(note) + _GAP > WIDTH for head, note in rows)
    gap = " " * (_GAP - is_narrow)
    for head, note in rows:
        yield from wrapped(f"{head}{gap}{note}", 6)


def _size(count: int | None) -> str:
    if count is None:
        return ""
    if count < _KILO:
        return f"{count} B"
    if count < _KILO * _KILO:
        return f"{round(count / _KILO)} kB"
    return f"{count / _KILO / _KILO:.1f} MB"


def _facts(found: Sequence[Fact]) -> Iterator[str]:
    width = max((len(one.label) for one in found), default=0) + 2
    for one in found:
        yield from wrapped(f"  {one.label:<{width}}{inert(one.text)}", width + 2)


def _may(screen: Screen) -> Iterator[str]:
    from hocket.registry.consent.places import Fact

    if not screen.may and not screen.may_not:
        return
    yield "When it runs it may, at most:"
    nothing = () if screen.may else (Fact("nothing", "beyond what it computes"),)
    ruled_out = (Fact("not", ", ".join(screen.may_not)),) if screen.may_not else ()
    width = len("network") + 2
    for one in (*screen.may, *nothing, *ruled_out):
        yield from wrapped(f"  {one.label:<{width}}{inert(one.text)}", width + 2)


def _quotes(found: Sequence[Quote]) -> Iterator[str]:
    for one in found:
        who = "It" if len(found) == 1 else inert(one.who)
        text = inert(one.text).replace('"', "'")
        yield from wrapped(f'{who} describes itself (not checked): "{text}"')


def _pieces(text: str, most: int) -> Iterator[str]:
    """Split into words with the blanks behind them; one that fits in no line is cut."""
    word = ""
    for letter in text:
        ends = word.endswith(" ") and letter != " " and word.strip()
        if ends or _cells(word + letter) > most:
            yield word
            word = ""
        word += letter
    if word:
        yield word


def _cells(text: str) -> int:
    return sum(
        0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text
    )


def _read(prompt: str) -> str:
    click.echo(inert(prompt), err=True, nl=False)
    return sys.stdin.readline().strip()
