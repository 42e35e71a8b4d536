"""Finds the stage that seals answers, or stands in for it where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.sealing import Attending, Released, Sealing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import Stage
    from hocket.api.sealing import RunAccess
    from hocket.api.tools import Label


class Unsealed:
    """What is so where nothing is sealed: every border is open."""

    name = "unsealed"

    def holds(self, value: JsonValue) -> bool:  # noqa: ARG002
        """Find no handle, since there are none."""
        return False

    def issued(self, value: JsonValue) -> Mapping[str, str]:  # noqa: ARG002
        """Find no handle."""
        return {}

    def named(self, text: str) -> str:
        """Leave it."""
        return text

    def framed(self, call: Call) -> Call:
        """Leave it."""
        return call

    def revealed(self, value: JsonValue) -> JsonValue:
        """Leave it."""
        return value

    def released(self, value: JsonValue) -> Released:
        """Leave it."""
        return Released(value)

    def withheld(self, text: str, label: Label) -> str:  # noqa: ARG002
        """Leave it."""
        return text


UNSEALED = Unsealed()


def found(stages: Sequence[Stage]) -> Sealing:
    """Give the stage that seals; the outermost one, should there be two."""
    outermost_first = sorted(stages, key=lambda stage: stage.position)
    return next((stage for stage in outermost_first if isinstance(stage, Sealing)), UNSEALED)


def introduce(attending: Iterable[object], run: RunAccess) -> None:
    """Let everyone who wants to know the run meet it."""
    for one in attending:
        if isinstance(one, Attending):
            one.attend(run)


def opened(outcome: Outcome, seals: Sealing) -> Outcome:
    """Give what an agent's own agent answered as the asking agent reads it."""
    if not outcome.sealed:
        return outcome
    try:
        value, partial = seals.revealed(outcome.value), seals.revealed(outcome.partial)
    except LookupError as lost:
        return Outcome(EndState.ERROR, cause=f"lost: {lost.args[0]}", usage=outcome.usage)
    return replace(outcome, value=value, partial=partial)
