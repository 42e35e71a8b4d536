"""The blocks of a reply, put together from the pieces a stream brings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hocket.api.messages import Foreign, Text, Thinking, ToolUse
from hocket_plugins.models.anthropic.fields import table, text

if TYPE_CHECKING:
    from hocket.api.messages import Block
    from hocket_plugins.models.anthropic.fields import JsonObject

    Piece = tuple[Literal["text", "thinking", "input"], str]

_PARTS: dict[str, tuple[Literal["text", "thinking", "input"], str]] = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "input_json_delta": ("input", "partial_json"),
}
"""The kinds of delta a person could follow: what part they belong to, and where their text is."""


@dataclass(slots=True)
class Part:
    """One block on its way; a tool's input is kept as the text it came as, never completed."""

    start: JsonObject
    pieces: list[str] = field(default_factory=list[str])
    signatures: list[str] = field(default_factory=list[str])

    def take(self, delta: JsonObject) -> Piece | None:
        """Add a delta; gives what of it is content."""
        kind = text(delta.get("type"))
        if kind in _PARTS:
            part, key = _PARTS[kind]
            self.pieces.append(text(delta.get(key)))
            return part, self.pieces[-1]
        if kind == "signature_delta":
            self.signatures.append(text(delta.get("signature")))
        else:
            self._extend(delta)
        return None

    def block(self, provider: str, *, cut: bool) -> Block:
        """Give the block as a message keeps it; one that nobody here knows stays as it is.

        `cut` says that the reply ran out of tokens: then an input may lack its end, or all of it.
        """
        joined = "".join(self.pieces)
        match self.start.get("type"):
            case "text":
                return Text(text=text(self.start.get("text")) + joined)
            case "thinking":
                signature = text(self.start.get("signature")) + "".join(self.signatures)
                return Thinking(text=text(self.start.get("thinking")) + joined, signature=signature)
            case "redacted_thinking":
                return Thinking(text="", signature=text(self.start.get("data")), redacted=True)
            case "tool_use":
                name = text(self.start.get("name"))
                raw = joined if cut else joined or self._whole()
                return ToolUse(id=text(self.start.get("id")), name=name, raw=raw)
            case _:
                known = {"input": json.loads(joined)} if joined and not cut else {}
                return Foreign(provider=provider, data={**self.start, **known})

    def _whole(self) -> str:
        # Some services put the whole input into the start of the block.
        return json.dumps(table(self.start.get("input")))

    def _extend(self, delta: JsonObject) -> None:
        for key, value in delta.items():
            before = self.start.get(key)
            if isinstance(before, str) and isinstance(value, str) and key != "type":
                self.start[key] = before + value
            elif key != "type":
                self.start[key] = value
