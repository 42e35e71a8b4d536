"""Notices an agent that goes in circles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop import nudges
from hocket_plugins.backends.agent_loop.ends import failed

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject

NOTED, ENOUGH = 3, 6
MOST_BAD = 5


class Repeats:
    """Counts equal uses in a row, and inputs in a row that are no JSON."""

    def __init__(self) -> None:
        self._last = ""
        self._count = 0
        self._bad = 0

    def good(self, name: str, arguments: JsonObject) -> str:
        """Count a use that can run; gives a note for its result, raises End for one too many."""
        self._bad = 0
        same = f"{name} {json.dumps(arguments, sort_keys=True)}"
        self._count = self._count + 1 if same == self._last else 1
        self._last = same
        if self._count >= ENOUGH:
            raise failed("loop")
        return nudges.repeated(self._count) if self._count >= NOTED else ""

    def bad(self) -> None:
        """Count an input that cannot be read; raises End for the fifth in a row."""
        self._bad += 1
        if self._bad >= MOST_BAD:
            raise failed("bad_calls")
