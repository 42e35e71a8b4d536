"""Scripted voters: they know the truth of a claim and miss it as often as they were told to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.chance import beta
from planted.knowledge import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from planted.errors import Errors
    from planted.knowledge import Knowledge, Stated

OPPOSITE = {"supported": "refuted", "refuted": "supported"}
FIRST = "supported"
"""The first verdict that a voter is offered."""
NUMBER = re.compile(r"^Vote (\d+)\.$", re.MULTILINE)
"""How `verify` numbers its votes: a failed vote that is asked again keeps its number."""


class Voters:
    """Play the roles that compare: vote, same, relation."""

    def __init__(self, knowledge: Knowledge, errors: Errors) -> None:
        self._known, self._errors = knowledge, errors

    @property
    def roles(self) -> dict[str, Callable[..., object]]:
        """The roles by name."""
        return {"vote": self.vote, "same": self.same, "relation": self.relation}

    def vote(self, call: Call) -> object:
        """Vote on a claim. The n-th vote is the same whatever failed before it."""
        item = call.options.item
        known = self._known.stated(item.get("text") if isinstance(item, dict) else item)
        if known is None:
            return {"verdict": "cannot_tell", "reason": "no source speaks of it"}
        numbers = NUMBER.findall(call.prompt)
        number = int(numbers[-1]) if numbers else call.occurrence
        verdict = self._verdict(
            known, self._true(known, item), 0 if self._errors.repeat else number
        )
        gold = known.fact.gold()
        vote = {"verdict": verdict, "reason": "planted"}
        return {**vote, "quote": gold[0].text} if gold else vote

    def same(self, call: Call) -> object:
        """Group texts that give one fact one value."""
        groups: dict[tuple[str, str], list[int]] = {}
        for number, text in enumerate(call.options.item, 1):
            known = self._known.stated(_text(text))
            if known is not None:
                groups.setdefault((known.fact.id, known.value), []).append(number)
        return {"groups": [group for group in groups.values() if len(group) > 1]}

    def relation(self, call: Call) -> object:
        """Pair texts that give one fact two values, by their own numbers, else counted from 1."""
        listed = _listed(call.options.item)
        known = [self._known.stated(_text(one)) for one in listed]
        names = [
            one.get("n", at) if isinstance(one, dict) else at for at, one in enumerate(listed, 1)
        ]
        pairs = [
            {"a": names[first], "b": names[second]}
            for first, one in enumerate(known)
            for second, other in enumerate(known)
            if first < second and one and other
            and one.fact is other.fact and one.value != other.value
        ]  # fmt: skip
        return {"opposites": pairs}

    def _true(self, known: Stated, item: JsonValue) -> str:
        """Say what passages show, where the claim comes with any; else what is true."""
        passages = item.get("passages") if isinstance(item, dict) else None
        if not isinstance(passages, list):
            return known.verdict
        told = {span.text for span in known.fact.spans}
        shown = any(folded(one["quote"]) in told for one in passages if isinstance(one, dict))
        return known.verdict if shown else "cannot_tell"

    def _verdict(self, known: Stated, true: str, number: int) -> str:
        errors, claim = self._errors, (known.fact.id, known.value)
        seeds = (errors.seed, self._known.corpus.seed)
        difficulty = draws_of(*seeds, "difficulty", *claim)
        error = beta(errors.vote_error, errors.vote_rho, difficulty)
        draws = draws_of(*seeds, "vote", *claim, number)
        if draws.unit() < errors.order_pull:
            return FIRST
        if draws.unit() < errors.cannot_tell:
            return "cannot_tell"
        if draws.unit() >= error:
            return true
        return OPPOSITE.get(true) or ("supported", "refuted")[draws.below(2)]


def _listed(item: JsonValue) -> Sequence[JsonValue]:
    """Find the list of claims in an item, whatever it is called there."""
    if isinstance(item, list):
        return item
    lists = [value for value in item.values() if isinstance(value, list)] if item else []
    return max(lists, key=len, default=[])


def _text(one: JsonValue | Mapping[str, JsonValue]) -> object:
    return one.get("text") if isinstance(one, dict) else one
