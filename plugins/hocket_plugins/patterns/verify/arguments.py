"""The arguments of `verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from hocket.api.patterns.arguments import PatternArguments
from hocket_plugins.patterns.verify.lenses import LENSES, AnyLens, Lens
from hocket_plugins.patterns.verify.rules import Majority, Sequential

if TYPE_CHECKING:
    from collections.abc import Sequence

Leads = Annotated[int, Field(ge=1, le=4)]
NORMAL = 2
"""The lead of a claim whose importance has none of its own."""
PANEL = 3
"""Votes of a fixed panel when nobody says how many."""


class VerifyArguments(PatternArguments):
    """Claims, and how much agreement each of them needs."""

    claims: list[JsonValue]
    against: str = "Try to show that this is wrong."
    evidence: str | None = None
    lenses: list[AnyLens] | None = Field(default=None, min_length=1)
    lead: Leads | Literal[0] | dict[str, Leads] = 2
    """0: screens alone; nobody votes."""
    cap: int | None = Field(default=None, ge=1)
    at_cap: Literal["unverified", "majority"] = "unverified"
    rule: Literal["lead", "majority"] = "lead"
    screen: list[str] = Field(default_factory=list[str])
    importance: str = "importance"
    group: str | None = None
    quota: int | None = Field(default=None, ge=1)
    controls: list[dict[str, JsonValue]] = Field(default_factory=list[dict[str, JsonValue]])
    p: float = Field(default=0.2, gt=0, lt=0.5)
    rho: float = Field(default=0.4, ge=0, lt=1)
    spares: int | None = Field(default=None, ge=0)
    max_calls: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _can_decide(self) -> Self:
        """Refuse what could never decide anything."""
        for control in self.controls:
            if control.get("verdict") not in {"supported", "refuted", "qualified"}:
                raise ValueError(
                    "controls: each needs its known verdict: supported, refuted or qualified"
                )
        if self.rule == "majority":
            if self.cap is not None and self.cap % 2 == 0:
                raise ValueError(f"cap: {self.cap} is even; a majority needs an odd one")
        elif self.cap is not None and self.cap < self.highest and self.at_cap == "unverified":
            raise ValueError(f"cap: {self.cap} votes never lead by {self.highest}")
        return self

    @property
    def looks(self) -> Sequence[Lens]:
        """The lenses that take turns."""
        return LENSES if self.lenses is None else self.lenses

    @property
    def highest(self) -> int:
        """The highest lead in use; a claim that a screen doubts needs one more."""
        if isinstance(self.lead, int):
            return self.lead + bool(self.screen)
        return max(self.lead.get("normal", NORMAL), *self.lead.values()) + bool(self.screen)

    def of(self, claim: JsonValue, name: str | None) -> JsonValue:
        """Read a bounded field of a claim; a claim that is a text has none."""
        return claim.get(name) if name is not None and isinstance(claim, dict) else None

    def lead_of(self, claim: JsonValue) -> int:
        """Say by how much one verdict on this claim must lead."""
        if isinstance(self.lead, int):
            return self.lead
        normal = self.lead.get("normal", NORMAL)
        return self.lead.get(str(self.of(claim, self.importance)), normal)

    def rule_of(self, claim: JsonValue, *, differs: bool = False) -> Sequential | Majority:
        """Give the rule for a claim; one that a screen doubts needs a lead greater by one."""
        if self.rule == "majority":
            return Majority(self.cap or PANEL)
        lead = self.lead_of(claim) + differs
        return Sequential(self.cap or 3 * lead, lead, plurality=self.at_cap == "majority")

    def spares_of(self, cap: int) -> int:
        """Say how many failed votes of one claim are asked again."""
        return (cap + 1) // 2 if self.spares is None else self.spares
