"""What the program says at the end of its turn: an answer, a failure, and what it used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, cast

from hocket.api.calls import Usage
from hocket.api.messages import ProviderFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

_KINDS = {401: "auth", 403: "auth", 402: "quota", 429: "rate", 529: "overloaded"}
_SERVER = range(500, 600)
_LIMIT = re.compile(r"usage limit|limit reached|credit balance", re.IGNORECASE)
_LOGIN = re.compile(r"invalid api key|/login|authentication", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of a turn."""

    subtype: str
    text: str
    structured: JsonValue
    usage: Usage
    total_usd: float | None

    @property
    def answer(self) -> JsonValue:
        """Give the answer in its shape, else the text."""
        return self.text if self.structured is None else self.structured


def read(result: object, spent_usd: float) -> Reply:
    """Read a result; raises ProviderFailure where the model's service failed."""
    text = cast("str | None", getattr(result, "result", None)) or ""
    subtype = str(getattr(result, "subtype", ""))
    total = cast("float | None", getattr(result, "total_cost_usd", None))
    if getattr(result, "is_error", False) and subtype == "success":
        raise failure(getattr(result, "api_error_status", None), text)
    structured = cast("JsonValue", getattr(result, "structured_output", None))
    return Reply(subtype, text, structured, used(result, spent_usd), total)


def failure(status: object, said: str) -> ProviderFailure:
    """Say what kind of failure it is: by the status, and by the words where there is none."""
    number = status if isinstance(status, int) else 0
    kind = _KINDS.get(number) or ("server" if number in _SERVER else "unknown")
    if _LIMIT.search(said) and kind in {"rate", "unknown"}:
        kind = "quota"
    elif kind == "unknown" and _LOGIN.search(said):
        kind = "auth"
    elif kind == "unknown" and number:
        kind = "bad_request"
    return ProviderFailure(kind, code=str(number or "claude"), raw=said[:2_000])


def used(result: object, spent_usd: float) -> Usage:
    """Read the usage; the money is the program's own estimate, which grows over a session."""
    said = _table(getattr(result, "usage", None))
    written = _count(said.get("cache_creation_input_tokens"))
    long = _count(_table(said.get("cache_creation")).get("ephemeral_1h_input_tokens"))
    total = getattr(result, "total_cost_usd", None)
    cost = None
    if isinstance(total, int | float):
        cost = ceil(max(0.0, total - spent_usd) * 1_000_000)
    return Usage(
        input=_count(said.get("input_tokens")),
        cache_read=_count(said.get("cache_read_input_tokens")),
        cache_write=max(0, written - long),
        cache_write_1h=long,
        output=_count(said.get("output_tokens")),
        cost_micros=cost,
        estimated=True,
        searches=_count(_table(said.get("server_tool_use")).get("web_search_requests")),
    )


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
