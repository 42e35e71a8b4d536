"""Scripted models: each answers as the table says, judges and classifiers err as often as told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.testing import ScriptedBackend, Tokens

if TYPE_CHECKING:
    from formula import Verifier
    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.launch.routing import Labels

MICROS = 1_000_000
RIGHT, WRONG = "the right answer", "another answer"
SURE = 0.5
"""A score from here on counts as a right answer."""


@dataclass(frozen=True, slots=True)
class Errors:
    """How good the helpers of a router are, and what asking them costs in dollars."""

    verifier: Verifier
    named_right: float = 1.0
    """How often a classifier names the tier of the cheapest right model."""
    verdict_cost: float = 0.05
    naming_cost: float = 0.01
    seed: int = 1


def backend(labels: Labels, errors: Errors) -> ScriptedBackend:
    """Give agents that answer by the model they are asked as, and are billed as the table says."""
    return ScriptedBackend({"": lambda call: _answer(labels, errors, call)})


def _answer(labels: Labels, errors: Errors, call: Call) -> Tokens:
    """Answer a query, or a router's question about one; the data stands in the last line."""
    if call.options.role == "verify":
        shown = json.loads(call.prompt.splitlines()[-1])
        return _billed(errors.verdict_cost, _judged(shown, errors))
    if call.options.role == "route":
        query = json.loads(call.prompt.splitlines()[-1])
        return _billed(errors.naming_cost, {"tier": _named(labels, query, errors)})
    mark = labels[call.prompt][str(call.options.model)]
    return _billed(mark.cost or 0.0, RIGHT if mark.right >= SURE else WRONG)


def _judged(shown: dict[str, str], errors: Errors) -> JsonValue:
    """Say whether a shown answer is right, as often as the verifier sees that."""
    truly, drawn = shown["answer"] == RIGHT, chance(f"verdict {shown['task']}", errors.seed)
    says_wrong = drawn < (errors.verifier.alarms if truly else errors.verifier.catches)
    return {"right": not says_wrong}


def _named(labels: Labels, query: str, errors: Errors) -> str:
    marks = labels[query]
    dearest = max(marks.values(), key=lambda mark: mark.cost or 0)
    best = max(marks.values(), key=lambda mark: (mark.right, -(mark.cost or 0)))
    large = (best is dearest) == (chance(f"tier {query}", errors.seed) < errors.named_right)
    return "large" if large else "small"


def chance(name: str, seed: int) -> float:
    """Draw from 0 to 1 by name, so that the order of calls does not matter."""
    return int.from_bytes(sha256(f"{seed} {name}".encode()).digest()[:7], "big") / 2**56


def _billed(dollars: float, answer: JsonValue) -> Tokens:
    return Tokens(Usage(output=1, cost_micros=round(dollars * MICROS)), answer)
