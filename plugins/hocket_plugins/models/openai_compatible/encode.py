"""A turn's request as the chat completions endpoint takes it; equal requests give equal bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.models.openai_compatible.contents import messages

if TYPE_CHECKING:
    from hocket.api.messages import AnswerMode, TurnRequest
    from hocket_plugins.models.openai_compatible.contents import Encoder
    from hocket_plugins.models.openai_compatible.fields import JsonObject
    from hocket_plugins.models.openai_compatible.settings import ModelFacts, OpenAiSection

    Tool = tuple[str, str, JsonObject]

ANSWER = "answer"
"""The tool by which a structured answer is given."""
_ANSWERING = "Give your answer: the one result of this task. Nothing is read beside it."
_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def body(
    request: TurnRequest, section: OpenAiSection, facts: ModelFacts, limit: str, encoder: Encoder
) -> JsonObject:
    """Encode a request: what siblings share comes first, tools before messages."""
    tools = _tools(request)
    parts: JsonObject = {
        "model": request.model,
        "tools": [*tools],
        "tool_choice": _choice(request) if tools else None,
        "parallel_tool_calls": True if tools and facts.parallel_tools and facts.tools else None,
        "response_format": _format(request.answer),
        "reasoning_effort": _effort(request.effort, facts.efforts),
        limit: request.max_tokens,
        "stream_options": {"include_usage": True} if section.usage else None,
    }
    kept = {name: part for name, part in parts.items() if part}
    return {**kept, "messages": [*messages(request, encoder)], "stream": True}


def _tools(request: TurnRequest) -> list[JsonObject]:
    """Give the tools by name, with the answer last."""
    named: dict[str, Tool] = {
        tool.name: (tool.name, tool.description, tool.input_schema) for tool in request.tools
    }
    if request.answer and request.answer.kind in {"tool", "generic"}:
        generic = request.answer.kind == "generic"
        shape: JsonObject = {"type": "object"} if generic else request.answer.shape
        named.setdefault(ANSWER, (ANSWER, _ANSWERING, shape))
    order = sorted(named, key=lambda name: (name == ANSWER, name))
    return [_tool(*named[name]) for name in order]


def _tool(name: str, description: str, schema: JsonObject) -> JsonObject:
    function: JsonObject = {"name": name, "description": description, "parameters": schema}
    return {"type": "function", "function": function}


def _choice(request: TurnRequest) -> str | JsonObject | None:
    if request.tool_choice in {None, "none"}:
        return request.tool_choice
    return {"type": "function", "function": {"name": request.tool_choice}}


def _format(answer: AnswerMode | None) -> JsonObject | None:
    if not answer or answer.kind != "grammar":
        return None
    named: JsonObject = {"name": ANSWER, "schema": answer.shape}
    if is_strict(answer.shape):
        named["strict"] = True
    return {"type": "json_schema", "json_schema": named}


def is_strict(shape: JsonObject) -> bool:
    """Say whether every object is closed and has all it knows, as strict mode wants it."""
    closed = True
    if shape.get("type") == "object":
        known, needed = shape.get("properties"), shape.get("required")
        names = set(known) if isinstance(known, dict) else set[str]()
        given = {one for one in needed if isinstance(one, str)} if isinstance(needed, list) else ()
        closed = shape.get("additionalProperties") is False and names == set(given)
    return closed and all(
        is_strict(inner)
        for value in shape.values()
        for inner in (value if isinstance(value, list) else [value])
        if isinstance(inner, dict)
    )


def _effort(wanted: str | None, offered: tuple[str, ...]) -> str | None:
    """Give the strongest effort on offer that is not above the wanted one, else the weakest."""
    if wanted in offered or not offered or wanted not in _EFFORTS:
        return wanted if wanted in offered else None
    known = [one for one in offered if one in _EFFORTS]
    below = [one for one in known if _EFFORTS.index(one) <= _EFFORTS.index(wanted)]
    return below[-1] if below else offered[0]
