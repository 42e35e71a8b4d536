"""A backend that answers as told: the agents of every test that needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome
from hocket.testing.answers import NEVER, Instruction, Silence
from hocket.testing.rules import Rulebook

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket.testing.answers import Answer, Offer
    from hocket.testing.rules import Rules

PLENTY = Bound(output=1_000)


class ScriptedBackend:
    """Answers by rules and remembers what it was asked.

    A rule's prompt is compared as a whole first, then looked for within the prompt, in the
    order of the rules; it may be a compiled pattern or a function of the call, too, and `""`
    fits all. A list is a row of submissions; the last repeats as long as the engine complains.
    """

    name = "scripted"

    def __init__(
        self,
        answers: Rules,
        *,
        has_workspace: bool = False,
        checks_pass: bool = False,
        bound: Bound = PLENTY,
    ) -> None:
        self.has_workspace = has_workspace
        self.checks_pass = checks_pass
        self.calls: list[str] = []
        """Prompts in the order of dispatch."""
        self.submissions: list[Offer] = []
        """All that was submitted by all calls, in order; NEVER where nothing was."""
        self.in_flight = 0
        self.most_in_flight = 0
        self.closed = False
        self._rules = Rulebook(answers)
        self._bound = bound

    def bound(self, call: Call) -> Bound:
        """Give the declared bound, or less where the call itself is limited."""
        limit = call.options.max_tokens
        if limit is None or limit >= self._bound.output:
            return self._bound
        return Bound(limit, self._bound.cost_micros)

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Do what the rule for the prompt says."""
        self.calls.append(call.prompt)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._play(self._rules.find(call), call, context)
        finally:
            self.in_flight -= 1

    async def aclose(self) -> None:
        """Remember that the run let go."""
        self.closed = True

    async def _play(self, answer: Answer, call: Call, context: CallContext) -> Outcome:
        while not isinstance(answer, Outcome):
            if callable(answer):
                answer = answer(call)
            elif isinstance(answer, Instruction):
                answer = await answer.obey(call, context)
            else:
                answer = await self._submit(answer, context)
        return answer

    async def _submit(self, offers: Offer | list[Offer], context: CallContext) -> Outcome:
        """Offer one after another, the last one again and again, until the engine has enough."""
        row = iter(offers if isinstance(offers, list) else [offers])
        offer: Offer = NEVER
        while True:
            offer = next(row, offer)
            self.submissions.append(offer)
            if isinstance(offer, Silence):
                said = await context.missing()
            else:
                said = await context.submit(offer)
                if said.accepted:
                    return Outcome(EndState.OK, offer)
            if said.complaint is None:
                return Outcome(EndState.INVALID, cause="no submission was accepted")
