"""The backend that needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket_plugins.backends.simulate.draws import Draws
from hocket_plugins.backends.simulate.words import prose

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.simulate.behaviour import Behaviour

_NANOS = 1_000
_LARGEST = 4


class SimulateBackend:
    """Gives every call an answer, a latency, a usage or a failure of its own.

    What a call gets depends on the seed, its key and its occurrence: a resume meets the
    same agents. A dry run of 100,000 calls is a bench, so the usual path awaits nothing.
    """

    name = "simulate"
    has_workspace = False
    checks_pass = True

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._size, self._fail = behaviour.size, behaviour.fail
        self._waits = behaviour.latency > 0 or behaviour.progress > 0
        # A dollar for a million tokens is a millionth for one: thousandths of it stay whole.
        self._output_nanos = round(behaviour.price * _NANOS)
        self._input_nanos = round(behaviour.input_price * _NANOS)

    def bound(self, call: Call) -> Bound:
        """Give four times the mean, or what the call may have at all."""
        most = self._most(call)
        return Bound(most, self._cost(self._input(call), most))

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Draw what this call comes to."""
        draws = Draws(self._behaviour.seed, call.key, call.occurrence)
        output = 1 + int(draws.waiting(self._behaviour.tokens - 0.5))
        outcome = self._outcome(call, draws)
        if self._waits:
            await self._wait(draws, context)
        context.spend(self._usage(call, min(output, self._most(call))))
        return outcome

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _most(self, call: Call) -> int:
        most, limit = _LARGEST * self._behaviour.tokens, call.options.max_tokens
        return most if limit is None else min(most, limit)

    def _input(self, call: Call) -> int:
        return self._behaviour.input or len(call.prompt) // 4 + 1

    def _cost(self, taken: int, given: int) -> int:
        """Count millionths, rounded up, so that a bound is never below what it bounds."""
        return -(-(taken * self._input_nanos + given * self._output_nanos) // _NANOS)

    def _usage(self, call: Call, output: int) -> Usage:
        taken = self._input(call)
        return Usage(taken, 0, 0, output, self._cost(taken, output))

    async def _wait(self, draws: Draws, context: CallContext) -> None:
        behaviour = self._behaviour
        seconds = behaviour.latency * (1 + behaviour.jitter * (2 * draws.unit() - 1))
        for step in range(behaviour.progress):
            await context.clock.sleep(seconds / (behaviour.progress + 1))
            context.progress(f"step {step + 1} of {behaviour.progress}")
        await context.clock.sleep(seconds / (behaviour.progress + 1))

    def _outcome(self, call: Call, draws: Draws) -> Outcome:
        if draws.unit() < self._fail:
            state = EndState(self._behaviour.fail_state)
            return Outcome(state, cause="simulate: this call was drawn to fail")
        if call.options.schema is None:
            return Outcome(EndState.OK, prose(draws, self._size))
        from hocket_plugins.backends.simulate.answers import answer
        from hocket_plugins.backends.simulate.schema import NoAnswer

        try:
            lists, sparse = self._behaviour.lists, self._behaviour.sparse
            made = answer(call.options.schema, draws, lists, sparse=sparse)
            return Outcome(EndState.OK, made)
        except NoAnswer as none:
            return Outcome(EndState.ERROR, cause=f"simulate: {none}")
