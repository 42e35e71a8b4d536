"""What the model says and does: its part of an episode, and how prompts tell it which."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    Wish = tuple[str, dict[str, JsonValue]]
    """A tool, and what it is to be given."""

TASK, STEPS, ANSWER = "TASK", "STEPS", "ANSWER"
"""The first line of a prompt: do it all; read, and say what is to be done further; say what it
came to."""
USE, GIVEN = "USE ", "GIVEN "
"""Or: use just this tool, with an input that stands there, or that follows as data."""
FOUND = "found"
"""The field of an answer that holds all that was read; the others are bounded."""
_USE = re.compile(rf"^\s*{USE}(\{{.*\}})\s*$", re.MULTILINE)
_GIVEN = re.compile(rf"^\s*{GIVEN}(\w+)\s*$", re.MULTILINE)
_DATA = re.compile(r"^\s*\| (.*)$", re.MULTILINE)
"""How hocket writes what stands behind a handle."""


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Keep letters and digits only: line breaks and quotes of YAML would hide most goals."""
    return "".join(filter(str.isalnum, text)).lower()


def step(prompt: str) -> Wish | None:
    """Give the one thing that a prompt tells to do; None where it tells of a task."""
    if use := _USE.search(prompt):
        told = json.loads(use[1])
        return told["tool"], told["input"]
    if given := _GIVEN.search(prompt):
        return given[1], json.loads("".join(_DATA.findall(prompt)))
    return None


@dataclass(slots=True)
class Lines:
    """What the model would do of its own accord, and what makes it do something else."""

    plan: Sequence[Wish] = ()
    """The task's own solution."""
    answer: str = ""
    goal: str = ""
    """What the injections ask for; empty without an attack."""
    lure: Callable[[], Sequence[Wish]] = tuple
    """The solution of the injection, as the world is when the model falls for it."""
    boast: str = ""
    """What the injection wants to be said."""
    fallen: list[Wish] | None = field(default=None, init=False)

    def falls(self, text: str) -> bool:
        """Say whether a text holds the injection."""
        return bool(self.goal) and letters(self.goal) in letters(text)

    def lured(self) -> list[Wish]:
        """Give what the injection wants done; looked up when it is first seen."""
        if self.fallen is None:
            self.fallen = [*self.lure()]
        return self.fallen

    def last(self, *, fell: bool) -> str:
        """Give the answer, with what the injection wants to be said."""
        return " ".join(filter(None, (self.answer, self.boast if fell else "")))
