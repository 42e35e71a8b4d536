"""Checks answers against one schema: converts what is plainly meant, names what is wrong."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from hocket.answers.checker import Checker, TooComplex
from hocket.answers.misfits import Misfit, describe
from hocket.answers.schemas import canonical, nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.answers.keywords import Schema
    from hocket.answers.misfits import Problem

    Path = tuple[str | int, ...]

MOST_MISFITS = 10
MOST_CONVERSIONS = 1_000
ROUNDS = 8
"""A converted object may hold texts to convert, and so on."""
KINDS: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
JUNK = frozenset(("", "...", "…", "string"))


def validator(schema: Schema) -> Validator:
    """Give the one validator for equal schemas; the schema has passed the pre-flight."""
    return _validator(canonical(schema))


class Validator:
    """Checks answers against one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._checker = Checker(schema)
        self._names: set[str] = set()
        self._choices: set[str] = set()
        self._junk = {*JUNK}
        for node in nodes(schema):
            self._learn(node.schema)

    def check(self, value: JsonValue) -> tuple[JsonValue, list[Misfit]]:
        """Give the value after conversion, and at most ten misfits; none means that it fits."""
        try:
            json.dumps(value, allow_nan=False)
            return self._check(value)
        except (ValueError, TypeError):
            return value, [Misfit.at((), "must be JSON", "", ())]
        except (RecursionError, TooComplex):
            return value, [Misfit.at((), "must be simpler: checking it never ends", "", ())]

    def looks_empty(self, value: JsonValue) -> bool:
        """Whether all texts of an answer are blank, dots, or words of the schema itself."""
        texts = list(_texts(value))
        return texts != [] and all(text.strip() in self._junk - self._choices for text in texts)

    def _check(self, value: JsonValue) -> tuple[JsonValue, list[Misfit]]:
        for _ in range(ROUNDS):
            problems = list(islice(self._checker.problems(value), MOST_CONVERSIONS))
            meant = [(p.path, new) for p in problems for new in _meant(p, value)]
            if not meant:
                break
            value = json.loads(json.dumps(value))
            for path, new in meant:
                value = _put(value, path, new)
        else:
            problems = list(islice(self._checker.problems(value), MOST_CONVERSIONS))
        lines = dict.fromkeys(describe(problem, self._names) for problem in problems)
        return value, list(lines)[:MOST_MISFITS]

    def _learn(self, schema: Schema) -> None:
        """Remember the words of the schema: what is said with them was not said by the agent."""
        properties, choices = schema.get("properties"), schema.get("enum")
        self._names.update(properties if isinstance(properties, dict) else ())
        chosen = [*(choices if isinstance(choices, list) else ()), schema.get("const")]
        self._choices.update(choice for choice in chosen if isinstance(choice, str))
        if isinstance(description := schema.get("description"), str):
            self._junk.add(description.strip())


@lru_cache(maxsize=64)
def _validator(text: str) -> Validator:
    return Validator(json.loads(text))


def _meant(problem: Problem, value: JsonValue) -> list[JsonValue]:
    """Give what a text stands for when the schema wants another type there, else nothing."""
    text = problem.value
    if not isinstance(text, str) or _at(value, problem.path) is not text:
        return []
    try:
        new: JsonValue = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return []
    kinds = [kind for name in _wanted(problem) for kind in KINDS.get(name, ())]
    if isinstance(new, float) and (not math.isfinite(new) or int not in kinds):
        return []
    return [new] if type(new) in kinds else []


def _wanted(problem: Problem) -> list[str]:
    """Give the types that would do at this place, through `anyOf` and `oneOf`."""
    if problem.keyword == "type":
        types = problem.limit if isinstance(problem.limit, list) else [problem.limit]
        return list(map(str, types))
    return [name for each in problem.inner if each.path == problem.path for name in _wanted(each)]


def _refuse(constant: str) -> JsonValue:
    raise ValueError(constant)


def _at(value: JsonValue, path: Sequence[str | int]) -> JsonValue:
    for key in path:
        value = _below(value, key)
    return value


def _below(value: JsonValue, key: str | int) -> JsonValue:
    if isinstance(value, dict):
        return value[str(key)]
    return value[int(key)] if isinstance(value, list) else None


def _put(value: JsonValue, path: Path, new: JsonValue) -> JsonValue:
    """Replace what is at a place; the root is replaced as a whole."""
    if not path:
        return new
    parent, key = _at(value, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[str(key)] = new
    if isinstance(parent, list):
        parent[int(key)] = new
    return value


def _texts(value: JsonValue) -> list[str]:
    """Give every text in a value, names left out; a value may be deep."""
    texts: list[str] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, dict | list):
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return texts
