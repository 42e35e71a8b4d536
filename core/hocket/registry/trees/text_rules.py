"""The rules for texts, in the files of a package that people and models read.

Whatever is no text by its name is not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms.texts import misfits
from hocket.registry.trees.breaches import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.protocols import Tree

_TEXTS = (".md", ".txt", ".toml", ".yaml", ".yml", ".json", ".py", ".js")


def breaches(tree: Tree) -> Iterator[Breach]:
    """Give every breach of a tree's texts; of one kind the first in a file."""
    for _, path, content in tree.entries:
        if path.lower().endswith(_TEXTS):
            yield from (Breach(path, what) for what in misfits(path, content))
