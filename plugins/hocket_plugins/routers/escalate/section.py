"""What the escalate router can be told in a configuration file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RouterEscalate(BaseModel):
    """The section `router_escalate`: two models, and how the weak one's answer is verified."""

    model_config = ConfigDict(
        title="router_escalate", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    weak: str = "small"
    """The model that is asked first."""
    strong: str = "large"
    """The model that is asked where the weak one failed; `--model` goes before it."""
    verify: str = Field(default="schema", pattern=r"\S")
    """`schema`: an answer that fits is right; another name: the check of that name, and calls
    without it go to the strong model; a sentence: what a judge is asked."""
    judge: str | None = None
    """The model that judges; absent: the weak one."""
