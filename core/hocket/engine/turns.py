"""Sends model turns: permit, prefix gate, back-off and breaker, in one place for all calls."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.messages import ProviderFailure
from hocket.api.protocols import TurnGivenUp
from hocket.engine.lanes import Shut, Tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.messages import Turn
    from hocket.api.protocols import SendTurn
    from hocket.engine.activity import Activity
    from hocket.engine.breaker import Advice, Breaker
    from hocket.engine.gates import Gates


class Turns:
    """The way of a model turn to its provider; one for all calls of a run."""

    def __init__(self, breaker: Breaker, gates: Gates, opened: Callable[[str], None]) -> None:
        self._breaker = breaker
        self._gates = gates
        self._opened = opened

    async def send(self, lane: str, prefix: str, turn: SendTurn, activity: Activity) -> Turn:
        """Send a turn, the same one again as long as the rules allow; raises TurnGivenUp."""
        tries = Tries(prefix)
        while True:
            try:
                return await self._try(lane, prefix, turn, (tries, activity))
            except Shut:
                advice = self._breaker.shut()
            except ProviderFailure as failure:
                advice = self._breaker.trouble(self._breaker.lane(lane), failure, tries)
            await self._follow(advice, activity)

    async def _try(
        self, lane: str, prefix: str, turn: SendTurn, state: tuple[Tries, Activity]
    ) -> Turn:
        tries, activity = state
        writes = False
        if prefix:
            with activity.paused():
                writes = await self._gates.enter(prefix)
        try:
            async with AsyncExitStack() as stack:
                with activity.paused():
                    await stack.enter_async_context(self._breaker.lane(lane).permit(tries))
                return await turn(lambda: self._gates.opened(prefix))
        finally:
            if writes:
                self._gates.left(prefix)

    async def _follow(self, advice: Advice, activity: Activity) -> None:
        """Wait as told, with or without the slot; raises TurnGivenUp when there is no way on."""
        if advice.what == "give_up":
            if (opening := self._breaker.opening) is not None:
                self._opened(opening.cause)  # what fails this call fails all: nobody else starts
            raise TurnGivenUp(advice.state or EndState.ERROR, advice.cause)
        if advice.what == "again":
            with activity.paused():
                await self._breaker.rest(advice.wait_s)
        elif advice.what == "park":
            activity.waits(advice.wait_s)
            async with activity.away():
                await self._breaker.rest(advice.wait_s)
        else:
            with activity.parked():
                self._opened(advice.cause)
                async with activity.away():
                    await self._breaker.wait_closed()
