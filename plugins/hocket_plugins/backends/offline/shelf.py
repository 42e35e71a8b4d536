"""The libraries of the folders that calls may read, each made once for a state of its files."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import folder
from hocket_plugins.backends.offline.document import document
from hocket_plugins.backends.offline.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hocket.api.tools import Workspace
    from hocket_plugins.backends.offline.document import Document
    from hocket_plugins.backends.offline.folder import State

_KEPT = 4


class Shelf:
    """Reads files when they are first asked for, and again when one has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._libraries: dict[tuple[Path, tuple[State, ...]], Library] = {}

    def library(self, workspace: Workspace) -> Library:
        """Give all that may be read there: the folders lent to the call, else the project."""
        roots = workspace.roots or (workspace.path,)
        with self._lock:
            key = (workspace.path, folder.states(roots))
            found = self._libraries.pop(key, None) or Library([*_documents(*key)])
            self._libraries[key] = found
            while len(self._libraries) > _KEPT:
                del self._libraries[next(iter(self._libraries))]
        return found


def _documents(project: Path, states: tuple[State, ...]) -> Iterator[Document]:
    for state in states:
        body = folder.body(state.path)
        if body is not None:
            yield document(state.path, folder.shown(state.path, project), body)
