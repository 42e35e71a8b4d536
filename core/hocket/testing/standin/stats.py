"""What the server saw: the oracle of tests, which ask it and not the client."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.testing.standin.forms import table, whole

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject

BODIES = 1_000
"""So many of the newest requests keep their body."""
COUNTED = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "ephemeral_5m_input_tokens",
    "ephemeral_1h_input_tokens",
    "output_tokens",
    "prompt_tokens",
    "completion_tokens",
)


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request for a turn."""

    n: int
    id: str
    turn: int
    """How many turns of the model the conversation had."""
    path: str
    model: str
    stream: bool
    at_s: float
    body: JsonObject | None
    status: int = 0
    fault: str = ""
    state: str = "open"
    """`open`, `served`, `refused`, or `broken`: by a fault, or since the client left."""
    end_s: float | None = None
    stop: str = ""
    usage: JsonObject | None = None

    def told(self, *, with_body: bool) -> JsonObject:
        """Give the entry as JSON."""
        names = [name for name in self.__slots__ if name != "body" or with_body]
        return {name: getattr(self, name) for name in names}


class Stats:
    """The log of all requests for a turn, and what can be counted of it at once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.calls: Counter[str] = Counter()
        self.in_flight = 0
        self.most_in_flight = 0
        self._states: Counter[str] = Counter()
        self._turns: Counter[tuple[str, int]] = Counter()
        self._served: set[tuple[str, int]] = set()
        self._redone = 0
        self._usage: Counter[str] = Counter()

    def begin(self, entry: Entry) -> None:
        """Note a request that arrived whole."""
        self.entries.append(entry)
        if len(self.entries) > BODIES:
            self.entries[-BODIES - 1].body = None
        turn = (entry.id, entry.turn)
        self.calls[entry.id] += 1
        self._turns[turn] += 1
        self._redone += turn in self._served
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def end(self, entry: Entry, now_s: float) -> None:
        """Note how it ended; a request that was given up is broken."""
        entry.state = "broken" if entry.state == "open" else entry.state
        entry.end_s = now_s
        self.in_flight -= 1
        self._states[entry.state] += 1
        if entry.state == "served":
            self._served.add((entry.id, entry.turn))
        usage = entry.usage or {}
        usage = {**usage, **table(usage.get("cache_creation"))}
        for name in COUNTED:
            self._usage[name] += whole(usage.get(name))

    def counted(self) -> JsonObject:
        """Give the counts as JSON; times are those of the server's clock."""
        ends = [entry.end_s for entry in self.entries if entry.end_s is not None]
        usage: JsonObject = {name: self._usage[name] for name in COUNTED}
        calls: dict[str, JsonValue] = {**self.calls}
        return {
            "requests": len(self.entries),
            **{state: self._states[state] for state in ("served", "refused", "broken")},
            "calls": calls,
            "repeated": sum(count - 1 for count in self._turns.values()),
            "redone": self._redone,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "first_s": self.entries[0].at_s if self.entries else None,
            "last_s": max(ends, default=None),
            "usage": usage,
        }
