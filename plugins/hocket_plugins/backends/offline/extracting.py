"""What of a text can be checked, sentence by sentence; each ends on one of two sides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk

_OPINION = re.compile(
    r"\b(I|we) (think|believe|feel|hope|guess|suppose|like|love|prefer|recommend)\b"
    r"|\bin (my|our) (view|opinion)\b|\b(should|ought to|probably|perhaps|maybe|arguably|hopefully"
    r"|unfortunately|beautiful|ugly|wonderful|terrible|best|worst|nicest|amazing|boring)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"\b(is defined as|are defined as|refers to|means|denotes|is called|are called)\b"
    r"|^(an? |the )?[\w -]{2,40} (is|are) (an? |any |the (name|term|word) )",
    re.IGNORECASE,
)


def statements(desk: Desk) -> JsonValue:
    """Part what can be checked from what cannot; every sentence ends on one of the two sides."""
    told: list[JsonValue] = []
    others: list[JsonValue] = []
    for row in items.rows(desk.item, "sentences"):
        name, text = items.text(row, "id"), items.text(row, "text")
        why = _uncheckable(desk, text, is_code=items.text(row, "kind") == "code")
        if why is not None:
            others.append({"sentence": name, "why": why})
            continue
        numbers = [one.text for one in desk.library.read(text).quantities]
        importance = "high" if numbers else "normal"
        told.append(
            {"sentence": name, "text": text, "importance": importance, "numbers": [*numbers]}
        )
    return {"statements": told, "others": others}


def _uncheckable(desk: Desk, text: str, *, is_code: bool) -> str | None:
    if is_code:
        return "code"
    bare = text.strip()
    if bare.startswith("#") or not re.search(r"[.!?\u2026\u3002]\W*$", bare):
        return "heading"
    if re.search(r"\?\W*$", bare):
        return "question"
    told = desk.library.read(bare)
    if _OPINION.search(bare) and not told.quantities:
        return "opinion"
    is_bare = not told.names and not told.quantities
    return "definition" if is_bare and _DEFINITION.search(bare) else None
