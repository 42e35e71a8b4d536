"""What `integrate` is given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from hocket.api.patterns.arguments import PatternArguments


def _records(work: JsonValue) -> JsonValue:
    """Take the whole result of a fan-out for its records."""
    return work["records"] if isinstance(work, dict) and "records" in work else work


Records = Annotated[list[dict[str, JsonValue] | None], BeforeValidator(_records)]


class Arguments(PatternArguments):
    """Patches of isolated calls, and how they are put together."""

    work: Records
    """Records of `attempt()` or `fan_out` for calls with `isolation="worktree"`."""
    base: str = "HEAD"
    """The commit to start from."""
    order: Literal["given", "smallest", "path"] = "given"
    """In which order patches go in; never the order in which they were finished."""
    check: str | None = None
    """A name of `meta.checks` that has to pass before a patch becomes a commit."""
    invariants: list[str] = Field(default_factory=list[str])
    """Names of `meta.checks` that have to hold for the whole tree at the end."""
    attempts: int = Field(default=2, ge=0, le=10)
    """How often one patch may be made anew."""
    on_conflict: Literal["rerun", "skip", "ask"] = "rerun"
    """What becomes of a patch that does not fit: made anew, left out, or left to a person."""
    branch: str | None = None
    """The last part of the branch's name."""
    max_calls: int | None = Field(default=None, ge=0)
    """The most agents that are asked anew."""
