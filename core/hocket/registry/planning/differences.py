"""What an update changes in one package: its files, capabilities, signer and source."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.api.protocols import Tree
from hocket.registry.capabilities.difference import difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocket.registry.capabilities.difference import Difference
    from hocket.registry.installing.plan import Step

MOST_LINES = 400
"""Of one file; who wants more looks at the source."""
MOST_BYTES = 1 << 18
_NOTHING = Tree(())
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One package before and after."""

    key: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    """Files whose bytes changed, or whether they can be executed."""
    capabilities: Difference
    signer: tuple[str, str] | None = None
    """Before and after, if it changed; empty: unsigned."""
    source: tuple[str, str] | None = None
    """Before and after, if it changed."""

    def __bool__(self) -> bool:
        """Whether anything changed."""
        files = self.added or self.removed or self.edited
        return bool(files or self.capabilities or self.signer or self.source)


def changes(step: Step, before: Tree | None) -> Changes | None:
    """Compare a step with what was there; `before` is the old tree, as far as the store has it.

    None for what is new or goes away.
    """
    if step.parcel is None or step.before is None:
        return None
    old, new = _files(before or _NOTHING), _files(step.parcel.tree)
    known = before is not None
    return Changes(
        key=step.key,
        added=tuple(sorted(set(new) - set(old))) if known else (),
        removed=tuple(sorted(set(old) - set(new))),
        edited=tuple(path for path in sorted(set(old) & set(new)) if old[path] != new[path]),
        capabilities=difference(step.before.consent.ceiling, step.parcel.row.capabilities),
        signer=_pair(step.before.signer, step.parcel.signer),
        source=_pair(step.before.source, step.parcel.row.reference),
    )


def diff(before: Tree, after: Tree) -> Iterator[str]:
    """Give the changed text files line by line, such that nothing in them steers a terminal.

    It is bounded: of a large file the first lines, of what is no text only that it changed.
    """
    old, new = _files(before), _files(after)
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            yield from _of_file(path, old.get(path), new.get(path))


def _of_file(
    path: str, old: tuple[str, bytes] | None, new: tuple[str, bytes] | None
) -> Iterator[str]:
    shown = visible(path)
    names = (f"a/{shown}" if old else "/dev/null", f"b/{shown}" if new else "/dev/null")
    if old and new and old[0] != new[0]:
        yield f"{shown}: kind {old[0]} → {new[0]}"
    texts = [_lines(one) for one in (old, new)]
    if texts[0] is None or texts[1] is None:
        yield f"{shown}: not shown, it is no text or too large"
        return
    told = unified_diff(texts[0], texts[1], *names, lineterm="")
    yield from islice(told, MOST_LINES)
    if more := sum(1 for _ in told):
        yield f"{shown}: {more} more lines are not shown"


def _lines(one: tuple[str, bytes] | None) -> list[str] | None:
    if one is None:
        return []
    if len(one[1]) > MOST_BYTES or b"\0" in one[1]:
        return None
    try:
        text = one[1].decode()
    except UnicodeDecodeError:
        return None
    return [
        visible(line.expandtabs(4))[:_LONGEST] for line in text.replace("\r\n", "\n").split("\n")
    ]


def _files(tree: Tree) -> Mapping[str, tuple[str, bytes]]:
    return {path: (kind, content) for kind, path, content in tree.entries}


def _pair(old: str, new: str) -> tuple[str, str] | None:
    return (old, new) if old != new else None
