"""Lenses: finders who look from different sides find different things."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, JsonValue

from hocket.api.patterns.arguments import PatternArguments


class Lens(PatternArguments):
    """What one kind of finder is told beside the rest, and the options of its calls."""

    say: str


def _spelled_out(lens: JsonValue) -> JsonValue:
    return {"say": lens} if isinstance(lens, str) else lens


AnyLens = Annotated[Lens, BeforeValidator(_spelled_out, json_schema_input_type=str | Lens)]

LENSES = (
    "Go through all of it in order, from the start.",
    "Look in the least obvious places first.",
    "Look for what others overlook: edges, failure paths, what is absent.",
)
