"""What the provider of chat completions can be told in a configuration file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ModelFacts(BaseModel):
    """What a model can do, for a server that does not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    window: Annotated[int, Field(gt=0)] | None = None
    """The most input tokens; absent: what the server says, else 32,768."""
    max_output: Annotated[int, Field(gt=0)] = 8_192
    """The most output tokens of one turn."""
    efforts: tuple[str, ...] = ()
    """The efforts it takes, the weakest first; without any, effort is not sent."""
    grammar: bool = True
    """Whether it takes a schema for its answer (`response_format`)."""
    tools: bool = True
    """Whether it can use tools."""
    parallel_tools: bool = True
    """Whether it can use several tools in one turn."""


class OpenAiSection(BaseModel):
    """The section `openai`: one server with a chat completions endpoint."""

    model_config = ConfigDict(
        title="openai", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    base_url: str | None = None
    """The address up to `/v1`; absent: OPENAI_BASE_URL, else OpenAI's own."""
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    """Headers sent with every request, such as Azure's `api-key`."""
    query: dict[str, str] = Field(default_factory=dict[str, str])
    """Query parameters sent with every request, such as Azure's `api-version`."""
    aliases: dict[str, str] = Field(default_factory=dict[str, str])
    """Models by short name (`opus`, `large`, …)."""
    models: dict[str, ModelFacts] = Field(default_factory=dict[str, ModelFacts])
    """What models can do, by name; it goes before what the server says."""
    usage: bool = True
    """Whether to ask for the usage in the stream; a few servers refuse to be asked."""
    reasoning: bool = False
    """Whether a model's reasoning goes back to it with the next turn."""
    limit: Literal["auto", "max_tokens", "max_completion_tokens"] = "auto"
    """What the limit of output is called; `auto`: the new name at OpenAI, the old one elsewhere."""
    timeout_s: Seconds = 600.0
    """How long the connection may be silent; a stalled turn is noticed much earlier."""
    connect_timeout_s: Seconds = 30.0
    """How long connecting may take."""
