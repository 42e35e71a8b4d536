"""What the agent loop can be told in a configuration file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings


class AgentLoopSection(BaseModel):
    """The section `agent_loop`: which model, and how far an agent may go."""

    model_config = ConfigDict(
        title="agent_loop", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    provider: str | None = None
    """The model provider by name; absent: the first one that the environment has a key for."""
    model: str = "medium"
    """The model for calls that nobody chose one for; `small`, `medium` and `large` fit everywhere."""  # noqa: E501
    effort: str | None = None
    """The effort for calls that name none; absent: the model's own."""
    tools: tuple[str, ...] | None = None
    """The tools of a call that names none; absent: all that are installed."""
    max_turns: PositiveInt = 50
    """The most model turns of one call; in the last one no tool can be used."""
    max_tokens: PositiveInt = 32_000
    """The most output tokens of one turn, as far as the model can give so many."""
    closing_tokens: PositiveInt = 2_000
    """Output tokens held back for a last turn that sums up when the budget is used up."""
    parallel: PositiveInt = Field(default=8, le=64)
    """How many tools of one turn run at once."""
    compact_at: float = Field(default=0.75, gt=0, le=1)
    """The share of the model's window from which on a conversation is shortened."""
    cheap_later: bool = False
    """Whether calls without tools may wait up to a day for half the price, where there is one."""
    continues: Literal["auto", "never"] = Field(default="auto", alias="continue")
    """Whether a call that was cut off goes on from its last whole turn, or starts again."""


def told(settings: PluginSettings) -> AgentLoopSection:
    """Give what configuration and the flags of this command say: `cheap_later` may be chosen."""
    given = settings.sections.get("agent_loop")
    section = given if isinstance(given, AgentLoopSection) else AgentLoopSection()
    cheap = bool(settings.choices.get("cheap_later"))
    return section.model_copy(update={"cheap_later": True}) if cheap else section
