"""A file as it is quoted: its name, what its head says of it, and its sentences."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import sentences

if TYPE_CHECKING:
    from hocket_plugins.backends.offline.sentences import Sentence

_LOOKED_AT = 4_096
_FIELD = re.compile(r"^(date|source|author|funder|title)[ \t]*:[ \t]*(\S.{0,200}?)[ \t]*$",
                    re.IGNORECASE | re.MULTILINE)  # fmt: skip
_HEADING = re.compile(r"^#{1,3}[ \t]+(\S.{0,150})$", re.MULTILINE)
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_KIND = re.compile(r"\b(primary|secondary)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A text file."""

    path: str
    name: str
    sentences: tuple[Sentence, ...]
    copy: str
    """The digest of its sentences: files that say the same in the same words count once."""
    head: dict[str, str] = field(default_factory=dict[str, str])
    heading: str = ""

    @property
    def title(self) -> str:
        """What it calls itself, else its name."""
        return self.head.get("title") or self.heading or self.name.rpartition("/")[2]

    @property
    def date(self) -> str | None:
        """The day its head names, if there is such a day."""
        found = _DAY.search(self.head.get("date", ""))
        with suppress(ValueError):
            return date.fromisoformat(found[0]).isoformat() if found else None
        return None

    @property
    def kind(self) -> str:
        """Say `primary` or `secondary` where its head does, else `unknown`."""
        found = _KIND.search(self.head.get("source", ""))
        return found[0].lower() if found else "unknown"


def document(path: str, name: str, body: str) -> Document:
    """Read a file's text."""
    found = tuple(sentences.sentences(body))
    told = "\n".join(one.quote for one in found) or body
    top = body[:_LOOKED_AT]
    head = {name.lower(): value for name, value in reversed(_FIELD.findall(top))}
    heading = _HEADING.search(top)
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
    titled = heading[1].strip() if heading else sentences.title(body)[0]
    return Document(path, name, found, digest, head, titled)
