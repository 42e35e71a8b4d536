"""Messages and their blocks, as the Messages API takes them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.messages import Foreign, Media, Text, Thinking, ToolResult, ToolUse
from hocket_plugins.models.anthropic.fields import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hocket.api.messages import Block, Message
    from hocket_plugins.models.anthropic.fields import JsonObject


@dataclass(frozen=True, slots=True)
class Encoder:
    """Encodes messages for one provider."""

    provider: str
    """Foreign blocks of any other provider are left out."""
    load: Callable[[str], bytes | None]
    """Gives the bytes of an image or document by digest."""

    def messages(self, messages: Iterable[Message]) -> list[JsonObject]:
        """Encode messages; one of which nothing is left is dropped, as empty ones are refused."""
        encoded: list[JsonObject] = []
        for message in messages:
            content = [part for block in message.blocks if (part := self._block(block))]
            if content:
                encoded.append({"role": message.role, "content": [*content]})
        return encoded

    def _block(self, block: Block) -> JsonObject | None:
        match block:
            case Text():
                return {"type": "text", "text": block.text} if block.text.strip() else None
            case Media():
                return self._media(block)
            case ToolResult():
                return self._result(block)
            case Foreign():
                return dict(block.data) if block.provider == self.provider else None
            case _:
                return _said(block)

    def _result(self, block: ToolResult) -> JsonObject:
        content = [part for one in block.content if (part := self._block(one))]
        result: JsonObject = {"type": "tool_result", "tool_use_id": block.use_id}
        if content:
            result["content"] = [*content]
        if block.is_error:
            result["is_error"] = True
        return result

    def _media(self, media: Media) -> JsonObject:
        content = self.load(media.digest)
        if content is None:
            return {"type": "text", "text": f"[{media.media_type}: its content is not here]"}
        kind = "image" if media.media_type.startswith("image/") else "document"
        data = base64.b64encode(content).decode()
        source: JsonObject = {"type": "base64", "media_type": media.media_type, "data": data}
        return {"type": kind, "source": source}


def last(message: JsonObject) -> JsonObject:
    """Give the last block of an encoded message."""
    return rows(message["content"])[-1]


def _said(block: Thinking | ToolUse) -> JsonObject | None:
    if isinstance(block, ToolUse):
        # Only objects are taken.
        read = block.input
        whole: JsonObject = {"not_an_object": block.raw} if read is None else read
        return {"type": "tool_use", "id": block.id, "name": block.name, "input": whole}
    if block.redacted:
        return {"type": "redacted_thinking", "data": block.signature}
    # Without a signature it is another provider's, and would be refused.
    if not block.signature:
        return None
    return {"type": "thinking", "thinking": block.text, "signature": block.signature}
