"""The text of a report, read as the blocks that a page is made of: the Markdown people write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.launch.reports.document import (
    Code,
    Grid,
    Heading,
    Item,
    Listing,
    Prose,
    Quoted,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.launch.reports.document import Block

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*\Z")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,4}[.)])\s+(.*)")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*\Z")
_BAR = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
_INLINE = re.compile(
    r"\*\*(?P<strong>\S.{0,300}?)\*\*|`(?P<code>[^`]{1,300})`|\[(?P<to>\d{1,5})\]"
    r"|(?<![\w*\\])\*(?P<em>[^\s*][^*]{0,300}?)\*(?![\w*])|(?<![\w\\])_(?P<em_>[^\s_][^_]{0,300}?)_(?!\w)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def blocks(text: str, targets: Mapping[str, str]) -> tuple[Block, ...]:
    """Read a text; numbers in brackets lead where `targets` says."""
    reader = _Reader(text.split("\n"), targets)
    while reader.at < len(reader.lines):
        reader.read()
    return tuple(reader.made)


def spans(text: str, targets: Mapping[str, str]) -> tuple[Span, ...]:
    """Read the forms inside a line."""
    made: list[Span] = []
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            made.append(Span(_bare(text[at : found.start()])))
        made.append(_form(found, targets))
        at = found.end()
    if at < len(text):
        made.append(Span(_bare(text[at:])))
    return tuple(made)


def _form(found: re.Match[str], targets: Mapping[str, str]) -> Span:
    if (number := found["to"]) is not None:
        target = targets.get(number, "")
        return Span(f"[{number}]", "to" if target else "dim", target)
    if found["code"] is not None:
        return Span(found["code"], "code")
    if found["strong"] is not None:
        return Span(_bare(found["strong"]), "strong")
    return Span(_bare(found["em"] or found["em_"]), "em")


def _bare(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


@dataclass(slots=True)
class _Reader:
    """Reads block by block."""

    lines: list[str]
    targets: Mapping[str, str]
    at: int = 0
    made: list[Block] = field(default_factory=list["Block"])

    def read(self) -> None:
        """Read the next block."""
        line = self.lines[self.at]
        if not line.strip() or _RULE.match(line):
            self.at += 1
        elif fence := _FENCE.match(line):
            self._code(fence[1])
        elif heading := _HEADING.match(line):
            self.made.append(Heading(_bare(heading[1])))
            self.at += 1
        elif line.lstrip().startswith(">"):
            self._quote()
        elif self._is_table():
            self._table()
        elif _ITEM.match(line):
            self._list()
        else:
            self._prose()

    def _code(self, fence: str) -> None:
        begin = self.at + 1
        end = begin
        while end < len(self.lines) and not self.lines[end].strip().startswith(fence):
            end += 1
        self.made.append(Code("\n".join(self.lines[begin:end])))
        self.at = end + 1

    def _quote(self) -> None:
        words: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at].lstrip().startswith(">"):
            words.append(self.lines[self.at].lstrip().lstrip("> "))
            self.at += 1
        self.made.append(Quoted(_bare(" ".join(words)), ""))

    def _is_table(self) -> bool:
        below = self.lines[self.at + 1 : self.at + 2]
        return "|" in self.lines[self.at] and bool(below) and bool(_BAR.match(below[0]))

    def _table(self) -> None:
        columns = _cells(self.lines[self.at])
        self.at += 2
        rows: list[tuple[str, ...]] = []
        while self.at < len(self.lines) and "|" in self.lines[self.at]:
            rows.append(_cells(self.lines[self.at]))
            self.at += 1
        self.made.append(Grid(columns, tuple(rows)))

    def _list(self) -> None:
        items: list[Item] = []
        numbered = self.lines[self.at].lstrip()[0].isdigit()
        while self.at < len(self.lines) and (found := _ITEM.match(self.lines[self.at])):
            words = [found[3]]
            self.at += 1
            while self.at < len(self.lines) and self._goes_on():
                words.append(self.lines[self.at].strip())
                self.at += 1
            depth = min(len(found[1].expandtabs(4)) // 2, 4)
            items.append(Item(spans(" ".join(words), self.targets), depth=depth))
        self.made.append(Listing(tuple(items), "numbered" if numbered else ""))

    def _goes_on(self) -> bool:
        line = self.lines[self.at]
        return line.startswith("  ") and bool(line.strip()) and not _ITEM.match(line)

    def _prose(self) -> None:
        words = [self.lines[self.at].strip()]
        self.at += 1
        while self.at < len(self.lines) and not self._begins():
            words.append(self.lines[self.at].strip())
            self.at += 1
        self.made.append(Prose(spans(" ".join(words), self.targets)))

    def _begins(self) -> bool:
        line = self.lines[self.at]
        opens = _FENCE.match(line) or _HEADING.match(line) or _ITEM.match(line)
        return bool(opens) or not line.strip() or line.lstrip().startswith(">")


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_bare(cell.strip()) for cell in line.strip().strip("|").split("|"))
