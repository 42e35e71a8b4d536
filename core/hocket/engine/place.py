"""Where a script stands in its run, and what happened inside a workflow or pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling
    from hocket.engine.tallies import Tally


@dataclass(frozen=True, slots=True)
class Place:
    """Where a script stands in the run: how deep, and the group its calls are shown in."""

    depth: int = 0
    title: str = ""
    tally: Tally | None = None
    """Of the script that started it."""
    ceiling: Ceiling | None = None
    """Of that script, for one that has none of its own."""


@dataclass(slots=True)
class Inside:
    """What a workflow or pattern did inside: how many calls it asked for, how many failed."""

    asked: int = 0
    failed: int = 0
