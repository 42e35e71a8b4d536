"""One model turn: sent under the engine's rules, watched, sent again when it falls silent."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol, cast

from hocket.api.calls import EndState
from hocket.api.messages import Closed, Opened, ProviderFailure
from hocket_plugins.backends.agent_loop.ends import ended
from hocket_plugins.backends.agent_loop.liveness import Silent, Slept, Watch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.messages import Delta, Ping, Turn, TurnRequest
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.later import Later
    from hocket_plugins.backends.agent_loop.purse import Purse, Stake
    from hocket_plugins.backends.agent_loop.routing import Chosen
    from hocket_plugins.backends.agent_loop.transcript import Transcript

UNASKED = frozenset({"canceled", "missing"})
"""What a batch says of a turn that the service never took."""
RESENDS = 2
"""How often a turn that fell silent is sent again."""


class Pieces(Protocol):
    """What `turn()` of a provider gives, as long as it can be closed."""

    def __call__(
        self, request: TurnRequest
    ) -> AsyncGenerator[Opened | Delta | Ping | Closed, None]:
        """Stream one reply."""
        ...


def _nothing() -> None:
    """Find nothing wrong."""


class Sender:
    """Sends the turns of one call; the conversation is never thrown away by anything here."""

    def __init__(
        self, context: CallContext, chosen: Chosen, purse: Purse, transcript: Transcript
    ) -> None:
        self._context = context
        self._chosen = chosen
        self._purse = purse
        self._transcript = transcript
        self.stall_s = 180.0
        self.partial = ""
        """What the last turn that broke off had said."""
        self.later: Later | None = None
        """Where turns may wait, for less."""
        self.batch: Mapping[str, JsonValue] = {}
        """Where an earlier life left the next turn."""
        self.check: Callable[[], None] = _nothing
        """Called before every try; what it raises ends the turn."""

    async def take(self, request: TurnRequest, prefix: str, stake: Stake) -> Turn:
        """Give the whole turn; raises End when it stalls for good, TurnGivenUp as the engine does.

        It must be reserved already.
        """
        if self.later is not None:
            turn = await self._answered_later(request, self.later)
            if turn is not None:
                return turn
            self._purse.half, self.later = False, None
            self.reserve_again(stake)
        attempt = _Attempt(self, request, stake)
        stalls = 0
        while True:
            try:
                return await self._context.send(self._chosen.lane, prefix, attempt.once)
            except Slept:
                self._transcript.stall(self.partial, "hocket did not run")
            except Silent:
                stalls += 1
                self._transcript.stall(self.partial, "nothing came")
                if stalls > RESENDS:
                    cause = f"nothing heard for {self.stall_s:g} s, {stalls} times"
                    raise ended(EndState.STALLED, cause, self.partial) from None

    async def _answered_later(self, request: TurnRequest, later: Later) -> Turn | None:
        """Let a batch take the turn; None when it must be asked for at once, at the whole price."""
        batch, self.batch = self.batch, {}
        reply: Turn | ProviderFailure | None = None
        if batch:
            reply = await later.collect(str(batch["id"]), str(batch["name"]), self._context)
        if reply is None or (isinstance(reply, ProviderFailure) and reply.code in UNASKED):
            reply = await later.ask(request, self._context, self._transcript.batch)
        if isinstance(reply, ProviderFailure):
            self._transcript.retry(reply.kind, reply.code, reply.raw)
            return None
        return reply

    async def stream(
        self, request: TurnRequest, opened: Callable[[], None], watch: Watch
    ) -> Turn | None:
        """Hear one reply to its end; None when it just stops."""
        turn: Turn | None = None
        pieces = cast("Pieces", self._chosen.provider.turn)
        async with watch.limits(), aclosing(pieces(request)) as reply:
            async for piece in reply:
                watch.hear(piece)
                if isinstance(piece, Opened):
                    opened()
                elif isinstance(piece, Closed):
                    turn = piece.turn
        return turn

    def watch(self) -> Watch:
        """Start a watch over one reply."""
        slow = bool(getattr(self._chosen.provider, "local", False))
        context = self._context
        return Watch(context.clock, self.stall_s, context.progress, slow_start=slow)

    def broke(self, watch: Watch, failure: ProviderFailure | None, stake: Stake) -> None:
        """Keep and book what came of a reply that has no end."""
        self.partial = watch.text
        if failure is not None:
            self._transcript.retry(failure.kind, failure.code, watch.text or failure.raw)
        if watch.seen is not None or failure is None or failure.kind == "cut":
            self._purse.lose(watch.seen, watch.heard, stake)

    def reserve_again(self, stake: Stake) -> None:
        """Reserve a turn that is sent once more; raises End when there is no room for it."""
        if not self._purse.reserve(stake):
            raise ended(EndState.OVER_BUDGET, self._purse.limit, self.partial)


class _Attempt:
    """The tries of one turn."""

    def __init__(self, sender: Sender, request: TurnRequest, stake: Stake) -> None:
        self._sender = sender
        self._request = request
        self._stake = stake
        self._is_reserved = True

    async def once(self, opened: Callable[[], None]) -> Turn:
        """Try once; what a try that broke off had used is booked before the next."""
        if not self._is_reserved:
            self._sender.reserve_again(self._stake)
            self._is_reserved = True
        watch = self._sender.watch()
        self._sender.check()
        try:
            turn = await self._sender.stream(self._request, opened, watch)
            if turn is None:
                raise ProviderFailure("cut", code="no end")  # noqa: TRY301  a broken provider
        except ProviderFailure as failure:
            self._broke(watch, failure)
            raise
        except (Silent, Slept):
            self._broke(watch, None)
            raise
        return turn

    def _broke(self, watch: Watch, failure: ProviderFailure | None) -> None:
        self._is_reserved = watch.seen is None and failure is not None and failure.kind != "cut"
        self._sender.broke(watch, failure, self._stake)
