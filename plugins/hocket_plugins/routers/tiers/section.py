"""What the tiers router can be told in a configuration file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Tier = Literal["small", "medium", "large"]


class RouterTiers(BaseModel):
    """The section `router_tiers`: a model for each difficulty, and what counts as how difficult."""

    model_config = ConfigDict(
        title="router_tiers", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    small: str = "small"
    """The model of easy calls: to classify, vote, judge, screen."""
    medium: str = "medium"
    """The model of all that is neither easy nor hard; `--model` goes before it."""
    large: str = "large"
    """The model of hard calls: to plan, synthesize, integrate."""
    roles: dict[str, Tier] = Field(default_factory=dict[str, Tier])
    """The tier of calls by what patterns use them for (`vote = "medium"`), if not the usual one."""
    phases: dict[str, Tier] = Field(default_factory=dict[str, Tier])
    """The tier of all calls of a phase; it goes before `roles`."""
    classify: bool = False
    """Whether a call of the small model names the tier of a call that nothing else marks."""
