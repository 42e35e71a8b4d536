"""Lenses: voters who look from different sides err less alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, JsonValue

from hocket.api.patterns.arguments import PatternArguments


class Lens(PatternArguments):
    """What one kind of voter is told beside the rest, and the options of its calls."""

    say: str


def _spelled_out(lens: JsonValue) -> JsonValue:
    return {"say": lens} if isinstance(lens, str) else lens


AnyLens = Annotated[Lens, BeforeValidator(_spelled_out, json_schema_input_type=str | Lens)]

LENSES = [
    Lens.model_validate({"say": text})
    for text in (
        "Look for a counter-example: one case in which the claim fails.",
        "Judge only by the source, not by how plausible the claim sounds.",
        "Work it out anew, without the reasoning of whoever made the claim.",
    )
]
"""What voters look for when nobody says."""
