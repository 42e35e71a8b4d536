"""Makes what a server gave into what a model sees."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from mcp_types import (
    AudioContent,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from hocket.api.tools import Attachment, Label, ToolOutput
from hocket_plugins.tools.mcp.foreign import bounded, line

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp_types import CallToolResult, ContentBlock
    from pydantic import JsonValue

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""Kinds of bytes that models read."""
MOST_BYTES = 5 * 2**20
MOST_ATTACHMENTS = 20


def label(server: str) -> Label:
    """Say where words of a server come from."""
    return Label(outside=True, sources=frozenset({server}))


def output(result: CallToolResult, server: str, keep: Callable[[bytes], str]) -> ToolOutput:
    """Put the texts together and the images beside them; structured content is JSON."""
    reader = _Reader(keep)
    texts = [text for block in result.content if (text := reader.text(block))]
    structured: JsonValue = result.structured_content
    if structured is not None and not any(_says(text, structured) for text in texts):
        texts.append(json.dumps(structured, ensure_ascii=False, indent=1))
    text = bounded("\n".join(texts), keep) or "[no text]"
    attachments = tuple(reader.attachments)
    status = "the server reported an error" if result.is_error else "ok"
    return ToolOutput(text, result.is_error, label(server), attachments, status)


class _Reader:
    """Reads the blocks of one result."""

    def __init__(self, keep: Callable[[bytes], str]) -> None:
        self._keep = keep
        self.attachments: list[Attachment] = []

    def text(self, block: ContentBlock) -> str:
        """Give what stands for a block in the text; what models can look at is attached."""
        match block:
            case TextContent():
                return block.text
            case ImageContent() | AudioContent():
                return self._bytes(block.mime_type, block.data)
            case ResourceLink():
                about = f": {line(block.description)}" if block.description else ""
                return f"[resource {line(str(block.uri), 2_000)}{about}]"
            case EmbeddedResource():
                return self._embedded(block)

    def _embedded(self, block: EmbeddedResource) -> str:
        inside = block.resource
        name = line(str(inside.uri), 2_000)
        if isinstance(inside, TextResourceContents):
            return f"[resource {name}]\n{inside.text}"
        kind = inside.mime_type or "application/octet-stream"
        return f"[resource {name}] {self._bytes(kind, inside.blob)}".rstrip()

    def _bytes(self, kind: str, data: str) -> str:
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return f"[{line(kind)} that is no base64]"
        digest = self._keep(content)
        fits = len(content) <= MOST_BYTES and len(self.attachments) < MOST_ATTACHMENTS
        if kind in SHOWN and fits:
            self.attachments.append(Attachment(kind, digest))
            return ""
        return f"[{line(kind)}, {len(content):,} bytes, kept as {digest}]"


def _says(text: str, structured: JsonValue) -> bool:
    """Say whether a text is the structured content once more, as servers send it."""
    if structured == {"result": text}:
        return True
    try:
        told: JsonValue = json.loads(text)
    except ValueError:
        return False
    return told == structured
