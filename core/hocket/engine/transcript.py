"""What one call said and did, a JSON line each, on disk before the step it announces."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
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

LONGEST, LONGEST_SHARED = 65_536, 4_096
SHARED = "system"
"""The field that all siblings have alike: it is written once."""
AT_ONCE = frozenset({"tool_start", "batch"})
"""Lines before something that cannot be undone: a tool's effect, a bill."""


def name_of(number: int) -> str:
    """Name the file of a call's transcript."""
    return f"agents/{number:04d}.jsonl"


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
        self._name = name_of(number)
        self._held = held
        self._clock = clock
        self._redactor = redactor
        self._tell = tell
        self._is_new = True
        self._waiting: list[JsonValue] = []
        self.broken = False
        """Once a line is lost, effect tools may not run: their start would not be on disk."""

    def record(self, kind: str, fields: Mapping[str, JsonValue]) -> bool:
        """Write one line, redacted; False when it is not on disk.

        The first line also says whose it is: the epoch of the process that holds the run. A line
        that announces no effect is written together with those that follow it, when the loop
        turns next: opening a file costs more than all else here.
        """
        if self.broken:
            return False
        line: dict[str, JsonValue] = {"t": kind, "at": self._clock.wall_ms()}
        if self._is_new and not self._waiting:
            line["epoch"] = self._held.epoch
        line |= fields
        first = not self._waiting
        self._waiting.append(line)
        if kind in AT_ONCE or not _soon(self._write, first=first):
            self._write()
        return not self.broken

    def _write(self) -> None:
        """Write what waits; it may have been written at once with a line that could not wait."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            lines = self._fit(waiting)
            content = "".join([f"{json.dumps(line)}\n" for line in lines]).encode()
            self._held.note(self._name, self._end_of_torn() + content)
        except StorageLost as lost:
            self.broken = True
            self._tell(Logged(f"{self._name} cannot be written ({lost.found})", "warn"))

    def _end_of_torn(self) -> bytes:
        """Give what ends the last line of an earlier life that died in the middle of it."""
        is_new, self._is_new = self._is_new, False
        before = self._held.read(self._name) if is_new and self._held.epoch > 1 else None
        return b"\n" if before and not before.endswith(b"\n") else b""

    def _fit(self, lines: list[JsonValue]) -> list[JsonValue]:
        """Redact lines, then make them short; all their texts are looked through at once.

        Hardly any of them has a secret, or is so long that it is kept by its digest.
        """
        texts = _texts(lines)
        whole = "\0".join(texts)
        if self._redactor.text(whole) != whole:
            lines = [self._redactor.value(line) for line in lines]
        if len(whole) > LONGEST_SHARED and max(map(len, texts)) > LONGEST_SHARED:
            lines = [self._short(line, LONGEST) for line in lines]
        return lines

    def _short(self, value: JsonValue, longest: int) -> JsonValue:
        """Keep long texts by their digest; what every sibling is told is soon long."""
        if isinstance(value, str):
            return value if len(value) <= longest else self._kept(value)
        if isinstance(value, list):
            return [self._short(one, longest) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self._short(one, LONGEST_SHARED if name == SHARED else longest)
            for name, one in value.items()
        }

    def _kept(self, text: str) -> JsonValue:
        content = text.encode("utf-8", "replace")
        digest = sha256(content).hexdigest()
        self._held.put(digest, content)
        return {"artifact": digest, "size": len(text)}


def _soon(write: Callable[[], None], *, first: bool) -> bool:
    """Have something written when the loop turns next; False where there is no loop."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    if first:
        loop.call_soon(write)
    return True


def _texts(values: list[JsonValue]) -> list[str]:
    """Give every text in some values, the names of fields too."""
    texts: list[str] = []
    left = [*values]
    for value in left:  # which grows meanwhile
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            texts.extend(value)
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return texts
