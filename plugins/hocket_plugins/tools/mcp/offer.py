"""A tool as a server lists it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.inert import stripped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import JsonValue

LONGEST_NAME = 64
"""What every model provider takes."""
_DIGITS = 8
LONGEST_PROSE = 2_000
"""So much of a description in a schema is told to models."""
_PROSE = frozenset({"description", "title", "$comment"})


@dataclass(frozen=True, slots=True)
class Offer:
    """Its name, what it says of itself, and what it wants to be given."""

    name: str
    description: str
    input_schema: Mapping[str, JsonValue]
    claims: Mapping[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])
    """Its own hints (`readOnlyHint`): shown to a person, believed by nobody, part of no digest."""

    @property
    def pinned(self) -> dict[str, JsonValue]:
        """All that an agent or a model sees of it."""
        return {
            "name": self.name,
            "description": self.description,
            "input_schema": dict(self.input_schema),
        }

    @classmethod
    def read(cls, kept: JsonValue) -> Offer | None:
        """Read one that was written down; None when it is none."""
        match kept:
            case {
                "name": str(name),
                "description": str(description),
                "input_schema": dict(schema),
                "claims": dict(claims),
            }:
                return cls(name, description, schema, claims)
            case _:
                return None

    @property
    def schema(self) -> dict[str, JsonValue]:
        """Its input schema with nothing in its descriptions that a person did not see."""
        return {key: _seen(key, value) for key, value in self.input_schema.items()}


def digest(offers: Iterable[Offer]) -> str:
    """Give what pins offers, in whichever order they come."""
    listed = [one.pinned for one in sorted(offers, key=lambda one: one.name)]
    return sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()


def called(server: str, tool: str) -> str:
    """Name a server's tool for models and rules; what cannot be said so ends in a digest."""
    name = f"mcp__{server}__{tool}"
    said = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    if said == name and len(name) <= LONGEST_NAME:
        return name
    mark = sha256(tool.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
    return f"{said[: LONGEST_NAME - _DIGITS - 1]}_{mark}"


def _seen(key: str, value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _seen(name, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_seen(key, one) for one in value]
    if isinstance(value, str) and key in _PROSE:
        return stripped(value)[:LONGEST_PROSE]
    return value
