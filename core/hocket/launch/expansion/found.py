"""What an argument stands for, and where in it words from outside are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    Outside = Mapping[str, tuple[str, ...]]

EVERY = "*"
"""Stands in a pointer for every item of a list, and every field of an object."""


class Unusable(Exception):
    """What was typed stands for nothing that could be used; its flag is named by who asked."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


class Nowhere(Unusable):
    """There is no such thing here; whoever typed nothing did not ask for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value for the script."""

    value: JsonValue
    outside: Outside = field(default_factory=dict[str, tuple[str, ...]])
    """Pointers beneath the argument, each with its sources."""
    notes: tuple[str, ...] = ()
    """What a person should know before they say yes."""


def pointer(*steps: str | int) -> str:
    """Write a JSON pointer."""
    written = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join(f"/{step}" for step in written)
