"""Every way a turn can fail, as the one exception a provider raises."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.anthropic.fields import table, text
from hocket_plugins.models.anthropic.headers import resets_at_ms, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

_KEPT = 2_000
"""Characters of a foreign body that are kept."""

_BY_CODE = {
    "enforced_spend_limit_reached": "quota",
    "contract_spend_limit_reached": "quota",
    "linked_organization_spend_limit_reached": "quota",
    "linked_organization_billing_unavailable": "quota",
    "organization_on_hold": "quota",
    "ramp_limit_exceeded": "rate",
    "cmek_context_unavailable": "server",
}
_BY_TYPE = {
    "billing_error": "quota",
    "rate_limit_error": "rate",
    "overloaded_error": "overloaded",
    "authentication_error": "auth",
    "permission_error": "auth",
    "api_error": "server",
    "timeout_error": "server",
    "conflict_error": "server",
    "invalid_request_error": "bad_request",
    "not_found_error": "bad_request",
    "request_too_large": "bad_request",
    # Frames of an AWS event stream name what went wrong in their own way.
    "throttlingException": "rate",
    "internalServerException": "server",
    "modelStreamErrorException": "server",
    "modelTimeoutException": "server",
    "serviceUnavailableException": "server",
    "validationException": "bad_request",
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
    r"prompt is too long|exceeds? .{0,40}context|context (window|length|limit)"
    r"|too many input tokens",
    re.IGNORECASE,
)


def told(
    status: int, body: JsonValue, headers: Mapping[str, str] | None = None, raw: str = ""
) -> ProviderFailure:
    """Make a failure of what the service said, by its code and type before its status."""
    headers = headers or {}
    error = table(table(body).get("error"))
    kind, name = _kind(status, table(body))
    code = text(table(error.get("details")).get("error_code")) or name or str(status)
    return ProviderFailure(
        _asked(kind, headers.get("x-should-retry", "")),
        code=code,
        retry_after_s=retry_after_s(headers),
        resets_at_ms=resets_at_ms(headers),
        raw=(raw or json.dumps(body, ensure_ascii=False))[:_KEPT],
    )


def unreadable(status: int, body: str) -> ProviderFailure:
    """Make a failure of an answer that is no stream, such as a gateway's page with status 200."""
    return ProviderFailure("unknown", code=f"not a stream, status {status}", raw=body[:_KEPT])


def of(cause: Exception, *, replying: bool = False) -> ProviderFailure:
    """Make a failure of whatever was raised; once the reply began, everything else is `cut`."""
    import anthropic

    if isinstance(cause, ProviderFailure):
        return cause
    if isinstance(cause, anthropic.APIStatusError):
        # What is no JSON came as text: a gateway's page.
        raw = cause.body if isinstance(cause.body, str) else ""
        body = cast("JsonValue", cause.body)
        return told(cause.status_code, body, cause.response.headers, raw)
    if replying:
        return ProviderFailure("cut", code=_name(cause), raw=str(cause)[:_KEPT])
    return ProviderFailure(_before(cause), code=_name(cause), raw=str(cause)[:_KEPT])


def unusable(cause: Exception) -> ProviderFailure:
    """Make a failure of a client that could not be made: an extra, a region or a key is missing."""
    return ProviderFailure("auth", code=_name(cause), raw=str(cause)[:_KEPT])


def _kind(status: int, body: dict[str, JsonValue]) -> tuple[str, str]:
    """Give the kind, and the name of the error in the service's words."""
    error = table(body.get("error"))
    name, code = text(error.get("type")), text(table(error.get("details")).get("error_code"))
    known = _BY_CODE.get(code) or ("quota" if status == 402 else _BY_TYPE.get(name))  # noqa: PLR2004
    # No code says that a prompt was too long; its words are all there is.
    if known in {None, "bad_request"} and status in {200, 400, 413}:
        said = text(error.get("message")) or text(body.get("message"))
        if _TOO_LONG.search(said):
            return "context_full", name
    return known or _BY_STATUS.get(status) or "unknown", name


def _asked(kind: str, should_retry: str) -> str:
    """Let the service's own word on another try go before the table, but not before `quota`."""
    if should_retry == "true" and kind in {"auth", "bad_request", "unknown"}:
        return "server"
    if should_retry == "false" and kind in {"rate", "overloaded", "server", "unknown"}:
        return "bad_request"
    return kind


def _before(cause: Exception) -> str:
    """Say what kind of failure it is that nothing came back."""
    import anthropic
    import httpx2
    from anthropic.lib.credentials import WorkloadIdentityError

    owner = type(cause).__module__.partition(".")[0]
    if isinstance(cause, anthropic.APIConnectionError | httpx2.HTTPError | OSError):
        return "network"
    if isinstance(cause, WorkloadIdentityError):
        return "server" if (cause.status_code or 0) >= 500 else "auth"  # noqa: PLR2004
    # The SDK says by TypeError that it has no key; the clouds' libraries have errors of their own.
    missing = (anthropic.CredentialsError, ImportError)
    if isinstance(cause, missing) or "authentication method" in str(cause):
        return "auth"
    if owner in {"botocore", "google", "azure"}:
        return "network" if "Connect" in _name(cause) or "Transport" in _name(cause) else "auth"
    return "bad_request" if isinstance(cause, anthropic.AnthropicError) else "unknown"


def _name(cause: BaseException) -> str:
    """Name the error that is at the bottom of it: the SDK wraps every one of the transport's."""
    inner = cause.__cause__
    return _name(inner) if inner else type(cause).__name__
