"""Reads a registry as its owner has it: the index with the files that it includes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import NotFound
from hocket.registry.forms import values as forms
from hocket.registry.forms.tables import parse
from hocket.registry.indexes import index as indexes
from hocket.registry.indexes.index import FILE
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.authoring.change import Ground
    from hocket.registry.indexes.index import Index

SIGNATURE = f"{FILE}.sig"


@dataclass(frozen=True, slots=True)
class Shop:
    """A registry that reads well, and the texts it is made of."""

    index: Index
    content: bytes
    globs: tuple[str, ...]
    included: Mapping[str, bytes]

    def with_files(self, files: Mapping[str, bytes]) -> Tree:
        """Give the included files as they would be with these in their place."""
        return _tree({**self.included, **files})

    def digest(self, files: Mapping[str, bytes]) -> str:
        """Give what `include-digest` would be; empty where nothing is included."""
        return hk1(self.with_files(files)) if self.globs else ""


def load(ground: Ground) -> Shop:
    """Read the registry that holds now; raises NotFound and StructureError."""
    content = ground.read(FILE)
    if content is None:
        raise NotFound(
            "registry",
            found=f"there is no {FILE}",
            expected="the folder of a registry",
            hint="Make one: hocket registry init DIR --name NAME",
        )
    return loaded(ground, content)


def loaded(ground: Ground, content: bytes) -> Shop:
    """Read an index against the files that are there; raises StructureError."""
    globs = tuple(parse(content, FILE).every("include", forms.line))
    paths = {path for glob in globs for path in ground.matching(glob)} - {FILE}
    included = {path: ground.read(path) or b"" for path in sorted(paths)}
    return Shop(indexes.read(content, _tree(included)), content, globs, included)


def _tree(files: Mapping[str, bytes]) -> Tree:
    return Tree(tuple(("f", path, files[path]) for path in sorted(files)))
