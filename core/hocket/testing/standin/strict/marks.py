"""Cache breakpoints: at most four, the long-lived before the short-lived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin.forms import blocks, objects, table
from hocket.testing.standin.refusals import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.calls import JsonObject

MOST = 4


def check(body: JsonObject) -> None:
    """Raise Refusal for breakpoints that the real server does not take."""
    marks = [*_marks(body)]
    if len(marks) > MOST:
        found = f"Found {len(marks)}."
        raise invalid(f"A maximum of {MOST} blocks with cache_control may be provided. {found}")
    short = False
    for mark in marks:
        if mark.get("type") != "ephemeral" or mark.get("ttl", "5m") not in {"5m", "1h"}:
            raise invalid("cache_control: Input should be type 'ephemeral' with ttl '5m' or '1h'")
        if mark.get("ttl") == "1h" and short:
            order = "must not come after a ttl='5m' cache_control block"
            raise invalid(f"a ttl='1h' cache_control block {order}")
        short = mark.get("ttl") != "1h"


def _marks(body: JsonObject) -> Iterator[JsonObject]:
    """Give every mark in the order of the prefix; the one of the whole request is the last."""
    system = objects(body.get("system"))
    said = [b for m in objects(body.get("messages")) for b in blocks(m.get("content"))]
    for holder in (*objects(body.get("tools")), *system, *said, body):
        if holder.get("cache_control") is not None:
            yield table(holder["cache_control"])
