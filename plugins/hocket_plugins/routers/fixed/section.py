"""What the fixed router can be told in a configuration file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Effort = Literal["low", "medium", "high", "xhigh", "max"]


class TypeRoute(BaseModel):
    """The model and effort of one agent type."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    model: str | None = None
    """The model of calls with this agent type; absent: the general one."""
    effort: Effort | None = None
    """The effort of calls with this agent type; absent: the general one."""


class RouterFixed(BaseModel):
    """The section `router_fixed`: one model for all calls, or one per agent type."""

    model_config = ConfigDict(
        title="router_fixed", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    model: str | None = None
    """The model of calls that name none; `--model` goes before it, absent: the backend's own."""
    effort: Effort | None = None
    """The effort of calls that name none; absent: the model's own."""
    by_type: dict[str, TypeRoute] = Field(default_factory=dict[str, TypeRoute])
    """What holds for single agent types; it goes before the general model and `--model`."""
