"""Messages and their blocks, as the chat completions endpoint takes them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.messages import Media, Text, Thinking, ToolResult, ToolUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import JsonValue

    from hocket.api.messages import Message, TurnRequest
    from hocket_plugins.models.openai_compatible.fields import JsonObject


@dataclass(frozen=True, slots=True)
class Encoder:
    """What encoding depends on beside the request."""

    load: Callable[[str], bytes | None]
    """Gives the bytes of an image by digest."""
    reasoning: bool = False
    """Whether a model's reasoning goes back to it."""


def messages(request: TurnRequest, encoder: Encoder) -> Iterator[JsonObject]:
    """Encode system and messages; one of which nothing is left is dropped."""
    system = "\n\n".join(part for part in request.system if part.strip())
    if system:
        yield {"role": "system", "content": system}
    for message in request.messages:
        if message.role == "assistant":
            yield from _said(message, encoder)
        else:
            yield from _asked(message, encoder)


def _said(message: Message, encoder: Encoder) -> Iterator[JsonObject]:
    texts = [one.text for one in message.blocks if isinstance(one, Text)]
    thoughts = [one.text for one in message.blocks if isinstance(one, Thinking)]
    calls: list[JsonValue] = [_call(one) for one in message.blocks if isinstance(one, ToolUse)]
    said: JsonObject = {"role": "assistant", "content": "".join(texts) or None}
    if encoder.reasoning and any(thoughts):
        said["reasoning_content"] = "".join(thoughts)
    if calls:
        said["tool_calls"] = calls
    if said["content"] or calls:
        yield said


def _call(use: ToolUse) -> JsonObject:
    # Templates of local servers read the arguments, and fail on what is no object.
    is_object = use.input is not None
    arguments = use.raw if is_object else json.dumps({"not_an_object": use.raw})
    return {
        "id": use.id,
        "type": "function",
        "function": {"name": use.name, "arguments": arguments},
    }


def _asked(message: Message, encoder: Encoder) -> Iterator[JsonObject]:
    """Give results first, each a message of its own, then all else in one."""
    rest: list[Text | Media] = []
    for block in message.blocks:
        if isinstance(block, ToolResult):
            texts = [one.text for one in block.content if isinstance(one, Text)]
            # A result holds text only; its images follow as the user's.
            rest += [one for one in block.content if isinstance(one, Media)]
            said = "\n".join(texts) or ("(an image follows)" if block.content else "(nothing)")
            failed = "Error: " if block.is_error else ""
            yield {"role": "tool", "tool_call_id": block.use_id, "content": failed + said}
        elif isinstance(block, Text | Media):
            rest.append(block)
    content = _content(rest, encoder)
    if content:
        yield {"role": "user", "content": content}


def _content(blocks: Sequence[Text | Media], encoder: Encoder) -> str | list[JsonValue]:
    parts = [_part(block, encoder) for block in blocks]
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) == len(parts):
        return "\n\n".join(texts)
    return [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]


def _part(block: Text | Media, encoder: Encoder) -> str | JsonObject:
    if isinstance(block, Text):
        return block.text
    content = encoder.load(block.digest) if block.media_type.startswith("image/") else None
    if content is None:
        return f"[{block.media_type}: its content is not here]"
    data = base64.b64encode(content).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{block.media_type};base64,{data}"}}
