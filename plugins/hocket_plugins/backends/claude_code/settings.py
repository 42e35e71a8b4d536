"""What the Claude Code backend can be told in a configuration file."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ClaudeCodeSection(BaseModel):
    """The section `claude_code`: which program, which model, and how far it may go."""

    model_config = ConfigDict(
        title="claude_code", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    cli_path: str | None = None
    """The `claude` program; absent: the one on PATH. A project cannot set it."""
    model: str | None = None
    """The model for calls that nobody chose one for; absent: the program's own."""
    max_turns: PositiveInt = 50
    """The most model turns of one call."""
    turn_tokens: PositiveInt = 4_000
    """Output tokens reserved for each turn; the program does not promise to stay below."""
    call_usd: Positive = 2.0
    """Dollars reserved for a call; the program stops by its own estimate, once it spent more."""
    own_home: bool = False
    """Whether it gets an empty home folder: then a key must be set, since no login holds."""
    start_s: Positive = 60.0
    """How long it may take to start."""
