"""`folders`: where to look, and every text that is there, by an id."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.launch.expansion.files import Files, is_shown
from hocket.launch.expansion.found import Found, Unusable, pointer
from hocket.launch.expansion.heads import said
from hocket.launch.expansion.reading import text_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.launch.expansion.asking import Asking
    from hocket.launch.expansion.ground import Ground

WEB = "web"
HERE = "."
"""The project itself."""
MOST_FILES = 5_000
LARGEST = 8 << 20
"""A longer file is no source: a screen reads it as a whole."""
_TOOL = re.compile(r"mcp__[A-Za-z0-9_-]+?__[A-Za-z0-9_.-]+")
_WANTED = "a folder or file, web, or a tool like mcp__server__search"


def folders(asking: Asking) -> Found:
    """List the texts; without a word of a person the web, or else the project."""
    words = asking.words or ([WEB] if asking.has_search() else [])
    places = [_place(asking, word) for word in words if word != WEB and not _TOOL.fullmatch(word)]
    shelf = Shelf(asking)
    shelf.fill(places if words else [asking.ground.root])
    named = [asking.ground.name(place) for place in dict.fromkeys(places)]
    value: JsonValue = {
        "folders": [*named] if words else [HERE],
        "web": WEB in words,
        "mcp": [word for word in dict.fromkeys(words) if _TOOL.fullmatch(word)],
        "files": [*shelf.files],
        "left_out": shelf.left_out,
    }
    return Found(value, shelf.outside)


def _place(asking: Asking, word: str) -> Path:
    if word.startswith("mcp__"):
        raise Unusable(f"{word} names no tool of a server", _WANTED)
    place = asking.ground.place(word)
    if not (place.is_dir() or place.is_file()):
        raise Unusable(f"{word} is neither a file nor a folder", _WANTED)
    return place


@dataclass(slots=True)
class Shelf:
    """The texts that were found."""

    asking: Asking
    files: list[dict[str, JsonValue]] = field(default_factory=list[dict[str, "JsonValue"]])
    outside: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    left_out: int = 0
    _seen: set[Path] = field(default_factory=set["Path"])
    _texts: dict[str, str] = field(default_factory=dict[str, str])

    def fill(self, places: Iterable[Path]) -> None:
        """Take the files of all places, each once."""
        listing = Files(self.asking.ground.root)
        for place in places:
            if place.is_file():
                self._take(place, place)
                continue
            for file in listing.beneath(place):
                if is_shown(file.relative_to(place).as_posix()):
                    self._take(file, place)

    def _take(self, file: Path, place: Path) -> None:
        if file in self._seen:
            return
        self._seen.add(file)
        content = _content(file)
        text = None if content is None else text_in(content)
        if content is None or text is None or len(self.files) == MOST_FILES:
            self.left_out += 1
            return
        at, ground = len(self.files), self.asking.ground
        self.files.append(self._entry(file, content, text))
        if sources := self._sources(ground, place, file):
            self.outside |= {pointer("files", at, one): sources for one in ("path", "name")}

    def _entry(self, file: Path, content: bytes, text: str) -> dict[str, JsonValue]:
        name = f"f{len(self.files) + 1}"
        folded = sha256(" ".join(text.split()).encode()).hexdigest()
        first = self._texts.setdefault(folded, name)
        date, kind = said(text)
        return {
            "id": name,
            "path": self.asking.ground.name(file),
            "name": file.name,
            "sha256": sha256(content).hexdigest(),
            "bytes": len(content),
            "date": date,
            "kind": kind,
            "copy_of": None if first == name else first,
        }

    def _sources(self, ground: Ground, place: Path, file: Path) -> tuple[str, ...]:
        """Say who nobody vouches for: a folder that was typed is one that somebody else filled."""
        return ground.sources(file) if place == ground.root else (ground.name(place),)


def _content(file: Path) -> bytes | None:
    with suppress(OSError), file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
        return content if len(content) <= LARGEST else None
    return None
