"""What one call works with: its item, the library, and the files that its answer quotes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import JsonValue

    from hocket_plugins.backends.offline.document import Document
    from hocket_plugins.backends.offline.items import Fields
    from hocket_plugins.backends.offline.library import Library, Passage

MOST_SOURCES = 50


@dataclass(slots=True)
class Desk:
    """A call at work."""

    item: JsonValue
    library: Library
    project: Path
    used: dict[str, None] = field(default_factory=dict[str, None])

    def quoted(self, passage: Passage) -> str:
        """Give a sentence word for word, and remember whose it is."""
        if len(self.used) < MOST_SOURCES:
            self.used[passage.document.name] = None
        return passage.quote

    def document(self, named: JsonValue) -> Document | None:
        """Find the document that a source names by its path."""
        path = items.text(named, "path", "file", "source")
        if not path or "\x00" in path:
            return None
        return self.library.document(os.path.join(self.project, path))  # noqa: PTH118  (any text)

    def named(self, rows: Iterable[Fields]) -> dict[str, str]:
        """Give the ids of listed files by their places."""
        found = ((self.document(row), items.text(row, "id")) for row in rows)
        return {document.path: name for document, name in found if document and name}

    def of(self, document: Document) -> list[Passage]:
        """Give the sentences of one document."""
        return [one for one in self.library.passages if one.document is document]
