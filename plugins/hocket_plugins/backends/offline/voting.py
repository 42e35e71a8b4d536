"""A vote on a claim by rules: agreement and difference in words, numbers and time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items
from hocket_plugins.backends.offline.comparing import Compared, Stance, is_rival
from hocket_plugins.backends.offline.holding import given, held, own, said

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk

LIKE_DAYS = 180
"""Of documents so close in time none outweighs the other."""
CLEARLY = 0.15
"""So much more of a claim in what agrees: then what differs is about something else."""


def vote(desk: Desk) -> JsonValue:
    """Judge a claim by what other documents say; nothing is ever refuted here."""
    claim = desk.item
    is_shown = items.fields(claim).get("passages") is not None
    compared = given(desk, claim) if is_shown else held(desk, said(claim), own(desk, claim))
    differing = [one for one in compared if one.stance is Stance.DIFFERS]
    agreeing = [one for one in compared if one.stance is Stance.AGREES]
    if differing and not _is_outweighed(differing, agreeing):
        return _qualified(desk, differing[0])
    if not agreeing:
        return _undecided("No other file says the same or otherwise.")
    if _is_outdated(desk, compared, agreeing):
        return _undecided("Only older files say it; newer ones name something else.")
    return _supported(desk, agreeing)


def _is_outweighed(differing: list[Compared], agreeing: list[Compared]) -> bool:
    """Whether what agrees is clearly newer, or from the same time and clearly nearer."""
    apart = _days(_newest(agreeing), _newest(differing))
    if apart is not None and abs(apart) > LIKE_DAYS:
        return apart > 0
    return bool(agreeing) and agreeing[0].share - differing[0].share >= CLEARLY


def _is_outdated(desk: Desk, compared: list[Compared], agreeing: list[Compared]) -> bool:
    """Whether newer files have another value of the kind for those whom the claim is about."""
    claim, told = desk.library.read(said(desk.item)), _newest(agreeing)
    newer = (
        one
        for one in compared
        if (apart := _days(_newest([one]), told)) is not None and apart > LIKE_DAYS
    )
    return any(is_rival(claim, one.passage, desk.library) for one in newer)


def _days(one: date | None, other: date | None) -> int | None:
    return (one - other).days if one is not None and other is not None else None


def _newest(compared: list[Compared]) -> date | None:
    days = [day for one in compared if (day := one.passage.document.date)]
    return date.fromisoformat(max(days)) if days else None


def _undecided(reason: str) -> JsonValue:
    return {"verdict": "cannot_tell", "reason": reason}


def _qualified(desk: Desk, other: Compared) -> JsonValue:
    quote, name = desk.quoted(other.passage), other.passage.document.name
    return {
        "verdict": "qualified",
        "reason": "Another file says otherwise.",
        "quote": quote,
        "qualification": f'{name} says "{quote}"',
    }


def _supported(desk: Desk, agreeing: list[Compared]) -> JsonValue:
    quote = desk.quoted(agreeing[0].passage)
    count = len({one.passage.document.copy for one in agreeing})
    reason = f"{count} other files say it in like words." if count > 1 else (
        "Another file says it in like words."
    )  # fmt: skip
    return {"verdict": "supported", "reason": reason, "quote": quote}
