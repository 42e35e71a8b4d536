"""What the headers of an answer say about waiting and about what is left."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hocket.api.messages import RateLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEFT = "-remaining"
_PREFIX = "anthropic-ratelimit-"


def request_id(headers: Mapping[str, str]) -> str:
    """Give the id under which the service knows the request."""
    names = ("request-id", "x-request-id", "x-amzn-requestid")
    return next((headers[name] for name in names if name in headers), "")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Give the seconds to wait; a date counts from the server's own, so no clock can be wrong."""
    exact = _number(headers.get("retry-after-ms", ""))
    if exact is not None:
        return exact / 1000
    said = headers.get("retry-after", "")
    until, now = _date(said), _date(headers.get("date", ""))
    if until and now:
        return max(0.0, (until - now).total_seconds())
    return _number(said)


def limits(headers: Mapping[str, str]) -> RateLimits | None:
    """Give what is left of the limits, and when the scarcest is full again; None: not said."""
    left = {
        name.removeprefix(_PREFIX).removesuffix(_LEFT): _whole(value)
        for name, value in headers.items()
        if name.startswith(_PREFIX) and name.endswith(_LEFT)
    }
    known = {name: value for name, value in left.items() if value is not None}
    if not known:
        return None
    tokens = [value for name, value in known.items() if name.endswith("tokens")]
    return RateLimits(
        requests_left=known.get("requests"),
        tokens_left=min(tokens, default=None),
        resets_at_ms=_resets(headers, known),
    )


def resets_at_ms(headers: Mapping[str, str]) -> int | None:
    """Give the moment at which the last limit that is used up is full again."""
    said = limits(headers)
    used_up = said and 0 in {said.requests_left, said.tokens_left}
    return said.resets_at_ms if said and used_up else None


def _resets(headers: Mapping[str, str], left: dict[str, int]) -> int | None:
    times = {name: _moment(headers.get(f"{_PREFIX}{name}-reset", "")) for name in left}
    used_up = [time for name, time in times.items() if time and not left[name]]
    return max(used_up, default=min((time for time in times.values() if time), default=None))


def _moment(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole(text: str) -> int | None:
    number = _number(text)
    return None if number is None else int(number)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number >= 0 and math.isfinite(number) else None
