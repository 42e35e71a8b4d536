"""A text in sentences: each character that is no space is in exactly one of them.

Marks of Markdown stay. Code blocks, tables and front matter are one piece each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CODE = "code"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"\|?:?-+:?(\|:?-+:?)+\|?")
_BEGINS = re.compile(r"\s*(#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s)")
_HEADING = re.compile(r"\s*#{1,6}\s")
# Begun only where a run of full stops begins, so that a file of nothing else takes no time.
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]*_`]*+(?=\s)|[。！？]+[”’」』）]*")  # noqa: RUF001
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|e\.g|i\.e|etc|cf|vs|ca|approx|resp|al|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|No|Nr|Fig|"
    r"Eq|Sec|Vol|pp?|ed|eds|Inc|Ltd|Co|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec|z\.B|d\.h|bzw|"
    r"usw))\.$"
)
_OPENING = "\"'“‘«([*_`"  # noqa: RUF001
_WIDE = "。！？"  # noqa: RUF001
_NEAR = 40
"""So many characters around a full stop say whether a sentence ends there."""
_LONGEST_MARKS = 2_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or piece of code, and the line it begins in."""

    line: int
    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """Split a text."""
    lines = re.split(r"\r\n|\r|\n", text)
    found: list[Sentence] = []
    for block, is_code in _blocks([_Line(number, line) for number, line in enumerate(lines, 1)]):
        if is_code:
            written = "\n".join(line.text.rstrip() for line in block)
            found.append(Sentence(block[0].number, written, is_code=True))
        else:
            for one in _split(block):
                _put(found, one)
    return found


def _put(found: list[Sentence], one: Sentence) -> None:
    """Add a sentence; a mark that says nothing by itself goes with the one before it."""
    last = found[-1] if found else one
    is_alone = not found or last.is_code or len(last.text) > _LONGEST_MARKS
    if is_alone or any(map(str.isalnum, one.text)):
        found.append(one)
    else:
        found[-1] = Sentence(last.line, f"{last.text} {one.text}")


def _blocks(lines: Sequence[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """Give paragraphs, headings and list items, and pieces of code whole."""
    paragraph: list[_Line] = []
    at = 0
    while at < len(lines):
        length = _code(lines, at)
        line = lines[at]
        if paragraph and (length or not line.text.strip() or _BEGINS.match(line.text)):
            yield paragraph, False
            paragraph = []
        if length:
            yield list(lines[at : at + length]), True
        elif line.text.strip():
            paragraph.append(line)
            if _HEADING.match(line.text):
                yield paragraph, False
                paragraph = []
        at += length or 1
    if paragraph:
        yield paragraph, False


def _code(lines: Sequence[_Line], at: int) -> int:
    """Count the lines of the code, table or front matter that begins here; 0: none does."""
    text = lines[at].text
    if fence := _FENCE.match(text):
        return _until(lines, at, fence[1])
    if at == 0 and text.rstrip() == "---":
        return _front_matter(lines)
    if text.lstrip().startswith("|"):
        return _while(lines, at, "|")
    is_table = "|" in text and at + 1 < len(lines) and _is_rule(lines[at + 1].text)
    return _while(lines, at, "") if is_table else 0


def _is_rule(text: str) -> bool:
    return _RULE.fullmatch("".join(text.split())) is not None


def _until(lines: Sequence[_Line], at: int, fence: str) -> int:
    for end in range(at + 1, len(lines)):
        closing = lines[end].text.strip()
        if len(closing) >= len(fence) and set(closing) == {fence[0]}:
            return end + 1 - at
    return len(lines) - at


def _front_matter(lines: Sequence[_Line]) -> int:
    for count, line in enumerate(lines[1:], 2):
        if line.text.rstrip() in {"---", "..."}:
            return count
        if not line.text.strip():
            return 0
    return 0


def _while(lines: Sequence[_Line], at: int, beginning: str) -> int:
    end = at
    while end < len(lines):
        text = lines[end].text.strip()
        if not text.startswith(beginning) or "|" not in text:
            break
        end += 1
    return end - at


def _split(block: Sequence[_Line]) -> Iterator[Sentence]:
    """Split a paragraph where sentences end, and say in which line each begins."""
    whole = "\n".join(line.text for line in block)
    number, counted = block[0].number, 0
    for begin, end in _spans(whole):
        text = " ".join(whole[begin:end].split())
        if text:
            first = end - len(whole[begin:end].lstrip())
            number, counted = number + whole.count("\n", counted, first), first
            yield Sentence(number, text)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for end in _END.finditer(text):
        if _is_end(text, begin, end):
            yield begin, end.end()
            begin = end.end()
    yield begin, len(text)


def _is_end(text: str, begin: int, end: re.Match[str]) -> bool:
    if end[0][0] in _WIDE:
        return True
    after = text[end.end() : end.end() + _NEAR].lstrip().lstrip(_OPENING)
    before = text[max(begin, end.start() - _NEAR) : end.start() + 1]
    if after[:1].islower() or not any(map(str.isalpha, before)):
        return False  # a number before the first word is that of an item
    return end[0][0] != "." or not _ABBREVIATED.search(before)
