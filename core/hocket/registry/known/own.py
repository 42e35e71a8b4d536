"""The registry `core`: it came with hocket, and is trusted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket import bundled
from hocket.registry.indexes.index import FILE
from hocket.registry.known import advisories
from hocket.registry.sources.served import Served

if TYPE_CHECKING:
    from pathlib import Path

CORE = "core"


def served(root: Path | None = None) -> Served:
    """Read it as the plain folder it is; in a lock its address is the same on every machine."""
    folder = root or bundled.root()
    paths = (folder / name for name in (FILE, advisories.FILE))
    return Served(CORE, files={p.name: p.read_bytes() for p in paths if p.is_file()}, folder=folder)
