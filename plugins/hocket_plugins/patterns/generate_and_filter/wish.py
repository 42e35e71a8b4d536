"""The arguments: what is wished for, and what it is judged by."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hocket.api.patterns.arguments import CallOptions, PatternArguments


class Criterion(BaseModel):
    """A yes/no question; `must` drops what gets a no."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    ask: str = Field(min_length=1)
    weight: float = Field(1.0, gt=0)
    must: bool = False


class Wish(PatternArguments):
    """How many ideas, from which angles, judged how, and how many are kept."""

    prompt: str = Field(min_length=1)
    rubric: list[Criterion] = Field(min_length=1)
    n: int = Field(20, ge=0)
    keep: int = Field(3, ge=1)
    per_call: int = Field(1, ge=1)
    angles: list[str] | None = None
    key: str = "text"
    same: str | None = None
    judge: CallOptions | None = None
    judges: int = Field(1, ge=1)
    finals: bool = True
    max_calls: int | None = Field(None, ge=1)

    @property
    def batches(self) -> list[int]:
        """How many ideas each generating call is asked for."""
        starts = range(0, self.n, self.per_call)
        return [min(self.per_call, self.n - start) for start in starts]

    @property
    def finalists(self) -> int:
        """How many meet in pairs, if so many are left."""
        return min(2 * self.keep, self.n) if self.finals and self.keep < self.n else 0

    @property
    def shared(self) -> dict[str, JsonValue]:
        """The call options that another pattern takes over; the shape of ideas is none of them."""
        return {name: value for name, value in self.__pydantic_extra__.items() if name != "schema"}

    @property
    def shape(self) -> JsonValue:
        """The schema of one idea: the call option `schema`, else a text."""
        return self.__pydantic_extra__.get("schema") or TEXT


TEXT: JsonValue = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}
