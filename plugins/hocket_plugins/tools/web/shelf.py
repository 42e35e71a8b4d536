"""The texts of a folder, read one after the other, each once."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from hocket_plugins.tools.web import hypertext, words
from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_FILES, MOST_BYTES = 50_000, 5_000_000
_PAGES = (".html", ".htm", ".xhtml")
_SECRET = re.compile(r"\..*|.*\.(pem|p12|pfx|key|kdbx)|id_[a-z0-9]+", re.IGNORECASE)
"""Hidden files and such as hold keys are not read."""
_HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TITLE, _LOOKED_AT = 200, 4_096
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's words."""

    path: str
    title: str
    body: str


class Shelf:
    """Hands over texts until it is told to stop, and then goes on where it was."""

    def __init__(self, folder: Path, project: Path, most: int = MOST_FILES) -> None:
        self.folder = folder
        self._project = project
        self._most = most
        self._files = self._walk()
        self.taken = 0
        self.is_empty = False

    def texts(self, stop: Event) -> Iterator[Text]:
        """Give the texts that were not given yet; binary files are passed over."""
        while not stop.is_set():
            path = next(self._files, None)
            if path is None or self.taken == self._most:
                self.is_empty = True
                return
            if text := self._text(path):
                self.taken += 1
                yield text

    def _walk(self) -> Iterator[str]:
        for folder, inner, names in os.walk(self.folder):
            inner[:] = sorted(name for name in inner if not _SECRET.fullmatch(name))
            for name in sorted(names):
                if not _SECRET.fullmatch(name):
                    yield os.path.join(folder, name)  # noqa: PTH118  a name may be no text

    def _text(self, path: str) -> Text | None:
        raw = _read(path)
        if raw is None:
            return None
        try:
            body = words.decoded(raw)
        except Refusal:
            return None
        name = self._name(path)
        if not path.lower().endswith(_PAGES):
            heading = _HEADING.search(body[:_LOOKED_AT])
            title = heading[1] if heading else name.rpartition("/")[2]
            return Text(name, words.one_line(title, _TITLE), words.harmless(body))
        page = hypertext.text_of(body, None, Event())
        return Text(name, page.title or name.rpartition("/")[2], page.text)

    def _name(self, path: str) -> str:
        r"""Write a path as the tool `Read` takes it; what is no text in it, as `\xNN`."""
        inner = os.path.relpath(path, self._project)
        name = path if inner.startswith(f"..{os.sep}") else inner
        text = os.fsencode(name).decode("utf-8", "backslashreplace").replace(os.sep, "/")
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _read(path: str) -> bytes | None:
    """Read a regular file that is not too long; None for anything else."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123  it is open already
        kind = os.fstat(handle)
        if not stat.S_ISREG(kind.st_mode) or kind.st_size > MOST_BYTES:
            return None
        return file.read(MOST_BYTES)
