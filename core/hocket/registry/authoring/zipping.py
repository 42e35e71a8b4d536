"""Writes a bundle as a zip: equal trees give equal bytes, on every machine."""

from __future__ import annotations

import stat
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from hocket.api.protocols import Tree

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can tell."""
_UNIX = 3
_MODES = {"f": 0o644, "x": 0o755}


def zipped(name: str, tree: Tree) -> bytes:
    """Write the files in a folder of this name, sorted, with one time and their modes.

    They are stored as they are: what compressors give differs between machines, and a text of one
    letter would become too small to be taken in again.
    """
    raw = BytesIO()
    with ZipFile(raw, "w", ZIP_STORED) as archive:
        for kind, path, content in sorted(tree.entries, key=lambda one: one[1].encode()):
            member = ZipInfo(f"{name}/{path}", _EPOCH)
            member.create_system = _UNIX
            member.external_attr = (stat.S_IFREG | _MODES[kind]) << 16
            archive.writestr(member, content)
    return raw.getvalue()
