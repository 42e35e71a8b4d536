"""What machines leave in a folder and nobody wants in a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.protocols import Tree

_FOLDERS = {"__pycache__": "what Python compiled"}
_FILES = {".ds_store": "what a file browser noted"}
_ENDINGS = {".pyc": "what Python compiled", ".pyo": "what Python compiled"}


def litter(tree: Tree) -> Iterator[Problem]:
    """Tell every file that has to go, and why."""
    for _kind, path, _content in tree.entries:
        if why := _why(path.casefold()):
            yield Problem("", f"is {why}; delete it", repr(path)[1:-1])


def _why(path: str) -> str:
    *folders, name = path.split("/")
    inside = next((_FOLDERS[part] for part in folders if part in _FOLDERS), "")
    ending = f".{name.rpartition('.')[2]}"
    return inside or _FILES.get(name, "") or _ENDINGS.get(ending, "")
