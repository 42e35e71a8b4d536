"""An invariant: something that must hold for answers, each or together."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.fan_out.units import Unit

    Reasons = dict[int, list[str]]
    """What is wrong with an answer, by the index of its unit."""

MOST_SHOWN = 80
"""Characters of a value in a reason."""


class Invariant(BaseModel):
    """Something that must hold, as data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    async def broken(self, context: PatternContext, units: Sequence[Unit]) -> Reasons:
        """Say which answers break it, and why."""


def add(reasons: Reasons, indexes: Iterable[int], why: str) -> None:
    """Give each of these units one more reason."""
    for index in dict.fromkeys(indexes):
        reasons.setdefault(index, []).append(why)
