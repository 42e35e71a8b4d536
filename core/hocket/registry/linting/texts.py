"""The texts of a tree, whatever their names: what a person or a model could read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.protocols import Tree


@dataclass(frozen=True, slots=True)
class Text:
    """A file that can be read."""

    path: str
    content: str

    @property
    def is_prose(self) -> bool:
        """Whether what it hides in comments is still read by a model."""
        return self.path.lower().endswith((".md", ".markdown", ".mdx", ".html"))

    def line(self, position: int) -> int:
        """Give the number of the line of a place."""
        return self.content.count("\n", 0, position) + 1


def texts(tree: Tree) -> Iterator[Text]:
    """Give each text with its lines ended in one way and without the mark of its encoding."""
    for _kind, path, raw in tree.entries:
        if b"\0" not in raw:
            try:
                content = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                continue  # what is no UTF-8 is no text; the rules of trees judge it
            yield Text(path, content.replace("\r\n", "\n"))
