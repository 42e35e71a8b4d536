"""How much is sent, in bytes: no tokenizer makes more tokens of a text than it has bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.api.messages import Media, Text, Thinking, ToolResult, ToolUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.messages import Block, Message, ToolSpec

AROUND = 48
"""What a service may add around a block or a tool."""
IMAGE, DOCUMENT = 6_000, 300_000
"""Tokens of media cannot be told by their digest."""


def of_text(text: str) -> int:
    """Weigh a text."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def of_message(message: Message) -> int:
    """Weigh a message."""
    return sum(of_block(block) for block in message.blocks)


def of_tools(tools: Iterable[ToolSpec]) -> int:
    """Weigh the descriptions of tools."""
    return sum(
        AROUND
        + of_text(tool.name)
        + of_text(tool.description)
        + of_text(json.dumps(tool.input_schema))
        for tool in tools
    )


def of_block(block: Block) -> int:
    """Weigh one block."""
    match block:
        case Text():
            inner = of_text(block.text)
        case Thinking():
            inner = of_text(block.text) + of_text(block.signature)
        case ToolUse():
            inner = of_text(block.name) + of_text(block.id) + of_text(block.raw)
        case ToolResult():
            inner = of_text(block.use_id) + sum(of_block(part) for part in block.content)
        case Media():
            inner = IMAGE if block.media_type.startswith("image/") else DOCUMENT
        case _:
            inner = of_text(json.dumps(block.data))
    return AROUND + inner
