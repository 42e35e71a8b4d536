"""An independent reader of journals: it shares no line with the product's own."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMMITTED = {"ok", "cached", "skipped"}
HEAD = len('{"crc":"00000000",')


@dataclass
class Journal:
    """What a journal says, read line by line until the first bad one."""

    records: list[dict] = field(default_factory=list)
    whole: int = 0
    size: int = 0

    @property
    def committed(self) -> Counter[tuple[str, int]]:
        """How often each call was committed; more than once is a repeat."""
        ended = [r for r in self.records if r["t"] == "ended" and r.get("op") == "agent"]
        return Counter((r["key"], r["occ"]) for r in ended if r["state"] in COMMITTED)

    @property
    def started(self) -> Counter[tuple[str, int]]:
        """How often each call was dispatched; what a further turn reserves is no dispatch."""
        begun = [r for r in self.records if r["t"] == "started" and "backend" in r]
        return Counter((r["key"], r["occ"]) for r in begun)

    @property
    def repeats(self) -> int:
        """How many dispatches were not the first of their call."""
        return sum(count - 1 for count in self.started.values())

    @property
    def closed(self) -> dict | None:
        """The last word of the run, if it had one."""
        last = self.records[-1] if self.records else None
        return last if last is not None and last["t"] == "closed" else None


def read(folder: Path) -> Journal:
    """Read a run's journal; a line is good when shape, checksum and number are."""
    path = folder / "journal.jsonl"
    content = path.read_bytes() if path.exists() else b""
    journal = Journal(size=len(content))
    epoch = 0
    for line in content.splitlines(keepends=True):
        body = line[HEAD:-1]
        shape = line[:8] == b'{"crc":"' and line[16:18] == b'",' and line.endswith(b"}\n")
        if not shape or int(line[8:16], 16) != zlib.crc32(body):
            break
        record = json.loads(b"{" + body)
        if record["n"] != len(journal.records) or record["e"] < epoch:
            break
        epoch = record["e"]
        journal.records.append(record)
        journal.whole += len(line)
    return journal


def check(folder: Path, *, cap: int, lives: int) -> Journal:
    """Hold a finished run against what is promised of every run."""
    journal = read(folder)
    assert journal.whole == journal.size, "the journal is not whole"
    repeated = {key: count for key, count in journal.committed.items() if count > 1}
    assert not repeated, f"committed calls ran again: {repeated}"
    extra = sum(count - 1 for count in journal.started.values())
    failed = sum(r["t"] == "ended" and r["state"] not in COMMITTED for r in journal.records)
    assert extra <= (lives - 1) * cap + failed, f"{extra} repeats after {lives} lives at cap {cap}"
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode & 0o777
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path.name} has mode {mode:o}"
    return journal
