"""A backend whose agents know a planted truth and err on order; the same in every life of a run."""

from __future__ import annotations

import hashlib
import inspect
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.api.ceiling import KEYS
from hocket.api.patterns.draws import Draws
from hocket.testing.answers import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext

FAILURES = (EndState.ERROR, EndState.STALLED, EndState.TIMEOUT)


class PlantedBackend:
    """Answers by the role of a call: `roles[role](call, draws)` gives what an agent would say.

    An answerer may be a coroutine function and may take the context as a third argument: that is
    how a scripted agent edits files or calls tools. Draws depend on the seed, the key of the call
    and its occurrence alone, so a resume meets the same agents.
    """

    checks_pass = False
    enforces = frozenset(KEYS)
    """Its agents do nothing but what they are told, so it holds a bundle to all of its limits."""

    def __init__(
        self,
        roles: Mapping[str, Callable[..., object]],
        *,
        seed: int = 0,
        fail: float = 0.0,
        ends: Sequence[EndState] = FAILURES,
        has_workspace: bool = False,
        latency: float = 0.0,
    ) -> None:
        self.name = "planted"
        self.has_workspace = has_workspace
        self.calls: list[Call] = []
        """Every call that was dispatched, in order, as its agent got it."""
        self._roles, self._seed = roles, seed
        self._fail, self._ends, self._latency = fail, tuple(ends), latency

    def bound(self, _call: Call) -> Bound:
        """Bound a call by what one of its turns costs at most."""
        return Bound(output=1_000)

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Answer, or fail as it was drawn."""
        self.calls.append(call)
        draws = draws_of(self._seed, "run", call.key, call.occurrence)
        if self._latency:
            await context.clock.sleep(self._latency * (0.5 + draws.unit()))
        context.spend(Usage(input=len(call.prompt) // 4, output=200))
        if draws.unit() < self._fail:
            return Outcome(self._ends[draws.below(len(self._ends))], cause="planted")
        role = str(call.options.role)
        if role not in self._roles:
            return Outcome(EndState.ERROR, cause=f"planted: nobody plays the role '{role}'")
        return await self._answered(self._roles[role], call, draws, context)

    async def aclose(self) -> None:
        """Nothing is held open."""

    async def _answered(
        self, answer: Callable[..., object], call: Call, draws: Draws, context: CallContext
    ) -> Outcome:
        wanted = len(inspect.signature(answer).parameters)
        value = answer(*(call, draws, context)[:wanted])
        if inspect.isawaitable(value):
            value = await value
        while isinstance(value, Instruction):
            value = await value.obey(call, context)
        if isinstance(value, Outcome):
            return value
        said = await context.submit(value)
        if said.accepted:
            return Outcome(EndState.OK, value)
        return Outcome(EndState.INVALID, cause=f"planted: {said.complaint}")


def draws_of(*parts: object) -> Draws:
    """Give the stream of chance that belongs to these parts, the same on every machine."""
    named = "\n".join(map(str, parts))
    return Draws(int.from_bytes(hashlib.sha256(named.encode()).digest()[:8]))
