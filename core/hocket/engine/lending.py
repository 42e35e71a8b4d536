"""What the calls of a run borrow from it, beside its services: turns, decisions, agents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from hocket.api.approval import Policy
    from hocket.api.calls import Call, Options, Outcome
    from hocket.api.storage import HeldRun
    from hocket.engine.ceilings import Ceilings
    from hocket.engine.grounds import Grounds
    from hocket.engine.prices import Prices
    from hocket.engine.turns import Turns
    from hocket.engine.uses import Uses

    Spawn = Callable[[Call, str, Options, str], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """One for a run; each call's context hands it on."""

    turns: Turns
    uses: Uses
    ceilings: Ceilings
    policies: Sequence[Policy]
    """All but the ceilings."""
    prices: Prices
    held: HeldRun
    grounds: Grounds
    environment: Mapping[str, str]
    """The variables that processes of tools may see."""
    spawn: Spawn
    parked: set[int] = field(default_factory=set[int])
    """Calls that wait for a closed breaker, by number."""
