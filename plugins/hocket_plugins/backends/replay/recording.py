"""The answers in a run's folder: where they lie in its journal, read when they are wanted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from hocket.api.calls import EndState, Outcome, Usage
from hocket.errors import UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

    Payload = dict[str, JsonValue]

JOURNAL = "journal.jsonl"
_ANSWERS = set(EndState) - {EndState.CANCELLED, EndState.QUOTA}
"""What a script can have seen; calls in the other two were never answered."""


class Lost(Exception):
    """A recorded value is missing, or not what its digest says."""


class Recording:
    """One run's committed ends by key and occurrence; of several ends the last one counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ends = _index(folder / JOURNAL)

    @classmethod
    def of(cls, project: Path, named: str) -> Recording:
        """Open the run that was named by its folder or its id; raises UsageError."""
        for folder in (Path(named).expanduser(), project / named, project / ".hocket/runs" / named):
            if (folder / JOURNAL).is_file():
                return cls(folder)
        raise UsageError(
            "replay",
            found=f"there is no recorded run {named!r}",
            expected="the folder of a run, or the id of one of this project",
            hint="hocket runs lists the runs of this project.",
        )

    def find(self, key: str, occurrence: int) -> Outcome | None:
        """Give what a call came to, or None; raises Lost."""
        place = self._ends.get((key, occurrence))
        if place is None:
            return None
        offset, length = place
        with (self.folder / JOURNAL).open("rb") as journal:
            journal.seek(offset)
            record = _record(journal.read(length))
        return None if record is None else self._outcome(record)

    def _outcome(self, record: Payload) -> Outcome:
        spilled = record.get("spilled")
        for field, place in spilled.items() if isinstance(spilled, dict) else ():
            record[field] = self._artifact(place["artifact"]) if isinstance(place, dict) else None
        digest, cause = record.get("artifact"), record.get("cause")
        state = EndState(str(record["state"]))
        return Outcome(
            # An answer that was taken from an older run is an answer like any other here.
            EndState.OK if state is EndState.CACHED else state,
            record.get("value") if digest is None else self._artifact(digest),
            cause=None if cause is None else str(cause),
            partial=record.get("partial"),
            usage=_usage(record.get("usage")),
        )

    def _artifact(self, digest: JsonValue) -> JsonValue:
        path = self.folder / "artifacts" / Path(str(digest)).name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise Lost(f"artifact {digest} is missing or changed")
        value: JsonValue = json.loads(content)
        return value


def _index(path: Path) -> dict[tuple[str, int], tuple[int, int]]:
    ends: dict[tuple[str, int], tuple[int, int]] = {}
    offset = 0
    with path.open("rb") as journal:
        for line in journal:
            record = _record(line) if b'"t":"ended"' in line else None
            if record is not None and _answers(record):
                ends[str(record["key"]), _int(record.get("occ"))] = (offset, len(line))
            offset += len(line)
    return ends


def _record(line: bytes) -> Payload | None:
    """Read a line if its checksum is right; a torn or foreign line is no record."""
    if line[8:16] != b"%08x" % crc32(line[18:].removesuffix(b"\n")):
        return None
    try:
        record: JsonValue = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _answers(record: Payload) -> bool:
    known = record.get("op", "agent") == "agent" and isinstance(record.get("key"), str)
    return known and record.get("state") in _ANSWERS


def _usage(fields: JsonValue) -> Usage:
    if not isinstance(fields, dict):
        return Usage()
    return Usage(
        input=_int(fields.get("input")),
        cache_read=_int(fields.get("cache_read")),
        cache_write=_int(fields.get("cache_write")),
        output=_int(fields.get("output")),
        cost_micros=None if fields.get("micros", 0) is None else _int(fields.get("micros")),
        estimated=bool(fields.get("estimated")),
    )


def _int(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
