"""The account: what was found, how much of all there is that may be, and what to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.patterns.until_done.catch import SUPPORTED
from hocket_plugins.patterns.until_done.outlook import rate_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket_plugins.patterns.until_done.catch import Catch, Find
    from hocket_plugins.patterns.until_done.search import Search


def result(search: Search, catch: Catch) -> JsonObject:
    """Give items with who saw them, and the figures; none where finders saw others' finds."""
    outlook = catch.outlook()
    blind = not search.show_found
    return {
        "items": [_item(search, find) for find in catch.supported],
        "n": outlook.n,
        "f1": outlook.f1 if blind else None,
        "f2": outlook.f2 if blind else None,
        "forecast": round(outlook.forecast, 4) if blind and outlook.n else None,
        "recall_at_most": _recall(search, catch),
        "merged": [*catch.merged],
        "rejected": [
            {**_item(search, find), "state": find.state, "cause": find.cause}
            for find in catch.finds
            if find.state != SUPPORTED
        ],
    }


def error(search: Search, catch: Catch) -> JsonValue:
    """Say what may be missing: a bound on recall is never a promise."""
    empty = catch.empty
    return {
        "recall_at_most": _recall(search, catch),
        "rate_at_most": round(rate_at_most(empty), 4) if empty else None,
        "basis": f"overlap of {len(catch.finders)} finders, {empty} of them empty at the end",
    }


def notes(search: Search, catch: Catch, *, keeps_coming: bool, ended: str | None) -> Iterator[str]:
    """Say what a reader must not miss."""
    recall, empty = _recall(search, catch), catch.empty
    if search.show_found:
        yield "finders saw what others had found: no estimate, two empty waves end such a search"
    elif recall is not None:
        yield f"at most {recall:.0%} of what there is was found; it may be much less"
    else:
        yield "how much of it was found is unknown"
    if empty and not search.show_found:
        yield (
            f"the last {empty} finders found nothing new; "
            f"up to {rate_at_most(empty):.0%} of further ones still may"
        )
    if keeps_coming:
        yield ("new items keep coming at one rate: large space, inventions or missed duplicates")
    if ended == "few":
        yield "two waves in a row got no answer from any finder"
    if ended == "max" and not search.show_found:
        more = search.wave * catch.outlook().forecast
        yield f"stopped at a limit, not by value: the next wave would bring about {more:.1f} items"


def _recall(search: Search, catch: Catch) -> float | None:
    bound = None if search.show_found else catch.outlook().recall_at_most
    return None if bound is None else round(bound, 4)


def _item(search: Search, find: Find) -> JsonObject:
    lenses = sorted({finder % len(search.lenses) for finder in find.seen_by})
    return {"value": find.value, "seen_by": [*find.seen_by], "lenses": [*lenses]}
