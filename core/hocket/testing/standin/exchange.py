"""One request for a turn: from checked body to the last byte of the reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from hocket.testing.standin import faults, heads, wire_anthropic, wire_openai
from hocket.testing.standin.answers import compose
from hocket.testing.standin.draws import Draws
from hocket.testing.standin.envelope import Envelope
from hocket.testing.standin.faults import Ending
from hocket.testing.standin.forms import sent, table
from hocket.testing.standin.frames import cut
from hocket.testing.standin.refusals import Refusal
from hocket.testing.standin.stats import Entry

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.testing.standin.answers import Turn
    from hocket.testing.standin.asked import Asked
    from hocket.testing.standin.connection import Connection
    from hocket.testing.standin.frames import Frames
    from hocket.testing.standin.models import Model
    from hocket.testing.standin.replies import Reply
    from hocket.testing.standin.state import State


class Wire(Protocol):
    """A module that gives a turn its form."""

    def message(self, turn: Turn, envelope: Envelope) -> JsonObject:
        """Make a whole reply."""
        ...

    def frames(self, turn: Turn, envelope: Envelope) -> Frames:
        """Make the events of a streamed reply."""
        ...

    def usage(self, turn: Turn, envelope: Envelope) -> JsonObject:
        """Count."""
        ...


WIRES: dict[str, Wire] = {"anthropic": wire_anthropic, "openai": wire_openai}


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What one request needs until its reply is sent."""

    state: State
    asked: Asked
    model: Model
    reply: Reply
    entry: Entry
    envelope: Envelope
    turn: Turn


def begin(state: State, asked: Asked, model: Model, path: str) -> Exchange:
    """Find the reply, account for the input, and note the request; it counts as in flight."""
    number = state.next_number()
    asked.occurrence = state.stats.calls[asked.id]
    reply = state.in_force(state.book.reply(asked), asked)
    now_s = state.clock.monotonic()
    envelope = Envelope(
        number=number,
        asked=asked,
        reply=reply,
        account=state.cache.account(model, asked.parts, now_s),
        signer=state.signer,
        draws=Draws(state.seed, number),
    )
    entry = Entry(
        n=number,
        id=asked.id,
        turn=asked.turns,
        path=path,
        model=asked.model,
        stream=asked.stream,
        at_s=now_s,
        body=asked.body,
        fault=reply.fault.kind if reply.fault else "",
    )
    state.stats.begin(entry)
    turn = compose(asked, reply)
    if reply.fault is not None and reply.fault.kind == "empty":
        turn = replace(turn, parts=(), output=1, thinking=0)
    return Exchange(
        state=state, asked=asked, model=model, reply=reply, entry=entry, envelope=envelope, turn=turn
    )


def settle(exchange: Exchange) -> None:
    """Let the reply begin: what the request wrote is readable, and what it costs is known."""
    state, entry = exchange.state, exchange.entry
    state.cache.begin(exchange.envelope.account, state.clock.monotonic())
    entry.status, entry.stop = 200, exchange.turn.stop
    wire = WIRES[exchange.asked.wire]
    entry.usage = exchange.envelope.counts(wire.usage(exchange.turn, exchange.envelope))


def told_off(exchange: Exchange) -> Refusal | None:
    """Give the error that the reply's fault answers with, if it is one; the entry notes it."""
    fault = exchange.reply.fault
    refusal = faults.refusal(fault, exchange.state.clock.wall_ms()) if fault else None
    if refusal is not None:
        exchange.entry.status, exchange.entry.state = refusal.status, "refused"
    return refusal


async def answer(exchange: Exchange, connection: Connection) -> bool:
    """Send the reply; raises Refusal for a fault that is one. False: the connection is gone."""
    reply, clock = exchange.reply, exchange.state.clock
    kind = reply.fault.kind if reply.fault else ""
    if kind == "hang":
        await clock.sleep(float("inf"))
    begin_ms = reply.lat_ms if reply.first_ms is None else reply.first_ms
    if begin_ms:
        await clock.sleep(begin_ms / 1000)
    if refusal := told_off(exchange):
        raise refusal
    if kind == "reset":
        connection.reset()
        return False
    settle(exchange)
    return await _perform(exchange, connection, max(0, reply.lat_ms - begin_ms) / 1000)


async def _perform(exchange: Exchange, connection: Connection, rest_s: float) -> bool:
    """Send head, beginning, the rest after its time, and the end that the fault wants."""
    reply, wire = exchange.reply, WIRES[exchange.asked.wire]
    if exchange.asked.stream:
        frames = wire.frames(exchange.turn, exchange.envelope)
        acts, ending = faults.streamed(reply, frames)
        ping = frames.ping
        opening, acts = (acts[:1], acts[1:]) if rest_s else ([], acts)
    else:
        body = sent(_message(exchange, wire))
        acts, ending = faults.whole(reply, body)
        opening, ping = [], b" "
    chunked = exchange.asked.stream or ending is not Ending.CLEAN or len(acts) > 1
    body_size = None if chunked else sum(len(act) for act in acts if isinstance(act, bytes))
    head = _head(exchange, body_size)
    await _send(exchange, connection, head, opening)
    if rest_s:
        await exchange.state.clock.sleep(rest_s)
    return True
