"""Finds a passage in a text and puts another in its place; line ends stay what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hocket_plugins.tools.files.trouble import Trouble

_SHOWN = 10
"""So many places of a passage that is not unique are named."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text after the change, and the lines where it was changed."""

    text: str
    lines: tuple[int, ...]


def replace(text: str, old: str, new: str, *, everywhere: bool) -> Replaced:
    """Replace the one occurrence, or every one; raises Trouble.

    A model sees every line end as a line feed, so a line feed of `old` also stands for CRLF,
    and those of `new` become what the passage, or else the file, ends its lines with.
    """
    wanted = "\r?\n".join(re.escape(line) for line in _lines(old))
    # Looked for at every place: `a\\na` stands twice in `a\\na\\na`.
    found = list(re.finditer(f"(?={wanted})", text))
    numbers = tuple(text.count("\n", 0, one.start()) + 1 for one in found)
    if not found:
        raise Trouble("the passage is not in the file exactly as given; read that part again")
    if len(found) > 1 and not everywhere:
        places = ", ".join(map(str, numbers[:_SHOWN])) + (", …" if len(found) > _SHOWN else "")
        raise Trouble(
            f"the passage stands {len(found)} times in the file, at lines {places}; "
            "give more of the lines around it, or replace_all"
        )
    ends = _ends_of(text)
    after = re.sub(wanted, lambda one: _ends_of(one[0], ends).join(_lines(new)), text)
    if after == text:
        raise Trouble("the new text is the same as the old")
    return Replaced(after, numbers)


def with_ends_of(before: str, text: str) -> str:
    """Give a text the line ends of the one that it replaces."""
    ends = _ends_of(before)
    return ends.join(_lines(text)) if ends == "\r\n" else text


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _ends_of(text: str, otherwise: str = "\n") -> str:
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    if windows == unix:
        return otherwise
    return "\r\n" if windows > unix else "\n"
