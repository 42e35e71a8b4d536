"""What was asked: a request of either wire, as rules and replies see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from hocket.testing.standin.directives import NONE, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.directives import Orders
    from hocket.testing.standin.prefix import Part


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who said which text (tool results are not text)."""

    role: str
    text: str


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request for one turn."""

    wire: str
    """`anthropic` or `openai`."""
    body: JsonObject
    model: str
    said: Sequence[Said]
    tools: Mapping[str, JsonObject]
    """The input schema of each offered tool."""
    choice: str = "auto"
    """`auto`, `any`, `none`, or `=` and the name of the tool that must be used."""
    schema: JsonObject | None = None
    stream: bool = False
    max_tokens: int | None = None
    stop_sequences: Sequence[str] = ()
    thinks: bool = True
    """False where the request turns thinking off."""
    parts: Sequence[Part] = ()
    occurrence: int = 0
    """How often its id was asked before."""
    orders: Orders = field(init=False)
    turn: int = field(init=False)
    """How many turns of the model follow the message with the orders."""

    def __post_init__(self) -> None:
        """Find the last message of a user that gives orders."""
        self.orders, self.turn = NONE, 0
        turns = 0
        for message in reversed(self.said):
            turns += message.role == "assistant"
            if message.role == "user" and (orders := read(message.text)):
                self.orders, self.turn = orders, turns
                return
        self.turn = turns

    @property
    def text(self) -> str:
        """The last text of a user."""
        return next((s.text for s in reversed(self.said) if s.role == "user" and s.text), "")

    @property
    def id(self) -> str:
        """The id of the directives, else a digest of the first text of a user."""
        if self.orders.id:
            return self.orders.id
        first = next((s.text for s in self.said if s.role == "user" and s.text), "")
        return blake2b(first.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()

    @property
    def turns(self) -> int:
        """How many turns the model had in this conversation."""
        return sum(message.role == "assistant" for message in self.said)
