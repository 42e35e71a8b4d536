"""How simulated agents behave: all that `--simulate` can be told."""

from __future__ import annotations

import difflib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hocket.errors import UsageError


class Failure(StrEnum):
    """The end states a simulated agent can fail with."""

    ERROR = "error"
    INVALID = "invalid"
    QUOTA = "quota"
    REFUSED = "refused"
    STALLED = "stalled"
    TIMEOUT = "timeout"


class Behaviour(BaseModel):
    """Means and shares; every draw depends on the seed and the call alone."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    seed: int = 0
    """Which of many possible worlds."""
    latency: float = Field(0.0, ge=0)
    """Mean seconds of a call."""
    jitter: float = Field(0.5, ge=0, le=1)
    """The share by which a latency may differ from the mean, up or down."""
    fail: float = Field(0.0, ge=0, le=1)
    """The share of calls that fail."""
    fail_state: Failure = Failure.ERROR
    """The end state of those."""
    tokens: int = Field(120, ge=1)
    """Mean output tokens of a call; none has more than four times as many."""
    input: int = Field(0, ge=0)
    """Input tokens of a call; 0: a quarter of the prompt's characters."""
    price: float = Field(0.0, ge=0)
    """Dollars for a million output tokens."""
    input_price: float = Field(0.0, ge=0)
    """Dollars for a million input tokens."""
    size: int = Field(200, ge=1)
    """Characters of an answer without a schema."""
    lists: float = Field(1.0, ge=0)
    """A factor on the length of lists, within what the schema allows."""
    sparse: bool = False
    """Whether answers have no field that they need not have."""
    progress: int = Field(0, ge=0)
    """Signs of life a call gives, spread over its latency."""

    @classmethod
    def told(cls, text: str) -> Behaviour:
        """Read `key=value,…`; raises UsageError that names the key and what was expected."""
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        told = {key.strip(): value.strip() for key, _, value in pairs}
        try:
            return cls.model_validate(told)
        except ValidationError as wrong:
            raise _misunderstood(wrong, [*cls.model_fields]) from None


def _misunderstood(wrong: ValidationError, known: list[str]) -> UsageError:
    first = wrong.errors(include_url=False)[0]
    key = str(first["loc"][0])
    if key in known:
        return UsageError(
            "--simulate",
            found=f"{key}={first['input']!s} is not understood: {first['msg'].lower()}",
            hint="Nothing was started.",
        )
    near = difflib.get_close_matches(key, known, n=1)
    return UsageError(
        "--simulate",
        found=f"the key {key!r} is unknown",
        expected=f"one of {', '.join(sorted(known))}",
        hint=f"Did you mean {near[0]!r}? Nothing was started." if near else "Nothing was started.",
    )
