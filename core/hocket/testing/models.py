"""A model that says as told: the provider of every test that needs no server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hocket.api.calls import Usage
from hocket.api.messages import (
    Capabilities,
    Closed,
    Delta,
    Message,
    Opened,
    Ping,
    Stop,
    Text,
    Thinking,
    ToolUse,
    Turn,
)
from hocket.testing.clock import JumpingClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from pydantic import JsonValue

    from hocket.api.clock import Clock
    from hocket.api.messages import Block, ProviderFailure, TurnRequest

    Said: TypeAlias = "ScriptedTurn | ProviderFailure | str"

SOME = Usage(input=100, output=10, cost_micros=None)


@dataclass(frozen=True, slots=True)
class ScriptedUse:
    """A wish to use a tool; a text goes out as it stands, also when it is not JSON."""

    name: str
    given: dict[str, JsonValue] | str

    @property
    def raw(self) -> str:
        """The JSON text."""
        return self.given if isinstance(self.given, str) else json.dumps(self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedTurn:
    """One turn: what is said, how it ends, and how long everything takes by the clock."""

    text: str = ""
    thinking: str = ""
    uses: tuple[ScriptedUse, ...] = ()
    stop: Stop | None = None
    """None: what follows from the uses."""
    usage: Usage = SOME
    blocks: tuple[Block, ...] = ()
    """Further blocks, as they are."""
    silent_s: float = 0.0
    """Before the reply begins."""
    pings: tuple[int, float] = (0, 0.0)
    """So many, each after so many seconds, before the first piece."""
    pieces: int = 1
    """Into how many pieces the text is cut."""
    drip_s: float = 0.0
    """Before every piece."""
    hangs_s: float = 0.0
    """After the last piece."""
    fails: ProviderFailure | None = None
    """Raised in the place of the end."""

    @property
    def ends(self) -> Stop:
        """Why the turn ends."""
        return self.stop or (Stop.TOOLS if self.uses else Stop.END)


class ScriptedModel:
    """Says one turn after another, the last one again and again; remembers what it was asked.

    A text is a turn that says it, a failure is raised at once, a function decides by the request.
    """

    def __init__(
        self,
        *turns: ScriptedTurn | ProviderFailure | str | Callable[[TurnRequest], Said],
        name: str = "scripted",
        capabilities: Capabilities | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.name = name
        self.requests: list[TurnRequest] = []
        self.aliases: dict[str, str] = {}
        self.asked: list[str] = []
        """Models whose capabilities were asked for."""
        self.dropped = 0
        """Replies that nobody heard to their end."""
        self.closed = False
        self._turns = turns or ("Done.",)
        self._capabilities = capabilities or Capabilities(window=200_000, max_output=64_000)
        self._clock = JumpingClock() if clock is None else clock
        self._uses = 0

    def lane(self, model: str) -> str:
        """Name what is limited together."""
        return f"{self.name}|{model}"

    async def resolve(self, alias: str) -> str:
        """Look into `aliases`."""
        return self.aliases.get(alias, alias)

    async def capabilities(self, model: str) -> Capabilities:
        """Give what it was told it can do."""
        self.asked.append(model)
        return self._capabilities

    async def count(self, request: TurnRequest) -> int | None:
        """Say that nobody counts."""
        del request
        return None

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        """Say what is next."""
        said = self._turns[min(len(self.requests), len(self._turns) - 1)]
        self.requests.append(request)
        told = said(request) if callable(said) else said
        if isinstance(told, Exception):
            raise told
        turn = ScriptedTurn(text=told) if isinstance(told, str) else told
        self.dropped += 1
        async for piece in self._play(turn):
            yield piece
        if turn.fails is not None:
            raise turn.fails
        self.dropped -= 1
        yield Closed(turn=self._whole(turn, request))

    async def _play(self, turn: ScriptedTurn) -> AsyncGenerator[Opened | Delta | Ping]:
        await self._wait(turn.silent_s)
        yield Opened(usage=Usage(input=turn.usage.input, output=1, cost_micros=None))
        count, every_s = turn.pings
        for _ in range(count):
            await self._wait(every_s)
            yield Ping()
        for piece in _deltas(turn):
            await self._wait(turn.drip_s)
            yield piece
        await self._wait(turn.hangs_s)

    async def _wait(self, seconds: float) -> None:
        if seconds:
            await self._clock.sleep(seconds)

    def _whole(self, turn: ScriptedTurn, request: TurnRequest) -> Turn:
        blocks: list[Block] = []
        if turn.thinking:
            blocks.append(Thinking(text=turn.thinking, signature="signed"))
        blocks += turn.blocks
        if turn.text:
            blocks.append(Text(text=turn.text))
        blocks += [self._used(use) for use in turn.uses]
        message = Message(role="assistant", blocks=tuple(blocks))
        stop = turn.ends
        return Turn(message=message, stop=stop, usage=turn.usage, model_served=request.model)

    def _used(self, use: ScriptedUse) -> ToolUse:
        self._uses += 1
        return ToolUse(id=f"use_{self._uses}", name=use.name, raw=use.raw)


def _deltas(turn: ScriptedTurn) -> Iterator[Delta]:
    if turn.thinking:
        yield Delta(part="thinking", index=0, text=turn.thinking)
    size = max(1, -(-len(turn.text) // turn.pieces))
    for start in range(0, len(turn.text), size):
        yield Delta(part="text", index=1, text=turn.text[start : start + size])
    for number, use in enumerate(turn.uses, 2):
        yield Delta(part="input", index=number, text=use.raw)
