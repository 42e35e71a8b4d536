"""What a server wants to know from a person, asked question by question."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mcp_types import ElicitRequestURLParams, ElicitResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp_types import ElicitRequestParams
    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.talk import Talk

    Value = str | int | float | bool

DECLINE = "decline"
MOST_FIELDS = 20


class _Declined(Exception):
    """A person said no, or nobody was there, or what they typed is none of what was asked for."""


async def elicited(talk: Talk, params: ElicitRequestParams) -> ElicitResult:
    """Ask a person; whatever is not a full answer declines."""
    try:
        if isinstance(params, ElicitRequestURLParams):
            await _agreed(talk, f"{params.message}\nOpen this address, then accept: {params.url}")
            return ElicitResult(action="accept")
        return ElicitResult(
            action="accept", content=await _filled(talk, params.message, params.requested_schema)
        )
    except _Declined:
        return ElicitResult(action="decline")


async def _filled(
    talk: Talk, message: str, schema: Mapping[str, JsonValue]
) -> dict[str, str | int | float | bool | list[str] | None]:
    properties, required = schema.get("properties"), schema.get("required")
    named = properties if isinstance(properties, dict) else {}
    needed = required if isinstance(required, list) else []
    if not named:
        await _agreed(talk, message)
    if len(named) > MOST_FIELDS:
        raise _Declined
    content: dict[str, str | int | float | bool | list[str] | None] = {}
    for name, wanted in named.items():
        shape = wanted if isinstance(wanted, dict) else {}
        value = await _field(talk, message, name, shape, needed=name in needed)
        if value is not None:
            content[name] = value
    return content


async def _agreed(talk: Talk, text: str) -> None:
    if await talk.ask(text, ("accept", DECLINE)) != "accept":
        raise _Declined


async def _field(
    talk: Talk, message: str, name: str, shape: Mapping[str, JsonValue], *, needed: bool
) -> Value | None:
    """Ask for one field; nothing typed leaves out what is not needed."""
    options = _options(shape)
    about = shape.get("description") or shape.get("title") or ""
    empty = "declines" if needed else "leaves it out"
    hint = "" if options else f"\n(an empty answer {empty})"
    text = f"{message}\n{name}: {about}".rstrip(": ") + hint
    answer = await talk.ask(text, (*options, DECLINE) if options else ())
    if answer is None or (options and answer == DECLINE) or (needed and not answer):
        raise _Declined
    return _value(answer, shape) if answer else None


def _options(shape: Mapping[str, JsonValue]) -> tuple[str, ...]:
    if shape.get("type") == "boolean":
        return ("true", "false")
    told = shape.get("enum")
    if isinstance(shape.get("oneOf"), list):
        each = cast("list[JsonValue]", shape["oneOf"])
        told = [one.get("const") for one in each if isinstance(one, dict)]
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


def _value(answer: str, shape: Mapping[str, JsonValue]) -> Value:
    kind = shape.get("type", "string")
    try:
        if kind == "boolean":
            return answer == "true"
        if kind in ("integer", "number"):
            return int(answer) if kind == "integer" else float(answer)
    except ValueError:
        raise _Declined from None
    if kind != "string":
        raise _Declined
    return answer
