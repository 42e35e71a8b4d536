"""The durable log of a run: commits, and finds again, what a script is told."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.errors import StorageLost
from hocket.journal.index import Position
from hocket.journal.records import MAX_LINE, decode, encode, frame, parse
from hocket.journal.spending import number
from hocket.journal.syncer import GROUP_S, Syncer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.clock import Clock
    from hocket.api.storage import HeldRun
    from hocket.journal.past import Past
    from hocket.journal.records import Record

    Payload = dict[str, JsonValue]

MAX_VALUE = 49_152
"""A value whose JSON is longer is kept beside the journal, by its digest."""
_SHORT = MAX_VALUE // 6 - 2
"""A text this short fits whatever its characters are: JSON needs at most six bytes for each."""
_MAX_FIELD = 1_024
"""Fields longer than this leave a line that is too long."""


class ArtifactMissing(KeyError):
    """A value kept beside the journal is gone or changed: its call counts as unfinished."""

    def __str__(self) -> str:
        """Say what is missing."""
        return f"artifact {self.args[0]} is missing or changed"


class Journal:
    """Appends records to a held run, in order; after the first failure it only raises it."""

    def __init__(self, held: HeldRun, clock: Clock, *, sync_each: bool = False, past: Past) -> None:
        self._held = held
        self._clock = clock
        self._next = past.next_record
        self._size = past.size
        self._sync_each = sync_each
        group_s = 0.0 if sync_each else GROUP_S
        self._syncer = Syncer(held, clock, durable=past.durable, group_s=group_s)

    @property
    def failure(self) -> StorageLost | None:
        """What made storage fail, once it has."""
        return self._syncer.failure

    def append(self, kind: str, payload: Mapping[str, JsonValue]) -> Position:
        """Write a record; it is committed when this returns. Raises StorageLost, StorageFull."""
        self._writable()
        line = self._frame(kind, payload)
        if len(line) > MAX_LINE:
            line = self._frame(kind, self._spilled(payload))
        try:
            self._held.append(line)
        except StorageLost as failure:
            self._syncer.fail(failure)
            raise
        at = Position(self._next, self._size, len(line), number(payload, "call"))
        self._next += 1
        self._size += len(line)
        self._syncer.wrote(self._size)
        return at

    def keep(self, value: JsonValue) -> Payload:
        """Give the fields that carry a value; a long one is written beside the journal first."""
        if isinstance(value, str) and len(value) < _SHORT:
            return {"value": value}
        content = encode(value).encode()
        if len(content) <= MAX_VALUE:
            return {"value": value}
        return self._put(content)

    def load(self, at: Position | int, length: int = 0) -> Record:
        """Read a record again, by its position or its offset and length."""
        offset, length = (at.offset, at.length) if isinstance(at, Position) else (at, length)
        record = parse(self._held.slice(offset, length))
        if record is None:
            raise StorageLost(
                "the journal",
                found=f"the record at byte {offset} is not what was written",
                hint="Nothing of it was delivered. Resume the run: opening says what is damaged.",
            )
        spilled = record.payload.pop("spilled", None)
        for name, reference in spilled.items() if isinstance(spilled, dict) else ():
            record.payload[name] = self._get(reference)
        return record

    def value(self, payload: Mapping[str, JsonValue]) -> JsonValue:
        """Give the value that a record carries or names; raises ArtifactMissing."""
        return self._get(payload) if "artifact" in payload else payload.get("value")

    async def durable(self) -> None:
        """Wait, if each commit is to be synced, until everything appended so far is."""
        if self._sync_each:
            await self._syncer.reach(self._size)

    async def sync_loop(self) -> None:
        """Sync in groups until cancelled; raises what made storage fail, as soon as it does."""
        await self._syncer.loop()

    async def close(self) -> None:
        """Sync what is left, and take no more records; raises if that fails."""
        if self.failure is not None:
            return
        await self._syncer.sync()
        if self.failure is not None:
            raise self.failure
        self._syncer.fail(StorageLost("the journal", found="closed", expected="no more records"))

    def _writable(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _frame(self, kind: str, payload: Mapping[str, JsonValue]) -> bytes:
        at_ms = self._clock.wall_ms()
        return frame(self._next, self._held.epoch, kind, at_ms, self._syncer.durable, payload)

    def _spilled(self, payload: Mapping[str, JsonValue]) -> Payload:
        kept: Payload = {}
        spilled: Payload = {}
        for name, value in payload.items():
            content = encode(value).encode()
            if len(content) > _MAX_FIELD:
                spilled[name] = self._put(content)
            else:
                kept[name] = value
        return {**kept, "spilled": spilled}

    def _put(self, content: bytes) -> Payload:
        self._writable()
        digest = sha256(content).hexdigest()
        try:
            self._held.put(digest, content)
        except StorageLost as failure:
            self._syncer.fail(failure)
            raise
        return {"artifact": digest, "size": len(content)}

    def _get(self, reference: JsonValue | Mapping[str, JsonValue]) -> JsonValue:
        digest = reference.get("artifact") if isinstance(reference, dict) else None
        content = self._held.get(digest) if isinstance(digest, str) else None
        if content is None:
            raise ArtifactMissing(digest)
        value: JsonValue = decode(content.decode())
        return value
