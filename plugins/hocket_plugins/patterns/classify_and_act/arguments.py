"""The arguments of `classify_and_act`."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from hocket.api.patterns.arguments import CallOptions, PatternArguments

UNSURE = "unsure"
"""The class that every classifier may answer with."""


class Act(PatternArguments):
    """A call for each item of a class: what it is told, and its options."""

    prompt: str


Treatment = Act | Literal["keep", "drop", "escalate"]


class ClassifyArguments(PatternArguments):
    """A pile, the classes to sort it into, and what becomes of each class."""

    items: list[JsonValue]
    into: dict[str, str] = Field(min_length=1)
    question: str = "Which class fits?"
    act: dict[str, Treatment] | None = None
    confirm: list[str] = Field(default_factory=list[str])
    unsure: Literal["escalate", "keep"] = "escalate"
    batch: int = Field(default=1, ge=1, le=20)
    judge: CallOptions | None = None
    max_calls: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _classes_are_known(self) -> Self:
        """Refuse a treatment of a class that no item can have."""
        if UNSURE in self.into:
            raise ValueError(f"into: '{UNSURE}' is always added; say what becomes of it by unsure=")
        for field, names in (("act", [*self.acts]), ("confirm", self.confirm)):
            for name in names:
                if name not in self.into:
                    known = ", ".join(self.into)
                    raise ValueError(f"{field}: '{name}' is no class; known: {known}")
        return self

    @property
    def classes(self) -> list[str]:
        """All classes an item can get."""
        return [*self.into, UNSURE]

    @property
    def acts(self) -> dict[str, Treatment]:
        """What becomes of each class that is named."""
        return self.act or {}

    def treatment(self, name: str) -> Treatment:
        """Say what becomes of a class; one without entry is kept."""
        return self.unsure if name == UNSURE else self.acts.get(name, "keep")
