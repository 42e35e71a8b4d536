"""Text that is put where a reader does not look: between letters, and far below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.linting.texts import Text

FARTHEST = 100
"""So many blank lines, and nobody looks for more beneath."""
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u180e]")
_JOINERS = "\u200c\u200d"
_SELECTOR = "\ufe0f"
_GAP = re.compile(rf"\n(?:[^\S\n]*\n){{{FARTHEST},}}")


def zero_widths(text: Text) -> Iterator[tuple[int, str]]:
    """Give the first character without width in a text, but in emoji and scripts that need it."""
    if text.content.isascii():
        return
    for found in _UNSEEN.finditer(text.content):
        if not _belongs(text.content, found.start()):
            yield found.start(), f"holds U+{ord(found[0]):04X}, which nobody sees"
            return


def gaps(text: Text) -> Iterator[tuple[int, str]]:
    """Give each text that begins after very many blank lines, with where it does."""
    for found in _GAP.finditer(f"\n{text.content}"):
        end = found.end() - 1
        if text.content[end:].strip():
            blank = found[0].count("\n") - 1
            yield end, f"goes on after {blank} blank lines"


def _belongs(content: str, place: int) -> bool:
    """Whether it joins emoji, or letters of a script that is written with it."""
    before, after = content[max(0, place - 1) : place], content[place + 1 : place + 2]
    if content[place] not in _JOINERS or not before or not after:
        return False
    joins = content[place] == "\u200d" and _is_symbol(before) and _is_symbol(after)
    return joins or (_is_foreign(before) and _is_foreign(after))


def _is_symbol(letter: str) -> bool:
    return letter == _SELECTOR or category(letter) in {"So", "Sk", "Sm"}


def _is_foreign(letter: str) -> bool:
    # Arabic and the scripts of India; no letter of Europe has a form that depends on its neighbour.
    return "\u0600" <= letter <= "\u18af" and category(letter)[0] in "LM"
