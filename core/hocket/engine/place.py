"""Where a script stands in its run, and what happened inside a workflow or pattern."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a script stands in the run: how deep, and the group its calls are shown in."""

    depth: int = 0
    title: str = ""


@dataclass(slots=True)
class Inside:
    """What a workflow or pattern did inside: how many calls it asked for, how many failed."""

    asked: int = 0
    failed: int = 0
