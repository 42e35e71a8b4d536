"""Says where an answer does not fit its schema: once for the agent, once without its words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from hocket.answers.keywords import step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pydantic import JsonValue

LONGEST_VALUE = 200

RULES: dict[str, Callable[[JsonValue], str]] = {
    "type": lambda types: f"must be {_either(types)}",
    "enum": lambda values: f"must be one of {_show(values)}",
    "const": lambda value: f"must be {_show(value)}",
    "minimum": lambda limit: f"must be ≥ {limit}",
    "maximum": lambda limit: f"must be ≤ {limit}",
    "exclusiveMinimum": lambda limit: f"must be > {limit}",
    "exclusiveMaximum": lambda limit: f"must be < {limit}",
    "multipleOf": lambda unit: f"must be a multiple of {unit}",
    "minLength": lambda count: f"must have at least {count} characters",
    "maxLength": lambda count: f"must have at most {count} characters",
    "minItems": lambda count: f"must have at least {count} items",
    "maxItems": lambda count: f"must have at most {count} items",
    "minProperties": lambda count: f"must have at least {count} properties",
    "maxProperties": lambda count: f"must have at most {count} properties",
    "pattern": lambda pattern: f"must match {_show(pattern)}",
    "uniqueItems": lambda _: "must not have equal items",
    "additionalProperties": lambda _: "must have declared properties only",
    "unevaluatedProperties": lambda _: "must have declared properties only",
    "items": lambda _: "must not have more items",
    "contains": lambda _: "must contain an item that fits",
    "anyOf": lambda forms: f"must fit one of {_count(forms)} forms",
    "oneOf": lambda forms: f"must fit exactly one of {_count(forms)} forms",
    "not": lambda _: "must not fit what is excluded",
    "required": lambda name: f"must have {_show(name)}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a validator tells about one place: the keyword, what it wants, and what is there."""

    path: tuple[str | int, ...]
    keyword: str | None
    limit: JsonValue
    value: JsonValue
    inner: tuple[Problem, ...] = ()
    """Why each form of `anyOf` or `oneOf` does not fit."""


class Misfit(str):
    """One line for the agent, with its own value; `rule` is the same without the agent's words."""

    __slots__ = ("rule",)
    rule: str

    @classmethod
    def at(cls, path: Sequence[str | int], rule: str, value: str, names: Collection[str]) -> Self:
        """Describe a place; keys that the schema does not name are masked in `rule`."""
        masked = [key if isinstance(key, int) or key in names else "*" for key in path]
        misfit = cls(f"{_pointer(path)}: {rule}{value}")
        misfit.rule = f"{_pointer(masked)}: {rule}"
        return misfit


def describe(problem: Problem, names: Collection[str]) -> Misfit:
    """Turn a validator's problem into words of one style."""
    rule = f"must fit {problem.keyword}" if problem.keyword else "must not be there"
    if problem.keyword in RULES:
        rule = RULES[problem.keyword](problem.limit)
    return Misfit.at(problem.path, rule, f", is {_show(problem.value)}", names)


def _pointer(path: Sequence[str | int]) -> str:
    return "".join(map(step, path)) or "/"


def _show(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)[:LONGEST_VALUE]


def _either(types: JsonValue) -> str:
    return " or ".join(map(str, types)) if isinstance(types, list) else str(types)


def _count(forms: JsonValue) -> int:
    return len(forms) if isinstance(forms, list) else 0
