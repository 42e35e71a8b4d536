"""Turns that may be answered later for less: gathered into batches, waited for without a slot."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.messages import ProviderFailure
from hocket.api.protocols import TurnGivenUp
from hocket.api.providers import Batching
from hocket_plugins.backends.agent_loop.routing import NOTHING_SAID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.clock import Clock
    from hocket.api.messages import Turn, TurnRequest
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.routing import Chosen

WINDOW_S = 1.0
"""A batch leaves when nothing was added to it for so long."""
MOST_WINDOWS = 10
SHORTEST_POLL_S, LONGEST_POLL_S = 1.0, 60.0
CANCEL_S = 5.0
"""How long the service may take to hear that nobody waits any more."""


class Batch:
    """Requests on their way, and all who wait for them; one of these acts for all."""

    def __init__(self, batch: str = "") -> None:
        self.id = batch
        self.requests: dict[str, TurnRequest] = {}
        self.told: dict[str, Callable[[str], None]] = {}
        """Who is told the id, before anybody waits for replies."""
        self.replies: Mapping[str, Turn | ProviderFailure] | None = None
        self.given_up: TurnGivenUp | None = None
        self.waiting = 0
        self._acting = asyncio.Lock()
        self._actor: object = None
        self._poll_s = 0.0

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return self.replies is not None or self.given_up is not None

    async def lead(self, actor: object, clock: Clock) -> bool:
        """Wait until there is something to do, and be the one who does it; False when it is over.

        Who leads does so until `follow`, also when it is cancelled: then another one takes over.
        """
        await self._acting.acquire()
        self._actor = actor
        if not self.is_over:
            await (clock.sleep(self._poll_s) if self.id else self._gather(clock))
        return not self.is_over

    def follow(self, actor: object) -> None:
        """Let another one lead."""
        if self._actor is actor:
            self._actor = None
            self._acting.release()

    async def act(self, provider: Batching) -> None:
        """Hand the requests over, or look whether they are answered; raises ProviderFailure."""
        if self.id:
            self._poll_s = min(LONGEST_POLL_S, max(SHORTEST_POLL_S, 1.5 * self._poll_s))
            self.replies = await provider.collect_batch(self.id)
            return
        self.id = await provider.submit_batch({**self.requests})
        self._poll_s = SHORTEST_POLL_S
        for tell in self.told.values():
            tell(self.id)

    def reply(self, name: str) -> Turn | ProviderFailure:
        """Give what came for a name; raises TurnGivenUp when nothing will."""
        if self.given_up is not None:
            raise self.given_up
        missing = ProviderFailure("server", code="missing")
        return (self.replies or {}).get(name, missing)

    async def _gather(self, clock: Clock) -> None:
        for _ in range(MOST_WINDOWS):
            count = len(self.requests)
            await clock.sleep(WINDOW_S)
            if len(self.requests) == count:
                break


class Laters:
    """Where turns may wait in a run, if anybody wants that: one for each lane."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._lanes: dict[str, Later] = {}

    def of(self, chosen: Chosen) -> Later | None:
        """Give where turns of a model may wait, if its service does that."""
        provider, lane = chosen.provider, chosen.lane
        if not (self._wanted and chosen.capabilities.batches and isinstance(provider, Batching)):
            return None
        return self._lanes.setdefault(lane, Later(provider, lane))


class Later:
    """All batches of one lane in a run."""

    def __init__(self, provider: Batching, lane: str) -> None:
        self._provider = provider
        self._lane = lane
        self._gathering: Batch | None = None
        self._known: dict[str, Batch] = {}
        self._count = 0

    async def ask(
        self, request: TurnRequest, context: CallContext, tell: Callable[[str, str], None]
    ) -> Turn | ProviderFailure:
        """Let the next batch take a request along; `tell` hears its id and name beforehand."""
        batch = self._gathering
        if batch is None or batch.id:
            batch = self._gathering = Batch()
        self._count += 1
        name = f"turn-{self._count}"
        batch.requests[name] = request
        batch.told[name] = lambda found: tell(found, name)
        return await self._wait(batch, name, context)

    async def collect(self, found: str, name: str, context: CallContext) -> Turn | ProviderFailure:
        """Wait for a batch that an earlier life handed over."""
        batch = self._known.setdefault(found, Batch(found))
        return await self._wait(batch, name, context)

    async def _wait(self, batch: Batch, name: str, context: CallContext) -> Turn | ProviderFailure:
        batch.waiting += 1
        try:
            while not batch.is_over:
                await self._step(batch, context)
        except asyncio.CancelledError:
            await self._leave(batch, name)
            raise
        finally:
            batch.waiting -= 1
        return batch.reply(name)

    async def _step(self, batch: Batch, context: CallContext) -> None:
        """Wait without a slot until there is something to do, and do it for all."""
        actor = object()
        try:
            if await context.park(partial(batch.lead, actor, context.clock)):
                if batch is self._gathering:
                    self._gathering = None
                await self._act(batch, context)
        finally:
            batch.follow(actor)

    async def _act(self, batch: Batch, context: CallContext) -> None:
        async def act(_opened: Callable[[], None]) -> Turn:
            await batch.act(self._provider)
            return NOTHING_SAID

        try:
            await context.send(self._lane, "", act)
        except TurnGivenUp as given:
            if batch.id and given.cause.startswith("bad_request"):
                batch.replies = {}  # the service knows nothing of it any more
            else:
                batch.given_up = given

    async def _leave(self, batch: Batch, name: str) -> None:
        """Take a request back; who leaves last has the service stop."""
        if not batch.id:
            batch.requests.pop(name, None)
            batch.told.pop(name, None)
        elif batch.waiting == 1 and not batch.is_over:
            with suppress(ProviderFailure, TimeoutError):
                async with asyncio.timeout(CANCEL_S):
                    await self._provider.cancel_batch(batch.id)
