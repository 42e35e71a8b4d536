"""A vote on a claim by rules: agreement and difference in words, numbers and time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items
from hocket_plugins.backends.offline.comparing import Compared, Stance, is_rival
from hocket_plugins.backends.offline.holding import given, held, own, said
from hocket_plugins.backends.offline.replacing import Stated

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
    own_words = _own_words(desk)
    differing = [one for one in compared if one.stance is Stance.DIFFERS]
    differing = [one for one in differing if not (own_words and _replaces(desk, own_words, one))]
    agreeing = [one for one in compared if one.stance is Stance.AGREES]
    if differing and not _is_outweighed(differing, agreeing):
        newer = [one for one in differing if own_words and _is_replaced(desk, own_words, one)]
        return _qualified(desk, (newer or differing)[0], is_newer=bool(newer))
    if not agreeing:
        return _undecided("No other file says the same or otherwise.")
    if _is_outdated(desk, compared, agreeing):
        return _undecided("Only older files say it; newer ones name something else.")
    return _supported(desk, agreeing)


def _own_words(desk: Desk) -> Stated | None:
    """Give a claim as its file says it; a statement of no file has no day."""
    document = desk.document(items.fields(desk.item))
    text = said(desk.item)
    quote = items.text(desk.item, "quote") or text
    return Stated(desk.library.read(text), quote, document) if document else None


def _stated(desk: Desk, one: Compared) -> Stated:
    return Stated(desk.library.meaning(one.passage), one.passage.quote, one.passage.document)


def _replaces(desk: Desk, own_words: Stated, one: Compared) -> bool:
    return own_words.replaces(_stated(desk, one))


def _is_replaced(desk: Desk, own_words: Stated, one: Compared) -> bool:
    return _stated(desk, one).replaces(own_words)


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


def _qualified(desk: Desk, other: Compared, *, is_newer: bool) -> JsonValue:
    quote, document = desk.quoted(other.passage), other.passage.document
    until = f"until {document.date}: " if is_newer else ""
    return {
        "verdict": "qualified",
        "reason": "A newer file says otherwise." if is_newer else "Another file says otherwise.",
        "quote": quote,
        "qualification": f'{until}{document.name} says "{quote}"',
    }


def _telling(desk: Desk, agreeing: list[Compared]) -> Compared:
    """Choose whom to quote: who has most of its numbers, then a primary file, then the nearest."""
    claim = desk.library.read(said(desk.item))

    def worth(one: Compared) -> tuple[int, bool, float]:
        told = desk.library.meaning(one.passage).quantities
        common = sum(any(each.is_common(two) for two in told) for each in claim.quantities)
        return common, one.passage.document.kind == "primary", one.share

    return max(agreeing, key=worth)


def _supported(desk: Desk, agreeing: list[Compared]) -> JsonValue:
    quote = desk.quoted(_telling(desk, agreeing).passage)
    count = len({one.passage.document.copy for one in agreeing})
    reason = f"{count} other files say it in like words." if count > 1 else (
        "Another file says it in like words."
    )  # fmt: skip
    return {"verdict": "supported", "reason": reason, "quote": quote}
