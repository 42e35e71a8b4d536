"""What can go wrong: refusals by status, and replies that break off, lie or never end.

| kind | what the client sees |
|---|---|
| `429` `429ms` `429date` | rate limit with retry-after in seconds, in milliseconds, as a date |
| `429quota` `429contract` `400hold` | the account's limits, by their codes: no retry-after |
| `429ramp` `503cmek` | codes that are no more than a rate limit, and a server's trouble |
| `500stop` `400again` | `x-should-retry` says the contrary of the status |
| `451` | a status and a type that nobody knows |
| `529` `500` `502` `503` `504` `400` `400ctx` `401` `402` `403` `404` `408` `409` `413` `422` | \
an error of that status; `400ctx`: the prompt is too long |
| `reset` `resethead` `resetmid` | a reset before the head, after it, within an event |
| `trunc` | the connection ends within an event, without the last chunk |
| `hang` | nothing is ever answered |
| `ping` | the reply begins, then pings for ever |
| `drip` | one byte every 30 s, or every `drip_ms` |
| `sseerror` | an error event after status 200 |
| `nostop` | a clean end without the end of the reply |
| `html` | a page with status 200 |
| `badjson` | an event that is no JSON; half of the JSON of a reply that is not streamed |
| `empty` | a reply without content |
| `oddblock` | a block and an event of a kind nobody knows |
"""

from __future__ import annotations

from email.utils import formatdate
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from hocket.testing.standin.refusals import INVALID, Refusal

if TYPE_CHECKING:
    from hocket.testing.standin.frames import Frames
    from hocket.testing.standin.replies import Fault, Reply

BYTE_S = 30.0
PING_S = 10.0


class Ending(Enum):
    """How the body of a reply ends."""

    CLEAN = "clean"
    CUT = "cut"
    RESET = "reset"
    PINGS = "pings"


Acts: TypeAlias = "list[bytes | float]"
"""What is sent; a number is a pause in seconds."""

_PAGE = b"<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>\n"
_TOO_LONG = "prompt is too long: 300000 tokens > 200000 maximum"
_HELD = "This organization is on hold."
_SPENT = "This request would exceed your account's spend limit."

_STATUS = {
    "429": (429, "rate_limit_error", "This request would exceed your rate limit.", ""),
    "429ms": (429, "rate_limit_error", "This request would exceed your rate limit.", ""),
    "429date": (429, "rate_limit_error", "This request would exceed your rate limit.", ""),
    "429quota": (429, "rate_limit_error", _SPENT, "enforced_spend_limit_reached"),
    "429contract": (429, "rate_limit_error", _SPENT, "contract_spend_limit_reached"),
    "429ramp": (429, "rate_limit_error", "You ramp up too fast.", "ramp_limit_exceeded"),
    "529": (529, "overloaded_error", "Overloaded", ""),
    "500": (500, "api_error", "Internal server error", ""),
    "502": (502, "api_error", "Bad gateway", ""),
    "500stop": (500, "api_error", "Internal server error", ""),
    "503cmek": (503, "api_error", "Key unavailable", "cmek_context_unavailable"),
    "503": (503, "api_error", "Service unavailable", ""),
    "504": (504, "timeout_error", "Gateway timeout", ""),
    "400": (400, INVALID, "The stand-in was told to refuse this.", ""),
    "400again": (400, INVALID, "The stand-in was told to refuse this.", ""),
    "400hold": (400, INVALID, _HELD, "organization_on_hold"),
    "400ctx": (400, INVALID, _TOO_LONG, ""),
    "401": (401, "authentication_error", "invalid x-api-key", ""),
    "402": (402, "billing_error", "Your credit balance is too low.", ""),
    "403": (403, "permission_error", "Your key may not use this.", ""),
    "404": (404, "not_found_error", "model: not found", ""),
    "408": (408, "timeout_error", "Request timeout", ""),
    "409": (409, "conflict_error", "Conflict", ""),
    "413": (413, "request_too_large", "Request exceeds the maximum size", ""),
    "422": (422, INVALID, "Unprocessable entity", ""),
    "451": (451, "error_of_tomorrow", "Nobody knows this yet.", ""),
}
_SHOULD_RETRY = {"500stop": "false", "400again": "true"}
INTACT = frozenset({"drip", "empty", "oddblock"})
"""Faults that leave a client with a whole reply."""
BROKEN = frozenset(
    {"reset", "resethead", "resetmid", "trunc", "hang"}
    | {"ping", "sseerror", "nostop", "html", "badjson"}
)
KINDS = frozenset(_STATUS) | BROKEN | INTACT


def refusal(fault: Fault, wall_ms: int) -> Refusal | None:
    """Give the error a fault answers with, or None for one that breaks the reply."""
    if fault.kind not in _STATUS:
        return None
    status, kind, message, code = _STATUS[fault.kind]
    return Refusal(status, kind, message, code=code, headers=_headers(fault, wall_ms))


def _headers(fault: Fault, wall_ms: int) -> dict[str, str]:
    """Say when and whether to try again."""
    if fault.kind in _SHOULD_RETRY:
        return {"x-should-retry": _SHOULD_RETRY[fault.kind]}
    if fault.kind == "429":
        return {"retry-after": f"{fault.after_s:g}"}
    if fault.kind == "429ms":
        return {"retry-after-ms": f"{fault.after_s * 1000:g}"}
    if fault.kind == "429date":
        now_s = wall_ms / 1000
        later = formatdate(now_s + fault.after_s, usegmt=True)
        return {"date": formatdate(now_s, usegmt=True), "retry-after": later}
    return {}


def streamed(reply: Reply, frames: Frames) -> tuple[Acts, Ending]:
    """Perform a streamed reply, broken as its fault says."""
    kind = reply.fault.kind if reply.fault else ""
    half = len(frames.middle) // 2 + 1
    if kind == "ping":
        return [*frames.opening], Ending.PINGS
    if kind == "sseerror":
        return [*frames.opening, *frames.middle[:half], frames.error], Ending.CLEAN
    if kind == "nostop":
        return [*frames.opening, *frames.middle], Ending.CLEAN
    if kind == "badjson":
        broken = frames.middle[0].replace(b"}", b"", 1)
        return [*frames.opening, broken, *frames.middle[1:], *frames.closing], Ending.CLEAN
    acts: Acts = [*frames.opening]
    odd = [frames.odd] if kind == "oddblock" else []
    for frame in (*frames.middle, *odd, *frames.closing):
        acts += [reply.drip_ms / 1000, frame] if reply.drip_ms and kind != "drip" else [frame]
    return _broken(reply, acts)


def whole(reply: Reply, body: bytes) -> tuple[Acts, Ending]:
    """Perform a reply that is not streamed, broken as its fault says."""
    kind = reply.fault.kind if reply.fault else ""
    if kind in {"badjson", "nostop", "sseerror"}:
        return [body[: len(body) // 2]], Ending.CLEAN
    return _broken(reply, [body])


def _broken(reply: Reply, acts: Acts) -> tuple[Acts, Ending]:
    """Break the bytes themselves."""
    fault = reply.fault
    if fault is None or fault.kind not in {"trunc", "resetmid", "resethead", "html", "drip"}:
        return acts, Ending.CLEAN
    if fault.kind == "html":
        return [_PAGE], Ending.CLEAN
    if fault.kind == "resethead":
        return [], Ending.RESET
    data = b"".join(act for act in acts if isinstance(act, bytes))
    if fault.kind == "drip":
        pause_s = reply.drip_ms / 1000 or BYTE_S
        return [act for byte in data for act in (pause_s, bytes((byte,)))], Ending.CLEAN
    kept = data[: _middle(data) if fault.cut is None else fault.cut]
    return [kept], Ending.CUT if fault.kind == "trunc" else Ending.RESET


def _middle(data: bytes) -> int:
    """Find a place within an event, about the middle of all."""
    start = data.rfind(b"\n\n", 0, len(data) * 2 // 3)
    return start + 9 if start > 0 else len(data) // 2
