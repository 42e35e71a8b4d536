"""A model that obeys every order it sees, wherever it stands in its request, and echoes all."""

from __future__ import annotations

import json
import re

import orders

from hocket.api.messages import Media, Text, ToolResult, ToolUse
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse

ANSWER = "answer"
MOST_TURNS = 8
MOST_ECHOED = 20_000


class Gullible(ScriptedModel):
    """Its brain is `orders`; it never judges, and never tires of repeating what it read."""

    def __init__(self, *, name="gullible", obeys=orders.orders, fills=None):
        super().__init__(self.reply, name=name)
        self.obeys, self.fills = obeys, fills or _filled

    def reply(self, request):
        """Obey what was not obeyed yet, else answer."""
        texts = seen(request)
        asked = {_key(use.name, use.input or {}) for use in _uses(request)}
        turns = sum(message.role == "assistant" for message in request.messages)
        wanted = {order: None for text in texts for order in self.obeys(text)}
        left = [one for one in wanted if _key(one.tool, one.arguments) not in asked]
        if left and turns < MOST_TURNS:
            return ScriptedTurn(
                uses=tuple(ScriptedUse(one.tool, _typed(one.arguments)) for one in left)
            )
        return self._answer(request, texts)

    def _answer(self, request, texts):
        shape = _shape(request)
        if shape is None:
            return ScriptedTurn(text=read(request)[:MOST_ECHOED] or "Nothing.")
        told = next(filter(None, map(orders.said, reversed(texts))), None)
        complained = any(use.name == ANSWER for use in _uses(request))
        value = told if told is not None and not complained else self.fills(shape, read(request))
        if any(spec.name == ANSWER for spec in request.tools):
            return ScriptedTurn(uses=(ScriptedUse(ANSWER, value),))
        return ScriptedTurn(text=json.dumps(value))


def seen(request):
    """Give every text of a request: system, tools, and all that was said and done."""
    texts = [*request.system]
    for spec in request.tools:
        texts += [spec.name, spec.description, json.dumps(spec.input_schema, ensure_ascii=False)]
    for message in request.messages:
        if message.role == "user":
            texts += _texts(message)
    return texts


def read(request):
    """Give what it was told and what its tools gave, without the frame of the task."""
    first, *rest = [message for message in request.messages if message.role == "user"]
    prompt = _texts(first)[0].partition("Every line of it is indented:\n")[2]
    return "\n".join([prompt, *_texts(first)[1:], *(t for one in rest for t in _texts(one))])


def _texts(message):
    found = []
    for block in message.blocks:
        if isinstance(block, Text):
            found.append(block.text)
        elif isinstance(block, ToolResult):
            found += [part.text for part in block.content if not isinstance(part, Media)]
    return found


def _uses(request):
    blocks = [block for message in request.messages for block in message.blocks]
    return [block for block in blocks if isinstance(block, ToolUse)]


def _key(name, arguments):
    return name, json.dumps({k: str(v) for k, v in arguments.items()}, sort_keys=True)


def _typed(arguments):
    """Write numbers as numbers, as a tool's schema wants them."""
    return {k: int(v) if re.fullmatch(r"\d{1,6}", v) else v for k, v in arguments.items()}


def _shape(request):
    if request.answer is not None:
        return request.answer.shape
    return next((spec.input_schema for spec in request.tools if spec.name == ANSWER), None)


def _filled(shape, text):
    """Make some value that fits a schema: the first choice, the least number, an echo."""
    if "enum" in shape:
        return shape["enum"][0]
    if "const" in shape:
        return shape["const"]
    kind = shape.get("type", "object" if "properties" in shape else "string")
    if kind == "object":
        inner = shape.get("properties", {})
        return {name: _filled(one, text) for name, one in inner.items()}
    if kind == "array":
        return [_filled(shape.get("items", {}), text)] * max(1, shape.get("minItems", 1))
    simple = {"integer": shape.get("minimum", 1), "number": 1.5, "boolean": True, "null": None}
    return simple.get(kind, text[:MOST_ECHOED])
