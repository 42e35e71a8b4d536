"""The arguments of `synthesize`."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from hocket.api.patterns.arguments import PatternArguments


class Entry(BaseModel):
    """What a sentence may cite as `[n]`."""

    model_config = ConfigDict(frozen=True)

    n: int = Field(ge=0)
    quote: str
    source: str | list[str]

    @property
    def named(self) -> str:
        """Its source as it is shown."""
        return self.source if isinstance(self.source, str) else ", ".join(self.source)


class SynthesizeArguments(PatternArguments):
    """Parts, what is to become of them, and what they lack."""

    parts: list[JsonValue]
    prompt: str = Field(min_length=1)
    width: int = Field(20, ge=2)
    missing: list[str] = Field(default_factory=list[str])
    cite: list[Entry] | None = None
    max_calls: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _entries_differ(self) -> Self:
        numbers = [entry.n for entry in self.cite or ()]
        if len(set(numbers)) < len(numbers):
            raise ValueError("cite: two entries have the same n")
        return self

    @property
    def shape(self) -> JsonValue:
        """The schema of the answer, if it has one: a call option."""
        return self.__pydantic_extra__.get("schema")

    @property
    def entries(self) -> list[JsonValue]:
        """The citations as a screen takes them."""
        return [entry.model_dump() for entry in self.cite or ()]
