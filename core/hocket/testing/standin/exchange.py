"""One request for a turn: its reply, its account, its place in the log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self

from hocket.testing.standin import faults, wire_anthropic, wire_openai
from hocket.testing.standin.answers import compose
from hocket.testing.standin.draws import Draws
from hocket.testing.standin.envelope import Envelope
from hocket.testing.standin.faults import BROKEN, PING_S, Ending
from hocket.testing.standin.forms import sent
from hocket.testing.standin.heads import EVENTS, HTML, JSON, head
from hocket.testing.standin.limits import granted
from hocket.testing.standin.performing import Performance
from hocket.testing.standin.stats import Entry

if TYPE_CHECKING:
    from types import TracebackType

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.answers import Turn
    from hocket.testing.standin.asked import Asked
    from hocket.testing.standin.connection import Connection
    from hocket.testing.standin.faults import Acts
    from hocket.testing.standin.frames import Frames
    from hocket.testing.standin.models import Model
    from hocket.testing.standin.state import State

_NOVELTY: JsonObject = {"type": "standin_novelty", "novelty": True}


class Wire(Protocol):
    """A module that gives a turn its form."""

    def message(self, turn: Turn, envelope: Envelope) -> JsonObject:
        """Make a whole reply."""
        ...

    def frames(self, turn: Turn, envelope: Envelope) -> Frames:
        """Make the events of a streamed reply."""
        ...

    def usage(self, turn: Turn, envelope: Envelope) -> JsonObject:
        """Give the true counts."""
        ...


_WIRES: dict[str, Wire] = {"anthropic": wire_anthropic, "openai": wire_openai}


@dataclass(slots=True)
class Exchange:
    """In flight from the first to the last line of its `with`."""

    state: State
    envelope: Envelope
    turn: Turn
    entry: Entry

    def __enter__(self) -> Self:
        """Count it in."""
        self.state.stats.begin(self.entry)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Count it out, however it ended."""
        self.state.stats.end(self.entry, self.state.clock.monotonic())

    @property
    def fault(self) -> str:
        """The kind of the fault that is played, or nothing."""
        return self.entry.fault

    @property
    def wire(self) -> Wire:
        """The wire it was asked on."""
        return _WIRES[self.envelope.asked.wire]

    def refuse(self) -> None:
        """Raise Refusal if its fault is one."""
        fault = self.envelope.reply.fault
        refusal = faults.refusal(fault, self.state.clock.wall_ms()) if fault else None
        if refusal is not None:
            self.entry.status, self.entry.state = refusal.status, "refused"
            raise refusal

    def settle(self) -> None:
        """Begin the reply: what it wrote is readable from now on, and it costs what it costs."""
        self.state.cache.begin(self.envelope.account, self.state.clock.monotonic())
        self.entry.status, self.entry.stop = 200, self.turn.stop
        self.entry.usage = self.envelope.counts(self.wire.usage(self.turn, self.envelope))

    def message(self) -> JsonObject:
        """Make the whole reply."""
        message = self.wire.message(self.turn, self.envelope)
        content = message.get("content")
        if self.fault == "oddblock" and isinstance(content, list):
            content.append(_NOVELTY)
        return message

    async def answer(self, connection: Connection) -> bool:
        """Send the reply; raises Refusal for a fault that is one. False: no more requests."""
        reply, clock = self.envelope.reply, self.state.clock
        begin_ms = reply.lat_ms if reply.first_ms is None else reply.first_ms
        if self.fault == "hang" or (self.fault == "ping" and not self.envelope.asked.stream):
            await asyncio.get_running_loop().create_future()
        if begin_ms:
            await clock.sleep(begin_ms / 1000)
        self.refuse()
        if self.fault == "reset":
            connection.reset()
            return False
        self.settle()
        performance = self._performance(max(0, reply.lat_ms - begin_ms) / 1000)
        keeps = await performance.play(connection, clock, self.envelope.draws)
        if self.fault not in BROKEN:
            self.entry.state = "served"
        return keeps

    def _performance(self, rest_s: float) -> Performance:
        """Arrange beginning, rest and end; the rest comes after `rest_s`."""
        reply, ping, size = self.envelope.reply, b" ", None
        if self.envelope.asked.stream:
            frames = self.wire.frames(self.turn, self.envelope)
            acts, ending = faults.streamed(reply, frames)
            ping = frames.ping
        else:
            body = sent(self.message())
            acts, ending = faults.whole(reply, body)
            size = len(body) if ending is not Ending.CLEAN else _size(acts)
        if rest_s:
            acts = [*acts[:1], rest_s, *acts[1:]]
        return Performance(
            head=self._head(size),
            acts=acts,
            ending=ending,
            chunked=size is None,
            ping=ping,
            ping_s=reply.drip_ms / 1000 or PING_S,
        )

    def _head(self, size: int | None) -> bytes:
        kind = EVENTS if size is None else JSON
        kind = HTML if self.fault == "html" else kind
        return head(200, kind, granted(self.state, self.envelope.number), size)


def _size(acts: Acts) -> int:
    return sum(len(act) for act in acts if isinstance(act, bytes))


def exchange(state: State, asked: Asked, model: Model, path: str) -> Exchange:
    """Find the reply and account for the input; raises Refusal for an unknown fault."""
    asked.occurrence = state.stats.calls[asked.id]
    reply = state.in_force(state.book.reply(asked), asked)
    number, now_s = state.next_number(), state.clock.monotonic()
    account = state.cache.account(model, asked.parts, now_s)
    envelope = Envelope(
        number=number,
        asked=asked,
        reply=reply,
        account=account,
        signer=state.signer,
        draws=Draws(state.seed, number),
    )
    turn = compose(asked, reply)
    kind = reply.fault.kind if reply.fault else ""
    if kind == "empty":
        turn = replace(turn, parts=(), output=1, thinking=0)
    entry = Entry(
        n=number,
        id=asked.id,
        turn=asked.turns,
        path=path,
        model=asked.model,
        stream=asked.stream,
        at_s=now_s,
        body=asked.body,
        fault=kind,
    )
    return Exchange(state, envelope, turn, entry)


def at_once(made: Exchange) -> JsonObject:
    """Give a reply without a connection, as batches do; raises Refusal as a connection would."""
    with made:
        made.refuse()
        made.settle()
        if made.fault not in BROKEN:
            made.entry.state = "served"
        return made.message()
