"""Checks a schema before any money is spent: usable, bounded, and not impossible."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from hocket.answers.contradictions import contradiction
from hocket.answers.keywords import (
    DEEPEST,
    DIALECT,
    MOST_NODES,
    OLDER,
    Node,
    Unusable,
    children,
    misuse,
    step,
)
from hocket.answers.references import check_references
from hocket.answers.regexes import MOST_REPEATS, finds, regex, repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.answers.keywords import Schema

MOST_BYTES = 256 * 1024
LONGEST_REASON = 300
TOO_LARGE = f"larger than {MOST_BYTES // 1024} KB"


def preflight(schema: JsonValue) -> str | None:
    """Say why a schema cannot be used; None when it can. Equal schemas are judged once."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return 'root must have type "object"'
    if _is_large(schema):
        return TOO_LARGE
    try:
        reason = _judge(canonical(schema))
    except RecursionError:
        return f"nested deeper than {DEEPEST}"
    except ValueError:
        return "not JSON: a number is not finite"
    return reason and _middle_cut(reason)


def canonical(schema: Schema) -> str:
    """Give the text that is the same for equal schemas."""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"), allow_nan=False)


def nodes(schema: Schema) -> Iterator[Node]:
    """Give all schemas in a schema, itself first; raises Unusable when they are too many."""
    waiting, count = [Node("", schema)], 0
    while waiting:
        node, count = waiting.pop(), count + 1
        if node.depth > DEEPEST:
            raise Unusable(f"{node.pointer}: nested deeper than {DEEPEST}")
        if count > MOST_NODES:
            raise Unusable(f"more than {MOST_NODES:,} schemas")
        yield node
        waiting.extend(children(node))


@lru_cache(maxsize=64)
def _judge(text: str) -> str | None:
    schema: Schema = json.loads(text)
    try:
        found = _survey(schema)
        check_references(found)
        _check_patterns(found)
    except Unusable as unusable:
        return str(unusable)
    for node in found.values():
        if node.asserted and (reason := contradiction(node.schema, finds)) is not None:
            return f"{node.pointer or '/'}: {reason}"
    return None


def _survey(schema: Schema) -> dict[str, Node]:
    """Check every keyword of every schema, and give the schemas by their pointers."""
    dialect = str(schema.get("$schema", DIALECT)).removesuffix("#")
    if dialect not in {DIALECT, *OLDER}:
        raise Unusable(f"/$schema: unknown dialect; expected {DIALECT}")
    found: dict[str, Node] = {}
    for node in nodes(schema):
        if (reason := misuse(node, older=dialect in OLDER)) is not None:
            raise Unusable(reason)
        found[node.pointer] = node
    return found


def _check_patterns(found: Mapping[str, Node]) -> None:
    """Compile every pattern; they are bounded together, since each may take a while."""
    left = MOST_REPEATS
    used = {keyword for node in found.values() for keyword in node.schema}
    if {"patternProperties", "unevaluatedProperties"} <= used:
        # The validator matches these two together with a regex engine that can explode.
        raise Unusable("patternProperties and unevaluatedProperties do not go together")
    for node in found.values():
        for place, pattern in _patterns(node):
            left -= repeats(pattern)
            if left < 0:
                raise Unusable(f"{place}: the patterns repeat too much")
            try:
                regex(pattern)
            except Unusable as reason:
                raise Unusable(f"{place}: {reason}") from None


def _patterns(node: Node) -> Iterator[tuple[str, str]]:
    named, single = node.schema.get("patternProperties"), node.schema.get("pattern")
    if isinstance(single, str):
        yield f"{node.pointer}/pattern", single
    for pattern in named if isinstance(named, dict) else ():
        yield f"{node.pointer}/patternProperties{step(pattern)}", pattern


def _middle_cut(reason: str) -> str:
    """Keep the start of a long place and the whole of what is wrong there."""
    half = LONGEST_REASON // 2
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:half]}…{reason[-half:]}"


def _is_large(schema: Schema) -> bool:
    """Measure roughly and stop early: a huge schema is not even written out."""
    size = 0
    waiting: list[JsonValue] = [schema]
    while waiting and size <= MOST_BYTES:
        value = waiting.pop()
        size += len(value) + 2 if isinstance(value, str) else 2
        if isinstance(value, dict):
            size += sum(map(len, value)) + 4 * len(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return size > MOST_BYTES
