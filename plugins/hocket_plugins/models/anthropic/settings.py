"""What the Anthropic providers can be told in a configuration file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hocket.api.settings import Setting

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Place = Literal[
    "anthropic", "bedrock", "bedrock-mantle", "aws", "vertex", "google-cloud", "foundry"
]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Section(BaseModel):
    """Unknown keys are errors, and a docstring under a field is its description."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ModelFacts(_Section):
    """What a model can do, for a place that does not say it."""

    window: Annotated[int, Field(gt=0)] = 32_768
    """The most input tokens."""
    max_output: Annotated[int, Field(gt=0)] = 8_192
    """The most output tokens of one turn."""
    efforts: tuple[Effort, ...] = ()
    """The efforts it takes; without any, effort is not sent."""
    thinking: Literal["none", "adaptive", "budget"] = "none"
    """How it thinks: not at all, as it sees fit, or within a number of tokens."""
    grammar: bool = False
    """Whether it takes a schema for its answer (`output_config.format`)."""
    prefix_minimum: Annotated[int, Field(ge=0)] = 1_024
    """The shortest prefix its cache keeps, in tokens."""


class PlaceSection(_Section):
    """One of the clouds; what is absent is read from the environment."""

    base_url: Annotated[str | None, Setting.PERSON_ONLY] = None
    """The address of the service. A project cannot set it: a key is sent there."""
    region: str | None = None
    """The region or location."""
    project: str | None = None
    """The project (Google) or the workspace (AWS)."""
    headers: Annotated[dict[str, str], Setting.PERSON_ONLY] = Field(default_factory=dict[str, str])
    """Headers sent with every request."""
    aliases: dict[str, str] = Field(default_factory=dict[str, str])
    """Models by short name (`opus`, `large`, …); they go before the general ones."""


class AnthropicSection(PlaceSection):
    """The section `anthropic`: Anthropic's API or a service of its kind, and the clouds."""

    model_config = ConfigDict(title="anthropic")

    compat: bool = False
    """Whether `base_url` is somebody else's service: nothing beyond plain messages is sent."""
    count_tokens: bool | None = None
    """Whether the service counts tokens; absent: only where it is not `compat`."""
    model_list: bool | None = None
    """Whether the service lists its models; absent: only where it is not `compat`."""
    prefix_cache: bool = True
    """Whether places in the prompt are marked for the service's cache."""
    timeout_s: Seconds = 600.0
    """How long the connection may be silent; a stalled turn is noticed much earlier."""
    connect_timeout_s: Seconds = 30.0
    """How long connecting may take."""
    transport: Literal["auto", "aiohttp", "httpx2"] = "auto"
    """The HTTP client; `auto` takes aiohttp where it is installed."""
    models: dict[str, ModelFacts] = Field(default_factory=dict[str, ModelFacts])
    """What models can do, by name; it goes before what the service says."""
    places: Annotated[dict[Place, PlaceSection], Setting.PERSON_ONLY] = Field(
        default_factory=dict["Place", PlaceSection]
    )
    """What holds for one cloud (`[anthropic.places.vertex]`)."""

    def at(self, place: Place) -> PlaceSection:
        """Give what holds for a place; the section itself is about `anthropic`."""
        return self.places.get(place, self if place == "anthropic" else PlaceSection())

    def counts(self, place: Place) -> bool:
        """Say whether tokens can be counted there."""
        default = place != "bedrock" and not (place == "anthropic" and self.compat)
        return default if self.count_tokens is None else self.count_tokens

    def lists(self, place: Place) -> bool:
        """Say whether models are listed there."""
        default = place == "aws" or (place == "anthropic" and not self.compat)
        return default if self.model_list is None else self.model_list
