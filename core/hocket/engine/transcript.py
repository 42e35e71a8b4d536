"""What one call said and did, a JSON line each, on disk before the step it announces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.api.events import Logged
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.clock import Clock
    from hocket.api.events import Event
    from hocket.api.storage import HeldRun
    from hocket.journal.redact import Redactor


class Transcript:
    """The transcript of one call; when it cannot be written the run goes on, with one warning."""

    def __init__(
        self,
        number: int,
        held: HeldRun,
        clock: Clock,
        redactor: Redactor,
        tell: Callable[[Event], None],
    ) -> None:
        self._name = f"agents/{number:04d}.jsonl"
        self._held = held
        self._clock = clock
        self._redactor = redactor
        self._tell = tell
        self.broken = False
        """Once a line is lost, effect tools may not run: their start would not be on disk."""

    def record(self, kind: str, fields: Mapping[str, JsonValue]) -> bool:
        """Write one line, redacted; False when it is not on disk."""
        if self.broken:
            return False
        line = self._redactor.value({"t": kind, "at": self._clock.wall_ms(), **fields})
        try:
            self._held.note(self._name, json.dumps(line).encode() + b"\n")
        except StorageLost as lost:
            self.broken = True
            self._tell(Logged(f"{self._name} cannot be written ({lost.found})", "warn"))
        return not self.broken
