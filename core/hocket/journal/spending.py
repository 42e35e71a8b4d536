"""Adds up what a run spent in all its lives, from its records alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.scripts import Spent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    Payload = Mapping[str, JsonValue]


def begins(started: Mapping[str, JsonValue]) -> bool:
    """Say whether a `started` record begins a try; a further turn of one writes no label."""
    return "label" in started


def number(payload: Payload, name: str) -> int:
    """Read a whole number; 0 when it is absent, unknown or something else."""
    value = payload.get(name)
    return value if isinstance(value, int) else 0


def part(payload: Payload, name: str) -> Payload:
    """Read a part of a payload; empty when it is absent or something else."""
    value = payload.get(name)
    return value if isinstance(value, dict) else {}


@dataclass(slots=True)
class _Turn:
    """What an unfinished call has reserved for its turn in flight, and booked before it."""

    reserved: Spent
    booked: Spent = field(default_factory=Spent)


class Spending:
    """Never less than what was spent: a turn whose end nobody wrote costs its reservation."""

    def __init__(self) -> None:
        self._tokens = 0
        self._micros = 0
        self._turns: dict[int, _Turn] = {}
        self.largest = Spent()
        """The largest reservation of the run: what a lost record is charged."""

    @property
    def total(self) -> Spent:
        """Everything booked, and every turn in flight at its worst."""
        turns = self._turns.values()
        return Spent(
            self._tokens + sum(turn.reserved.tokens for turn in turns),
            self._micros + sum(turn.reserved.cost_micros for turn in turns),
        )

    def started(self, payload: Payload) -> None:
        """Hold the reservation of a turn; the first turn of a try forgets the try before it."""
        call = number(payload, "call")
        turn = _Turn(self._reserved(payload))
        if number(payload, "attempt") > 1 and call in self._turns:
            turn.booked = self._turns[call].booked
        self._turns[call] = turn

    def used(self, payload: Payload) -> None:
        """Book a finished turn; the reservation stays for the next one."""
        used = Spent(number(payload, "output"), number(payload, "micros"))
        self.charge(used)
        turn = self._turns.setdefault(number(payload, "call"), _Turn(Spent()))
        turn.booked = plus(turn.booked, used)
        if "reserved" in payload:
            turn.reserved = self._reserved(payload)

    def ended(self, payload: Payload) -> None:
        """Free the reservation; book what its turns had not, and what the ledger knew beyond."""
        turn = self._turns.pop(number(payload, "call"), None)
        booked = turn.booked if turn is not None else Spent()
        if payload.get("op") == "agent":
            usage = part(payload, "usage")
            tokens = max(0, number(usage, "output") - booked.tokens)
            micros = max(0, number(usage, "micros") - booked.cost_micros)
            self.charge(Spent(tokens, micros))
        totals = part(payload, "spent")
        self._tokens = max(self._tokens, number(totals, "tokens"))
        self._micros = max(self._micros, number(totals, "micros"))

    def charge(self, spent: Spent) -> None:
        """Book what is known or presumed to be spent."""
        self._tokens += spent.tokens
        self._micros += spent.cost_micros

    def end_life(self) -> None:
        """Book every turn in flight at its worst: the process that ran it is gone."""
        for turn in self._turns.values():
            self.charge(turn.reserved)
        self._turns.clear()

    def _reserved(self, payload: Payload) -> Spent:
        fields = part(payload, "reserved")
        reserved = Spent(number(fields, "output"), number(fields, "micros"))
        self.largest = Spent(
            max(self.largest.tokens, reserved.tokens),
            max(self.largest.cost_micros, reserved.cost_micros),
        )
        return reserved


def plus(one: Spent, other: Spent) -> Spent:
    """Add tokens to tokens and money to money."""
    return Spent(one.tokens + other.tokens, one.cost_micros + other.cost_micros)
