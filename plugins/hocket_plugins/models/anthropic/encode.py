"""A turn's request as the Messages API takes it; equal requests give equal bytes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hocket_plugins.models.anthropic import contents, thought

if TYPE_CHECKING:
    from hocket.api.messages import CachePlan, TurnRequest
    from hocket_plugins.models.anthropic.contents import Encoder
    from hocket_plugins.models.anthropic.fields import JsonObject
    from hocket_plugins.models.anthropic.sheet import Sheet

ANSWER = "answer"
"""The tool by which a structured answer is given."""
_SERVED: dict[str, JsonObject] = {
    "web_search": {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
}
"""Tools the service runs itself; so many searches of one turn are reserved beforehand."""
_ANSWERING = "Give your answer: the one result of this task. Nothing is read beside it."


def body(request: TurnRequest, sheet: Sheet, encoder: Encoder) -> JsonObject:
    """Encode a request: what siblings share comes first, tools before system before messages."""
    return {**batched(request, sheet, encoder), "stream": True}


def batched(request: TurnRequest, sheet: Sheet, encoder: Encoder) -> JsonObject:
    """Encode a request that is part of a batch: nothing of it is streamed."""
    return {**counted(request, sheet, encoder), "max_tokens": request.max_tokens}


def counted(request: TurnRequest, sheet: Sheet, encoder: Encoder) -> JsonObject:
    """Encode what of a request is input."""
    system: list[JsonObject] = [
        {"type": "text", "text": part} for part in request.system if part.strip()
    ]
    tools, shared = _tools(request)
    messages = encoder.messages(request.messages)
    if request.cache and sheet.capabilities.prefix_cache == "explicit":
        _mark(request.cache, tools[:shared], system, messages)
    parts: JsonObject = {
        "model": request.model,
        "tools": [*tools],
        "system": [*system],
        "thinking": thought.thinking(request, sheet),
        "output_config": _output(request, sheet),
        "tool_choice": _choice(request) if tools else None,
    }
    kept = {name: part for name, part in parts.items() if part}
    return {**kept, "messages": [*messages]}


def _tools(request: TurnRequest) -> tuple[list[JsonObject], int]:
    """Give the tools by name with the answer last, and how many siblings have in common."""
    named: dict[str, JsonObject] = {
        tool.name: {
            "name": tool.name,
            "description": tool.description,
            "input_schema": tool.input_schema,
        }
        for tool in request.tools
    }
    if request.answer and request.answer.kind in {"tool", "generic"}:
        generic = request.answer.kind == "generic"
        shape: JsonObject = {"type": "object"} if generic else request.answer.shape
        own: JsonObject = {"name": ANSWER, "description": _ANSWERING, "input_schema": shape}
        named.setdefault(ANSWER, own)
    first = [named[name] for name in sorted(named) if name != ANSWER]
    first += [dict(_SERVED[name]) for name in request.server_tools if name in _SERVED]
    return [*first, *([named[ANSWER]] if ANSWER in named else [])], len(first)


def _mark(
    plan: CachePlan,
    tools: list[JsonObject],
    system: list[JsonObject],
    messages: list[JsonObject],
) -> None:
    """Set at most four places up to which the service keeps the prefix."""
    mark: JsonObject = {"type": "ephemeral"}
    if plan.ttl == "1h":
        mark["ttl"] = plan.ttl
    places: list[JsonObject] = []
    if plan.tools:
        places += tools[-1:]
    if plan.system:
        places += system[-1:]
    if plan.turns:
        # The end of this turn and of the one before: a look-back reaches some twenty blocks.
        asked = (one for one in reversed(messages) if one["role"] == "user")
        places += [contents.last(one) for one in islice(asked, 2)]
    for place in places:
        place["cache_control"] = mark


def _output(request: TurnRequest, sheet: Sheet) -> JsonObject:
    output: JsonObject = {}
    effort = thought.effort(request.effort, sheet.capabilities.efforts)
    if effort:
        output["effort"] = effort
    if request.answer and request.answer.kind == "grammar":
        output["format"] = {"type": "json_schema", "schema": request.answer.shape}
    return output


def _choice(request: TurnRequest) -> JsonObject | None:
    if request.tool_choice is None:
        return None
    if request.tool_choice == "none":
        return {"type": "none"}
    return {"type": "tool", "name": request.tool_choice}
