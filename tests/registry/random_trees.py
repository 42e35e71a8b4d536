"""Random trees that keep all rules, and every way to change one a little."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unicodedata import normalize

from hypothesis import strategies as st

from hocket.api.protocols import Tree
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.intake import checked

if TYPE_CHECKING:
    from pathlib import Path

PARTS = st.text(alphabet="abAB.-_ 0\u00e9\u00df\u4e2d\U0001f600", min_size=1, max_size=4)
PATHS = (
    st.lists(PARTS, min_size=1, max_size=4).map("/".join).map(lambda path: normalize("NFC", path))
)
CONTENTS = st.binary(max_size=40) | st.sampled_from([b"", b"\n", b"f 0 ", b"hocket-tree-v1\n"])
ENTRIES = st.tuples(st.sampled_from("fx"), PATHS, CONTENTS)


def is_allowed(tree: Tree) -> bool:
    """Whether a tree keeps all rules."""
    try:
        checked("tree", tree)
    except TreeRefused:
        return False
    return True


def tree_of(entries: list[tuple[str, str, bytes]]) -> Tree:
    """Take what fits together, in the order of a tree."""
    kept: list[tuple[str, str, bytes]] = []
    for entry in entries:
        if is_allowed(Tree((*kept, entry))):
            kept.append(entry)
    return Tree(tuple(sorted(kept, key=lambda entry: entry[1])))


TREES = st.lists(ENTRIES, min_size=1, max_size=8).map(tree_of).filter(lambda tree: tree.entries)


def planted(root: Path, tree: Tree) -> Path:
    """Write a tree into a folder."""
    for kind, path, content in tree.entries:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.chmod(file, 0o755 if kind == "x" else 0o644)  # noqa: PTH101  (no link can be there)
    return root


def mutants(tree: Tree) -> list[Tree]:
    """Give every tree that one small change makes of this one."""
    found: list[Tree] = []
    for place, (kind, path, content) in enumerate(tree.entries):
        others = (*tree.entries[:place], *tree.entries[place + 1 :])
        changed = [
            ("x" if kind == "f" else "f", path, content),
            (kind, f"{path}x", content),
            (kind, f"x/{path}", content),
            (kind, path, content + b"\0"),
            (kind, path, content + b"\n"),
            (kind, path, content[:-1]),
            (kind, path, content[::-1]),
            *((kind, path, _flipped(content, bit)) for bit in range(min(8 * len(content), 24))),
            *((kind, other, content) for _, other, _ in others),
        ]
        found += [Tree(others), *(Tree((*others, one)) for one in changed)]
        found += [Tree((*tree.entries, ("f", f"{path}{more}", b""))) for more in ("0", "/0")]
    found += [_moved(tree, left, right) for left in tree.entries for right in tree.entries]
    return [one for one in found if frozenset(one.entries) != frozenset(tree.entries)]


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _moved(tree: Tree, left: tuple[str, str, bytes], right: tuple[str, str, bytes]) -> Tree:
    """Move the last byte of one file to the front of another: joined they are the same."""
    changes = {left[1]: left[2][:-1], right[1]: left[2][-1:] + right[2]}
    if left == right:
        return tree
    return Tree(
        tuple((kind, path, changes.get(path, content)) for kind, path, content in tree.entries)
    )
