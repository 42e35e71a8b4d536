"""How a structured answer is asked for, and how it is read out of a turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.api.messages import AnswerMode, ToolSpec
from hocket.api.providers import Grammatical

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket_plugins.backends.agent_loop.routing import Chosen

ANSWER = "answer"
MOST_SCHEMAS = 4
"""More of them over one prefix, and its place in the cache is worth more than their own tools."""
MOST_STARTS = 64
"""A text that only looks like JSON is not searched for ever."""
_DECODER = json.JSONDecoder()
_OPEN: JsonObject = {"type": "object"}
_ABOUT = "Give your answer: the one result of this task. Nothing is read beside it."


async def mode(schema: JsonObject, chosen: Chosen, *, has_tools: bool, crowded: bool) -> AnswerMode:
    """Choose how to ask; `crowded` says that many schemas share one prefix worth keeping."""
    capabilities = chosen.capabilities
    by_tool = capabilities.tools and "tool" in capabilities.answers
    if crowded and by_tool:
        return AnswerMode(kind="generic", shape=schema)
    if "grammar" in capabilities.answers and not has_tools and await _holds(schema, chosen):
        return AnswerMode(kind="grammar", shape=schema)
    return AnswerMode(kind="tool" if by_tool else "prompt", shape=schema)


async def _holds(schema: JsonObject, chosen: Chosen) -> bool:
    provider = chosen.provider
    return not isinstance(provider, Grammatical) or await provider.fits_grammar(schema)


def tool(asked: AnswerMode | None) -> tuple[ToolSpec, ...]:
    """Give the tool by which an answer is given, where there is one."""
    if asked is None or asked.kind not in {"tool", "generic"}:
        return ()
    shape = asked.shape if asked.kind == "tool" else _OPEN
    return (ToolSpec(name=ANSWER, description=_ABOUT, input_schema=shape),)


def parsed(raw: str) -> JsonObject:
    """Read a tool's input strictly; raises ValueError that says where it stops to be JSON."""
    try:
        value: JsonValue = json.loads(raw, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError(f"it is a {type(value).__name__}, not an object")  # noqa: TRY004
    return value


def from_text(text: str) -> JsonValue:
    """Read the first balanced object of a text, else give the text as it is."""
    start = -1
    for _ in range(MOST_STARTS):
        start = text.find("{", start + 1)
        if start < 0:
            break
        try:
            value: JsonValue = _DECODER.raw_decode(text, start)[0]
        except (ValueError, RecursionError):
            continue
        return value
    return text


def _no_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is no JSON")
