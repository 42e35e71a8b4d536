"""What the headers of an answer say about waiting and about what is left."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hocket.api.messages import RateLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_PREFIX = "x-ratelimit"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Give the seconds to wait; a date counts from the server's own, so no clock can be wrong."""
    exact, said = headers.get("retry-after-ms", ""), headers.get("retry-after", "")
    if _NUMBER.fullmatch(exact):
        return float(exact) / 1000
    if _NUMBER.fullmatch(said):
        return float(said)
    until, now = _date(said), _date(headers.get("date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def limits(headers: Mapping[str, str]) -> RateLimits | None:
    """Give what is left of the limits, and when the scarcest is full again; None: not said."""
    left = {
        name: int(headers[key])
        for name in ("requests", "tokens")
        if headers.get(key := f"{_PREFIX}-remaining-{name}", "").isdigit()
    }
    if not left:
        return None
    now = _date(headers.get("date", ""))
    waits = {name: _span(headers.get(f"{_PREFIX}-reset-{name}", "")) for name in left}
    used_up = [wait for name, wait in waits.items() if wait and not left[name]]
    wait = max(used_up, default=min((one for one in waits.values() if one), default=None))
    resets = round((now.timestamp() + wait) * 1000) if now and wait else None
    return RateLimits(
        requests_left=left.get("requests"), tokens_left=left.get("tokens"), resets_at_ms=resets
    )


def resets_at_ms(headers: Mapping[str, str]) -> int | None:
    """Give the moment at which the last limit that is used up is full again."""
    said = limits(headers)
    return said.resets_at_ms if said and 0 in {said.requests_left, said.tokens_left} else None


def _span(text: str) -> float | None:
    """Read `6m0s` or `20ms`."""
    parts = _SPAN.findall(text)
    return sum(float(number) * _UNITS[unit] for number, unit in parts) if parts else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
