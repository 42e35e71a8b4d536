"""The lints L01 to L06: they warn and stop nothing, but that `--yes` stops at what is critical."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hocket.registry.installing.plan import Finding
from hocket.registry.linting import comments, hiding, pipes
from hocket.registry.linting.binaries import kind_of
from hocket.registry.linting.texts import texts

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.linting.texts import Text

MOST = 20
"""Of one kind in one file: who has seen these has seen enough."""


def lints(tree: Tree) -> tuple[Finding, ...]:
    """Find what a person should look at, in the order of the files; a kind once in a line."""
    found = [one for text in texts(tree) for one in _of(text)]
    found += [
        Finding("L06", "note", path, 0, f"is {kind}, which nobody can read")
        for _kind, path, raw in tree.entries
        if (kind := kind_of(path, raw))
    ]
    return tuple(sorted(set(found), key=lambda one: (one.path, one.line, one.id)))


def _of(text: Text) -> list[Finding]:
    found = {
        "L01": (("warn", *one) for one in comments.instructions(text)),
        "L02": pipes.downloads(text),
        "L03": (("critical", *one) for one in pipes.disguises(text)),
        "L04": (("warn", *one) for one in hiding.zero_widths(text)),
        "L05": (("warn", *one) for one in hiding.gaps(text)),
    }
    return [
        Finding(id_, level, text.path, text.line(place), what)
        for id_, some in found.items()
        for level, place, what in islice(some, MOST)
    ]
