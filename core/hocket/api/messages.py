"""What is said to a model and what it answers, in no SDK's words."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from hocket.api.calls import Usage


class Frozen(BaseModel):
    """A message part: never changed after it was made, never with a field nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """Plain text."""

    kind: Literal["text"] = "text"
    text: str


class Thinking(Frozen):
    """A model's reasoning: sent back unchanged, never shown to a script."""

    kind: Literal["thinking"] = "thinking"
    text: str
    signature: str = ""
    redacted: bool = False


class ToolUse(Frozen):
    """A model's wish to use a tool; `raw` is the JSON text exactly as it came."""

    kind: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    raw: str


class ToolResult(Frozen):
    """What a tool gave back."""

    kind: Literal["tool_result"] = "tool_result"
    use_id: str
    content: tuple[Text, ...]
    is_error: bool = False


class Foreign(Frozen):
    """A block only its provider understands: goes back to it unchanged."""

    kind: Literal["foreign"] = "foreign"
    provider: str
    data: dict[str, JsonValue]


Block = Text | Thinking | ToolUse | ToolResult | Foreign


class Message(Frozen):
    """One side's contribution to a conversation."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


class Stop(StrEnum):
    """Why a turn ended; a stream that was cut raises instead."""

    END = "end"
    TOOLS = "tools"
    MAX_TOKENS = "max_tokens"
    CONTEXT_FULL = "context_full"
    PAUSE = "pause"
    REFUSAL = "refusal"
    COMPACTED = "compacted"
    STOP_SEQUENCE = "stop_sequence"


class ToolSpec(Frozen):
    """A tool as a model sees it."""

    name: str
    description: str
    input_schema: dict[str, JsonValue]


class TurnRequest(Frozen):
    """Everything one model turn depends on."""

    model: str
    system: tuple[str, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    messages: tuple[Message, ...]
    max_tokens: int
    effort: str | None = None
    turn_id: str = ""


class Turn(Frozen):
    """One finished model turn."""

    message: Message
    stop: Stop
    raw_stop: str = ""
    usage: Usage = Usage()
    model_served: str = ""
    request_id: str = ""


class Opened(Frozen):
    """The reply began."""

    usage: Usage = Usage()
    request_id: str = ""


class Delta(Frozen):
    """A piece of the reply."""

    part: Literal["text", "thinking", "input"]
    index: int
    text: str


class Ping(Frozen):
    """The connection lives; no content."""


class Closed(Frozen):
    """The reply is whole."""

    turn: Turn


class Capabilities(Frozen):
    """What a model can do."""

    window: int = 32_768
    max_output: int = 8_192
    efforts: tuple[str, ...] = ()
    tools: bool = True
    parallel_tools: bool = True
    prefix_cache: Literal["none", "explicit", "automatic"] = "none"


class ProviderFailure(Exception):
    """The one exception a provider raises."""

    def __init__(
        self, kind: str, *, code: str = "", retry_after_s: float | None = None, raw: str = ""
    ) -> None:
        super().__init__(f"{kind}: {code}" if code else kind)
        self.kind = kind
        self.code = code
        self.retry_after_s = retry_after_s
        self.raw = raw
