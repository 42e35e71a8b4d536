"""Weak first, and strong where that fails: with the task only, never with the weak answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket_plugins.routers.escalate.verdict import Verifier, is_right

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.protocols import Proceed
    from hocket_plugins.routers.escalate.section import RouterEscalate

POSITION = 310
"""Right behind the router, which left the model open."""
ANSWERED = frozenset({EndState.OK, EndState.CACHED})
FAILED = frozenset({EndState.INVALID, EndState.STALLED, EndState.TIMEOUT, EndState.ERROR})
"""Ends that another model may escape; a refusal, a person's word and spent money are final."""
SILENT = FAILED | {EndState.REFUSED}
"""Ends of a judge after which the answer counts as not verified."""


class EscalateStage:
    """Asks one call of a weak model, verifies, and asks it again of a strong one."""

    name = "escalate"
    position = POSITION

    def __init__(self, section: RouterEscalate, strong: str) -> None:
        self._weak, self._strong = section.weak, strong
        self._verifier = Verifier(section)

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Fill in the model that the router left open; each try has the call's whole time."""
        if call.options.model is not None:
            return await proceed(call)
        if not self._verifier.fits(call):
            strong = await proceed(_asked_of(call, self._strong, call.options.max_tokens))
            return self._told(strong, f"it has no check {self._verifier.check}")
        weak = await proceed(_asked_of(call, self._weak, call.options.max_tokens))
        if weak.state in FAILED:
            return await self._escalated(call, proceed, weak, f"{self._weak} ended {weak.state}")
        if weak.state not in ANSWERED or not self._verifier.judges:
            return weak
        return await self._judged(call, proceed, weak)

    async def _judged(self, call: Call, proceed: Proceed, weak: Outcome) -> Outcome:
        left = _left(call, weak.usage.output)
        if left == 0:
            return _used_up(call, weak, "to judge the answer")
        judged = await proceed(self._verifier.question(call, weak, left))
        if judged.state in ANSWERED and is_right(judged):
            return weak
        if judged.state not in ANSWERED | SILENT:
            # An answer that nobody could verify is not passed off as one that was.
            cause = f"verify: {judged.cause or 'no cause known'}"
            return replace(judged, value=None, cause=cause, partial=weak.value)
        why = "said no" if judged.state in ANSWERED else f"ended {judged.state}"
        used = weak.usage + judged.usage
        return await self._escalated(
            call, proceed, replace(weak, usage=used), f"the judge of {self._weak} {why}"
        )

    async def _escalated(self, call: Call, proceed: Proceed, weak: Outcome, why: str) -> Outcome:
        left = _left(call, weak.usage.output)
        if left == 0:
            return _used_up(call, weak, f"for {self._strong}, since {why}")
        strong = await proceed(_asked_of(call, self._strong, left))
        return self._told(strong, why)

    def _told(self, strong: Outcome, why: str) -> Outcome:
        return replace(strong, notes=(*strong.notes, f"asked of {self._strong}, since {why}"))


def _asked_of(call: Call, model: str, most_tokens: int | None) -> Call:
    return replace(call, options=replace(call.options, model=model, max_tokens=most_tokens))


def _left(call: Call, used: int) -> int | None:
    """Give what is left of the call's own limit; it holds for all tries together."""
    limit = call.options.max_tokens
    return None if limit is None else max(0, limit - used)


def _used_up(call: Call, weak: Outcome, what: str) -> Outcome:
    cause = f"max_tokens: none of {call.options.max_tokens:,} is left {what}"
    partial = weak.partial if weak.value is None else weak.value
    return Outcome(EndState.OVER_BUDGET, cause=cause, partial=partial, tries=weak.tries)
