"""How many calls `verify` makes: what to expect, and what it can never exceed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket_plugins.patterns.verify.controls import Controls
from hocket_plugins.patterns.verify.doubt import votes_to_lead, votes_to_majority
from hocket_plugins.patterns.verify.rules import Majority

if TYPE_CHECKING:
    from hocket_plugins.patterns.verify.arguments import VerifyArguments
    from hocket_plugins.patterns.verify.rules import Sequential


def forecast(given: VerifyArguments) -> CallCount:
    """Count the claims that can get votes, each with its own rule.

    A wave of a claim never asks for more than its cap has left, counted or failed, and every
    call beyond that takes one of its spares: so cap and spares together are the most.
    """
    if given.lead == 0:
        return CallCount(0, 0)
    groups: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for claim in given.claims:
        if claim is not None:
            groups[repr(given.of(claim, given.group))].append(
                (_worst(given, given.rule_of(claim, differs=bool(given.screen)).cap),
                 _expected(given, given.rule_of(claim)))
            )  # fmt: skip
    counted = [one for group in groups.values() for one in sorted(group)[::-1][: given.quota]]
    controls = Controls(given)
    known = len(controls.ballots) if counted else 0
    worst = sum(most for most, _ in counted) + known * _worst(given, controls.size)
    expected = sum(mean for _, mean in counted) + known * controls.size
    bound = worst if given.max_calls is None else min(worst, given.max_calls)
    return CallCount(min(expected, bound), bound)


def _worst(given: VerifyArguments, cap: int) -> int:
    return cap + given.spares_of(cap)


def _expected(given: VerifyArguments, rule: Sequential | Majority) -> float:
    if isinstance(rule, Majority):
        return votes_to_majority(rule.cap, given.p)
    return min(rule.cap, votes_to_lead(rule.lead, given.p))
