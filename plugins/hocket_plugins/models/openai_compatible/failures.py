"""Every way a turn can fail, as the one exception a provider raises."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.openai_compatible.fields import table, text
from hocket_plugins.models.openai_compatible.headers import resets_at_ms, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

_KEPT = 2_000
"""Characters of a foreign body that are kept."""

_BY_NAME = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "access_terminated": "quota",
    "rate_limit_exceeded": "rate",
    "rate_limit_error": "rate",
    "context_length_exceeded": "context_full",
    "exceed_context_size_error": "context_full",
    "invalid_api_key": "auth",
    "authentication_error": "auth",
    "permission_error": "auth",
    "overloaded_error": "overloaded",
    "server_error": "server",
    "model_not_found": "bad_request",
    "invalid_request_error": "bad_request",
}
_BY_STATUS = {
    **dict.fromkeys((401, 403), "auth"),
    **dict.fromkeys((408, 409, 500, 502, 503, 504), "server"),
    **dict.fromkeys((400, 404, 405, 413, 415, 422), "bad_request"),
    402: "quota",
    429: "rate",
    529: "overloaded",
}
_TOO_LONG = re.compile(
    r"context (length|window|size)|maximum context|prompt is too long|exceeds? .{0,40}context"
    r"|too many (input )?tokens",
    re.IGNORECASE,
)


def told(
    status: int, body: JsonValue, headers: Mapping[str, str] | None = None, raw: str = ""
) -> ProviderFailure:
    """Make a failure of what the server said, by its own names before the status."""
    headers = headers or {}
    code, kind_name, message = _words(body)
    kind = _BY_NAME.get(code) or ("quota" if status == 402 else _BY_NAME.get(kind_name))  # noqa: PLR2004
    kind = kind or _BY_STATUS.get(status) or "unknown"
    if kind in {"bad_request", "server", "unknown"} and _TOO_LONG.search(message):
        kind = "context_full"
    return ProviderFailure(
        _asked(kind, headers.get("x-should-retry", "")),
        code=code or kind_name or str(status),
        retry_after_s=retry_after_s(headers),
        resets_at_ms=resets_at_ms(headers),
        raw=(raw or json.dumps(body, ensure_ascii=False))[:_KEPT],
    )


def unreadable(status: int, body: str) -> ProviderFailure:
    """Make a failure of an answer that is no stream, such as a gateway's page with status 200."""
    return ProviderFailure("unknown", code=f"not a stream, status {status}", raw=body[:_KEPT])


def of(cause: Exception, *, replying: bool = False) -> ProviderFailure:
    """Make a failure of whatever was raised; once the reply began, everything else is `cut`."""
    import httpx2

    if isinstance(cause, ProviderFailure):
        return cause
    if replying:
        kind = "cut"
    else:
        kind = "network" if isinstance(cause, httpx2.TransportError | OSError) else "unknown"
    # A header or an address that cannot be sent at all is no matter of the network.
    wrong = (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)
    if isinstance(cause, wrong) and not replying:
        kind = "bad_request"
    return ProviderFailure(kind, code=type(cause).__name__, raw=str(cause)[:_KEPT])


def _words(body: JsonValue) -> tuple[str, str, str]:
    """Give code, type and message; servers put them into an object, a text, or `detail`."""
    error = table(body).get("error") or table(body).get("detail") or body
    if isinstance(error, dict):
        said = text(error.get("message")) or text(error.get("detail"))
        return text(error.get("code")), text(error.get("type")), said
    return "", "", error if isinstance(error, str) else ""


def _asked(kind: str, should_retry: str) -> str:
    """Let the server's own word on another try go before the table, but not before `quota`."""
    if should_retry == "true" and kind in {"auth", "bad_request", "unknown"}:
        return "server"
    if should_retry == "false" and kind in {"rate", "overloaded", "server", "unknown"}:
        return "bad_request"
    return kind
