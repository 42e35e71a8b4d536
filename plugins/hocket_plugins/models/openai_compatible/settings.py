"""What the provider of chat completions can be told in a configuration file."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hocket.api.settings import Setting


def _here(address: str) -> str:
    """Take an address of this machine only: what is looked for must not leave it."""
    parts = urlsplit(f"//{address}")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    # A port that is no number raises a ValueError as well, and so does a name as an address.
    if not ipaddress.ip_address(host).is_loopback or parts.port is None:
        raise ValueError("an address of this machine with a port, such as 127.0.0.1:11434")
    return address


Here = Annotated[str, AfterValidator(_here)]
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

    base_url: Annotated[str | None, Setting.PERSON_ONLY] = None
    """The address up to `/v1`; absent: OPENAI_BASE_URL, else OpenAI's own. A project cannot set it."""  # noqa: E501
    headers: Annotated[dict[str, str], Setting.PERSON_ONLY] = Field(default_factory=dict[str, str])
    """Headers sent with every request, such as Azure's `api-key`."""
    query: Annotated[dict[str, str], Setting.PERSON_ONLY] = Field(default_factory=dict[str, str])
    """Query parameters sent with every request, such as Azure's `api-version`."""
    aliases: dict[str, str] = Field(default_factory=dict[str, str])
    """Models by short name (`opus`, `large`, …)."""
    models: dict[str, ModelFacts] = Field(default_factory=dict[str, ModelFacts])
    """What models can do, by name; it goes before what the server says."""
    local: tuple[Here, ...] = ("127.0.0.1:11434", "127.0.0.1:1234")
    """Where a model server on this machine is looked for when nothing else was found; `[]`: nowhere."""  # noqa: E501
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
