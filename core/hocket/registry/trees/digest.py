"""The digest `hk1`: one number for a tree, the same from git, from a folder and once installed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.protocols import Tree

KINDS = ("f", "x")
"""A file, and a file that its owner may execute."""
_HEAD = b"hocket-tree-v1\n"


def hk1(tree: Tree) -> str:
    """Give the digest of a tree, in whatever order its entries come.

    No two trees share their lines as long as no path holds a line end; raises ValueError else.
    """
    whole = sha256(_HEAD)
    for path, kind, content in sorted(
        (path.encode(), kind, content) for kind, path, content in tree.entries
    ):
        whole.update(_line(kind, path, content))
    return f"hk1:{whole.hexdigest()}"


def _line(kind: str, path: bytes, content: bytes) -> bytes:
    if kind not in KINDS or b"\n" in path:
        raise ValueError(f"{kind} {path!r} cannot be an entry of a tree")
    head = f"{kind} {len(content)} {sha256(content).hexdigest()}  "
    return head.encode("ascii") + path + b"\n"
