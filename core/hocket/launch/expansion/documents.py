"""`text`: a file in pages of whole sentences, each with an id and its line."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.launch.expansion.found import EVERY, Found, Unusable, pointer
from hocket.launch.expansion.sentences import CODE, sentences

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.expansion.asking import Asking
    from hocket.launch.expansion.sentences import Sentence

PAGE = 3_000
"""Characters of a page; a longer sentence has one of its own."""


def text(asking: Asking) -> Found:
    """Read a file."""
    typed = asking.word
    place = asking.ground.place(typed)
    if place.is_dir():
        raise Unusable(f"{typed} is a folder", "a file")
    content = asking.reader.content(place, typed)
    read = asking.reader.decoded(content, typed)
    value: JsonValue = {
        "file": asking.ground.name(place),
        "sha256": sha256(content).hexdigest(),
        "pages": pages(sentences(read)),
    }
    sources = asking.sources(typed, place)
    words = pointer("pages", EVERY, "sentences", EVERY, "text")
    return Found(value, {words: sources} if sources else {})


def pages(found: list[Sentence]) -> list[JsonValue]:
    """Put sentences on pages."""
    sheets: list[list[JsonValue]] = [[]]
    room = PAGE
    for number, one in enumerate(found, 1):
        if sheets[-1] and len(one.text) > room:
            sheets.append([])
            room = PAGE
        room -= len(one.text) + 1
        kind: dict[str, JsonValue] = {"kind": CODE} if one.is_code else {}
        sheets[-1].append({"id": f"s{number}", "line": one.line, "text": one.text, **kind})
    return [{"page": page, "sentences": sheet} for page, sheet in enumerate(sheets, 1) if sheet]
