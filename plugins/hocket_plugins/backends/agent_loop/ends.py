"""How a call ends early: states and causes, each in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome

if TYPE_CHECKING:
    from pydantic import JsonValue


class End(Exception):
    """The call is over; it carries what the call came to."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.state)
        self.outcome = outcome


class Unfit(Exception):
    """The model cannot be asked as it was: nothing was said yet, so the call begins anew."""


def failed(cause: str, partial: JsonValue = None) -> End:
    """End as an error."""
    return End(Outcome(EndState.ERROR, cause=cause, partial=partial or None))


def refused(cause: str) -> End:
    """End before the first turn: what the call needs is not there or not allowed."""
    return End(Outcome(EndState.REFUSED, cause=cause))


def ended(state: EndState, cause: str, partial: JsonValue = None) -> End:
    """End in another state, with what was said so far."""
    return End(Outcome(state, cause=cause, partial=partial or None))
