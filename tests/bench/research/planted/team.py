"""All scripted agents of a corpus: roles for `PlantedBackend`, and what they really did."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from planted.backend import PlantedBackend, draws_of
from planted.canary import Canary
from planted.errors import STORM, Errors
from planted.knowledge import Knowledge
from planted.log import Log
from planted.readers import Readers
from planted.voters import Voters
from planted.writers import Writers

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws
    from hocket.api.protocols import CallContext
    from planted.corpus import PlantedCorpus


@dataclass
class Team:
    """Agents who know one corpus; a second life of a run may meet a new team of the same errors."""

    corpus: PlantedCorpus
    errors: Errors = field(default_factory=Errors)
    canary: Canary = field(default_factory=Canary)
    log: Log = field(default_factory=Log)

    @cached_property
    def roles(self) -> dict[str, Callable[..., object]]:
        """What they answer, by role; those that were told to fail do."""
        known = Knowledge(self.corpus)
        readers = Readers(known, self.errors, self.canary, self.log)
        voters = Voters(known, self.errors)
        every = {**readers.roles, **voters.roles, **Writers(known).roles}
        # `merge` asks its readers under the role `read` too, over a list of texts.
        every["read"] = _either(readers.read, voters.same)
        return {role: self._failing(role, answer) for role, answer in every.items()}

    def backend(self, **options: object) -> PlantedBackend:
        """Give a backend that is played by them."""
        return PlantedBackend(self.roles, seed=self.errors.seed, **options)

    def _failing(self, role: str, answer: Callable[..., object]) -> Callable[..., object]:
        errors = self.errors
        if not errors.fail or (errors.fail_roles and role not in errors.fail_roles):
            return answer

        async def maybe(call: Call, draws: Draws, context: CallContext) -> object:
            if self._fails(call, draws):
                if errors.refuting and role == "vote":
                    return {"verdict": "refuted", "reason": "failed"}
                return Outcome(_end(errors, draws), cause="planted: failed")
            wanted = len(inspect.signature(answer).parameters)
            value = answer(*(call, draws, context)[:wanted])
            return await value if inspect.isawaitable(value) else value

        return maybe

    def _fails(self, call: Call, draws: Draws) -> bool:
        """Draw by call, or in a storm for a row of calls at once."""
        if self.errors.storms:
            draws = draws_of(self.errors.seed, "storm", call.number // STORM)
        return draws.unit() < self.errors.fail


def _end(errors: Errors, draws: Draws) -> EndState:
    return EndState.ERROR if errors.storms else errors.ends[draws.below(len(errors.ends))]


def _either(read: Callable[..., object], same: Callable[..., object]) -> Callable[..., object]:
    async def answer(call: Call, draws: Draws, context: CallContext) -> object:
        return (
            same(call) if isinstance(call.options.item, list) else await read(call, draws, context)
        )

    return answer
