"""The text of a file that was typed: bounded, without credentials."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch import values
from hocket.launch.expansion.found import Unusable
from hocket.launch.values import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.journal.redact import Redactor
    from hocket.launch.project import Project

_BOM = b"\xef\xbb\xbf"
_HEAD = 8192
"""A file with a NUL so early is no text."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files for the arguments of one run."""

    redactor: Redactor

    @classmethod
    def of(cls, project: Project) -> Reader:
        """Take secrets out as everywhere in this project."""
        return cls(project.redactor())

    def text(self, place: Path, typed: str) -> str:
        """Read a text; raises Unusable with what was typed for it."""
        return self.decoded(self.content(place, typed), typed)

    def content(self, place: Path, typed: str) -> bytes:
        """Read the bytes, of a file that may have no end."""
        try:
            with place.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as cause:
            raise Unusable(f"{typed} cannot be read ({cause.strerror})", "a text file") from None
        if len(content) > MOST_BYTES:
            raise Unusable(f"{typed} is larger than 4 MiB", "a smaller file, or a part of it")
        return content

    def decoded(self, content: bytes, typed: str) -> str:
        """Take bytes for a text, without what is secret in it."""
        text = text_in(content)
        if text is None:
            raise Unusable(f"{typed} cannot be read (it is no UTF-8 text)", "a text file")
        return self.redactor.text(text)

    def piped(self) -> str:
        """Read standard input."""
        content = values.piped()
        if len(content) > MOST_BYTES:
            raise Unusable("what was piped in is larger than 4 MiB", "less of it")
        return self.decoded(content, "standard input")


def text_in(content: bytes) -> str | None:
    """Decode a text; None for bytes that are none."""
    if b"\0" in content[:_HEAD]:
        return None
    with suppress(UnicodeDecodeError):
        return content.removeprefix(_BOM).decode("utf-8")
    return None
