"""What is said to a model and what it answers, in no SDK's words."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hocket.api.calls import Usage
from hocket.api.tools import TRUSTED, Label


class Frozen(BaseModel):
    """A message part: never changed after it was made, never with a field nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """Plain text."""

    kind: Literal["text"] = "text"
    text: str


class Media(Frozen):
    """An image or a document; its bytes are in the run's content store."""

    kind: Literal["media"] = "media"
    media_type: str
    digest: str


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

    @property
    def input(self) -> dict[str, JsonValue] | None:
        """Give what `raw` says; None when it is not exactly one JSON object."""
        try:
            read: JsonValue = json.loads(self.raw, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return None
        return read if isinstance(read, dict) else None


def _no_number(name: str) -> JsonValue:
    """Refuse NaN and its like, which Python reads and JSON does not know."""
    raise ValueError(name)


class ToolResult(Frozen):
    """What a tool gave back, and where it came from."""

    kind: Literal["tool_result"] = "tool_result"
    use_id: str
    content: tuple[Annotated[Text | Media, Field(discriminator="kind")], ...]
    is_error: bool = False
    label: Label = TRUSTED


class Foreign(Frozen):
    """A block only its provider understands: goes back to it unchanged, to no other."""

    kind: Literal["foreign"] = "foreign"
    provider: str
    data: dict[str, JsonValue]


Block = Annotated[
    Text | Media | Thinking | ToolUse | ToolResult | Foreign, Field(discriminator="kind")
]


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


class AnswerMode(Frozen):
    """How a structured answer is asked for; chosen once per call and never changed within it."""

    kind: Literal["grammar", "tool", "generic", "prompt"]
    shape: dict[str, JsonValue]
    """The JSON Schema of the answer."""


class CachePlan(Frozen):
    """Where the provider may keep the prefix: at most four places."""

    tools: bool = True
    """After the last tool that siblings share."""
    system: bool = True
    turns: bool = True
    """After the previous and after this turn."""
    ttl: Literal["5m", "1h"] = "5m"


class TurnRequest(Frozen):
    """Everything one model turn depends on."""

    model: str
    system: tuple[str, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    messages: tuple[Message, ...]
    max_tokens: int
    effort: str | None = None
    thinking: bool = True
    """False only where a forced tool forbids it."""
    answer: AnswerMode | None = None
    tool_choice: str | None = None
    """None: the model decides. `none`, or the name of the tool it must use."""
    cache: CachePlan | None = CachePlan()
    turn_id: str = ""
    server_tools: tuple[str, ...] = ()
    """Tools that the service itself runs, by hocket's names for them: `web_search`."""


class RateLimits(Frozen):
    """What a provider's headers say is left; may lower permits early, never raise them."""

    requests_left: int | None = None
    tokens_left: int | None = None
    resets_at_ms: int | None = None


class Turn(Frozen):
    """One finished model turn."""

    message: Message
    stop: Stop
    raw_stop: str = ""
    usage: Usage = Usage()
    model_served: str = ""
    request_id: str = ""
    limits: RateLimits | None = None
    notes: tuple[str, ...] = ()
    """For a person: what of the request the model lacks and was left out."""


class Opened(Frozen):
    """The reply began: siblings that share its prefix may go."""

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
    """What a model can do; the defaults hold for a model nobody knows."""

    window: int = 32_768
    max_output: int = 8_192
    efforts: tuple[str, ...] = ()
    thinking: bool = False
    answers: tuple[Literal["grammar", "tool", "prompt"], ...] = ("tool", "prompt")
    tools: bool = True
    parallel_tools: bool = True
    server_tools: tuple[str, ...] = ()
    prefix_cache: Literal["none", "explicit", "automatic"] = "none"
    prefix_minimum: int = 0
    batches: bool = False
    notes: tuple[str, ...] = ()
    """For a person: deprecated, retired with a successor, unknown."""


class ProviderFailure(Exception):
    """The one exception a provider raises; `kind` decides what the breaker does."""

    def __init__(
        self,
        kind: str,
        *,
        code: str = "",
        retry_after_s: float | None = None,
        resets_at_ms: int | None = None,
        raw: str = "",
        told: str = "",
    ) -> None:
        super().__init__(f"{kind}: {code}" if code else kind)
        self.kind = kind
        self.code = code
        self.retry_after_s = retry_after_s
        self.resets_at_ms = resets_at_ms
        self.raw = raw or told
        self.told = told
        """What to do about it, in the provider plugin's own words: it may stand in a cause."""
