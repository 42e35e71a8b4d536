"""Thrift: as a budget runs down, what is optional or adds little is left out first, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection

    from hocket.api.calls import Call
    from hocket.api.protocols import Proceed
    from hocket.engine.budget import Budget
    from hocket.engine.remarks import Remarks

POSITION = 50
"""Before policies: nobody is asked about a call that is left out."""
OPTIONAL = 0.2
"""What a call of an optional phase is worth beside one that is needed."""


class ThriftStage:
    """Leaves out what is worth less than the bar, which rises as the rest of the budget shrinks."""

    name = "thrift"
    position = POSITION

    def __init__(
        self, budget: Budget, below: float, optional: Collection[str], remarks: Remarks
    ) -> None:
        self._budget = budget
        self._below = below
        self._optional = optional
        self._remarks = remarks

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Proceed, or end the call at once: it never ran, and a resume with more money runs it."""
        left = self._budget.share_left
        if left >= self._below or call.options.depth or self._worth(call) >= self._bar(left):
            return await proceed(call)
        why = self._why(call)
        self._remarks.leave_out(why)
        cause = f"pruned: {why}, and {left:.0%} of the budget is left"
        return Outcome(EndState.OVER_BUDGET, cause=cause, pruned=True)

    def _bar(self, left: float) -> float:
        return min(1.0, 1.0 - left / self._below)

    def _worth(self, call: Call) -> float:
        worth = 1.0 if call.options.worth is None else call.options.worth
        return worth * OPTIONAL if self._is_optional(call) else worth

    def _is_optional(self, call: Call) -> bool:
        # In a nested workflow a phase carries the title of the workflow before its own.
        return (call.phase or "").rpartition(" · ")[2] in self._optional

    def _why(self, call: Call) -> str:
        if self._is_optional(call):
            return f'phase "{call.phase}" is optional'
        return f"{call.options.role or 'this'} would add little"
