"""The arguments of `merge`."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from hocket.api.patterns.arguments import PatternArguments

Policy = Literal["latest", "confidence", "majority", "order", "union", "all"]
Policies = Policy | list[Policy]
KEEPING = ("union", "all")
"""Policies that choose nothing, so no other can follow them."""


class MergeArguments(PatternArguments):
    """Records, what they are known by, and which of several values holds.

    Keys that differ in writing alone are one key. `weight` is a field that holds a number, or a
    table of numbers by source; what has none weighs 1.
    """

    records: list[JsonValue]
    key: str | list[str]
    policy: Policies = "majority"
    fields: dict[str, Policies] = Field(default_factory=dict[str, Policies])
    order: list[str] = Field(default_factory=list[str])
    weight: str | dict[str, float] | None = None
    at: str = "at"
    confidence: str = "confidence"
    source: str = "source"
    same: str | None = None
    max_calls: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _policies_decide(self) -> Self:
        """Refuse policies that could not do what they say."""
        if not self.keys:
            raise ValueError("key: names no field")
        for chain in (self.policy, *self.fields.values()):
            names = _chain(chain)
            if not names or any(name in KEEPING for name in names[:-1]):
                raise ValueError(f"policy: nothing can follow union or all, in {names}")
            if "order" in names and not self.order:
                raise ValueError("policy: 'order' needs order=[sources, the best first]")
        return self

    @property
    def keys(self) -> list[str]:
        """The fields that records are known by."""
        return [self.key] if isinstance(self.key, str) else self.key

    def chain(self, field: str) -> list[Policy]:
        """Give the policies of a field, the next for what the one before leaves open.

        What tells about a record rather than its thing has a sense of its own: the latest date,
        the highest confidence, all sources.
        """
        own: dict[str, Policies] = {
            self.source: "union", self.confidence: "confidence", self.at: "latest"
        }  # fmt: skip
        return _chain(self.fields.get(field) or own.get(field) or self.policy)

    def is_told(self, field: str) -> bool:
        """Whether several values of a field are a conflict; several sources are none."""
        return field in self.fields or field not in (self.at, self.confidence, self.source)


def _chain(policies: Policies) -> list[Policy]:
    return [policies] if isinstance(policies, str) else policies
