"""The arguments of `fan_out`."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, JsonValue, model_validator

from hocket.api.patterns.arguments import PatternArguments
from hocket_plugins.patterns.fan_out.invariants import AnyInvariant

OF_ITEMS = ("schema", "isolation", "check")
"""Call options about work on one item: its answer, its tree, and what that must survive."""


class FanOutArguments(PatternArguments):
    """Units, what to do with each, what must hold between answers, and what becomes of them."""

    items: list[JsonValue]
    prompt: str = Field(min_length=1)
    batch: int = Field(1, ge=1, le=100)
    key: str | None = None
    invariants: list[AnyInvariant] = Field(default_factory=list[AnyInvariant])
    attempts: int = Field(2, ge=0, le=10)
    merge: dict[str, JsonValue] | None = None
    synthesize: str | dict[str, JsonValue] | None = None
    width: int = Field(20, ge=2)
    min_share: float = Field(0.5, ge=0, le=1)
    max_calls: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.batch > 1 and re.search(r"(?<!\{)\{item\.", self.prompt):
            raise ValueError("batch: a prompt that looks into {item.…} takes one item at a time")
        if isinstance(self.synthesize, dict) and not self.synthesize.get("prompt"):
            raise ValueError("synthesize: needs a prompt")
        return self

    @property
    def shape(self) -> JsonValue:
        """The schema of one answer, if there is one: a call option."""
        return self.__pydantic_extra__.get("schema")

    @property
    def shared(self) -> dict[str, JsonValue]:
        """The call options that hold for agents who look at answers, too, not only at items."""
        extra = self.__pydantic_extra__
        return {name: extra[name] for name in extra if name not in OF_ITEMS}

    def synthesis(self, parts: list[JsonValue], missing: list[str]) -> dict[str, JsonValue]:
        """Give the arguments of the pattern that makes one answer of all."""
        wish: dict[str, JsonValue] = (
            self.synthesize if isinstance(self.synthesize, dict) else {"prompt": self.synthesize}
        )
        return {**self.shared, "width": self.width, **wish, "parts": parts, "missing": [*missing]}
