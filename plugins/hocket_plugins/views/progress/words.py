"""Numbers as a person reads them: counts, tokens, money and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket_plugins.views.progress.board import Board, Tally

_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
_ENOUGH_FOR_A_FORECAST = 3
_CENT = 10_000


def duration(seconds: float) -> str:
    """Write seconds in at most two units: `6 min 12 s`."""
    whole = int(seconds)
    for size, unit, small, smaller in _UNITS:
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {unit} {rest} {smaller}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def money(micros: int | None) -> str:
    """Write millionths of a dollar in cents, below one cent in hundredths of them."""
    if micros is None:
        return "price unknown"
    digits = 4 if 0 < micros < _CENT else 2
    return f"${micros / 1_000_000:,.{digits}f}"


def counts(tally: Tally) -> list[str]:
    """Say how many calls are where; what is zero is left out."""
    waiting = tally.asked - tally.ended - len(tally.running)
    said = [
        (len(tally.running), "running"),
        (waiting, "waiting"),
        (tally.failed, "failed"),
        (tally.cached, "from the journal"),
    ]
    return [f"{count:,} {word}" for count, word in said if count]


def spent(tally: Tally) -> list[str]:
    """Say what was used."""
    used = [f"{tally.tokens:,} tokens"] if tally.tokens else []
    return used if tally.micros == 0 else [*used, money(tally.micros)]


def spent_of_budget(board: Board) -> list[str]:
    """Say what the run used, and of how much."""
    tokens, micros = f"{board.run.tokens:,}", money(board.run.micros)
    if board.budget_tokens is not None:
        tokens += f" of {board.budget_tokens:,}"
    if board.budget_micros is not None:
        micros += f" of {money(board.budget_micros)}"
    return [f"{tokens} tokens", micros]


def times(tally: Tally, now: float) -> list[str]:
    """Say how long it took so far, and how much longer it will at this rate."""
    took = (tally.changed if tally.complete and tally.ended else now) - tally.since
    fresh, left = tally.ended - tally.cached, tally.asked - tally.ended
    more = took * left / fresh if fresh >= _ENOUGH_FOR_A_FORECAST else 0.0
    return [duration(took), f"about {duration(more)} left"] if more >= 1 else [duration(took)]
