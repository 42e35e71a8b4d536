"""What patterns say of their own results: no script can lose it, since the report prints it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

MOST = 100
"""More remarks than these are counted and not kept: a pattern may run once for each item."""


class Remarks:
    """Collects the notes of patterns, which of them did not end, and what was left out."""

    def __init__(self) -> None:
        self._told: dict[str, None] = {}
        self._left_out: Counter[str] = Counter()
        self._more = 0

    def begin_again(self) -> None:
        """Forget all: the script starts from the top, and patterns say it again."""
        self._told.clear()
        self._left_out.clear()
        self._more = 0

    def hear(self, who: str, result: JsonValue) -> None:
        """Take what a pattern gave; a result that is no envelope says nothing."""
        if not isinstance(result, dict):
            return
        notes = result.get("notes")
        for note in notes if isinstance(notes, list) else ():
            self._keep(f"{who}: {note}")
        if result.get("complete") is False:
            why = result.get("stopped")
            self._keep(f"{who}: not complete" + (f", stopped by {why}" if why else ""))

    def leave_out(self, why: str) -> None:
        """Count a call that was left out to keep the budget for what is worth more."""
        self._left_out[why] += 1

    @property
    def notes(self) -> tuple[str, ...]:
        """Give each remark once, in the order of hearing."""
        more = (f"{self._more:,} more remarks of patterns are not shown",) if self._more else ()
        left_out = [
            f"not done, to keep the budget: {count:,} call{'s' * (count > 1)} ({why})"
            for why, count in self._left_out.items()
        ]
        return (*self._told, *more, *left_out)

    def _keep(self, text: str) -> None:
        if text not in self._told and len(self._told) >= MOST:
            self._more += 1
        else:
            self._told[text] = None
