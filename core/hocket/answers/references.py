"""References inside a schema: local, to a schema, not in a circle, and no bombs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from hocket.answers.keywords import DEEPEST, MOST_NODES, Unusable, children

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.answers.keywords import Node

    Edges = Mapping[str, list[str]]

REFERENCES = ("$ref", "$dynamicRef")


def check_references(found: Mapping[str, Node]) -> None:
    """Raise Unusable for a reference that leaves the schema, explodes, or never ends."""
    anchors = {
        name: pointer
        for pointer, node in found.items()
        for keyword in ("$anchor", "$dynamicAnchor")
        if isinstance(name := node.schema.get(keyword), str)
    }
    every: dict[str, list[str]] = {}
    alike: dict[str, list[str]] = {}
    for pointer, node in found.items():
        targets = [_target(node, keyword, found, anchors) for keyword in REFERENCES]
        referred = [target for target in targets if target is not None]
        below = list(children(node))
        every[pointer] = [child.pointer for child in below] + referred
        alike[pointer] = [child.pointer for child in below if child.same_value] + referred
    _measure(every, "", 0, {}, set())
    done: set[str] = set()
    for pointer in alike:
        _find_circle(alike, pointer, done, set())


def _target(
    node: Node, keyword: str, found: Mapping[str, Node], anchors: Mapping[str, str]
) -> str | None:
    reference = node.schema.get(keyword)
    for own in ("$id", "$schema"):
        if node.pointer and own in node.schema:
            raise Unusable(f"{node.pointer}/{own}: only the root may have one")
    if not isinstance(reference, str):
        return None
    place = f"{node.pointer}/{keyword}"
    base, _, fragment = reference.partition("#")
    if base not in ("", found[""].schema.get("$id")):
        raise Unusable(f'{place}: "{reference}" is outside this schema')
    pointer = anchors.get(fragment, unquote(fragment))
    if pointer not in found:
        raise Unusable(f'{place}: "{reference}" names no schema')
    return pointer


def _measure(
    edges: Edges, pointer: str, depth: int, sizes: dict[str, tuple[int, int]], path: set[str]
) -> tuple[int, int]:
    """Give how many schemas follow from one, and how deep; a recursive one counts once."""
    if pointer in path:
        return 0, 0
    if pointer not in sizes:
        _limit(pointer, depth, 0)
        path.add(pointer)
        below = [_measure(edges, target, depth + 1, sizes, path) for target in edges[pointer]]
        path.discard(pointer)
        deepest = 1 + max((deep for _, deep in below), default=-1)
        sizes[pointer] = 1 + sum(size for size, _ in below), deepest
    _limit(pointer, depth + sizes[pointer][1], sizes[pointer][0])
    return sizes[pointer]


def _limit(pointer: str, depth: int, size: int) -> None:
    if depth > DEEPEST:
        raise Unusable(f"{pointer or '/'}: nested deeper than {DEEPEST}")
    if size > MOST_NODES:
        raise Unusable(f"{pointer or '/'}: more than {MOST_NODES:,} schemas")


def _find_circle(edges: Edges, pointer: str, done: set[str], path: set[str]) -> None:
    """Find schemas that refer to each other for one and the same value: checking never ends."""
    if pointer in path:
        raise Unusable(f"{pointer or '/'}: the reference leads back to itself")
    if pointer in done:
        return
    path.add(pointer)
    for target in edges[pointer]:
        _find_circle(edges, target, done, path)
    path.discard(pointer)
    done.add(pointer)
