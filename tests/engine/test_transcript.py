"""The transcript of a call: a JSON line each, redacted, and one warning when the disk fails."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from hocket.engine.transcript import Transcript
from hocket.errors import StorageLost
from hocket.journal.redact import Redactor
from hocket.testing import JumpingClock, run
from hocket.testing.clock import EPOCH_MS


@dataclass
class Disk:
    """Keeps lines by the name of their file, as long as it has room."""

    room: int = 99
    files: dict[str, list[bytes]] = field(default_factory=dict)

    def note(self, name, line):
        if not self.room:
            raise StorageLost("the disk", found="no space")
        self.room -= 1
        self.files.setdefault(name, []).append(line)


def transcript(disk, told, environ=None):
    redactor = Redactor.from_environment(environ or {}, shapes=True)
    return Transcript(7, disk, JumpingClock(), redactor, told.append)


def test_a_line_says_what_when_and_all_of_it():
    disk = Disk()
    script = transcript(disk, [])

    async def main():
        script.record("tool_start", {"tool": "Bash", "shown": "Bash(ls)\n"})
        script.record("tool_end", {"ok": True})

    run(main())
    (lines,) = disk.files.values()
    assert [*disk.files] == ["agents/0007.jsonl"]
    assert [json.loads(line) for line in lines] == [
        {"t": "tool_start", "at": EPOCH_MS, "tool": "Bash", "shown": "Bash(ls)\n"},
        {"t": "tool_end", "at": EPOCH_MS, "ok": True},
    ]
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)


def test_no_secret_reaches_it():
    disk = Disk()
    script = transcript(disk, [], {"MY_TOKEN": "s3cret-s3cret"})
    script.record("text", {"deep": [{"text": "it is s3cret-s3cret!"}]})

    (line,) = disk.files["agents/0007.jsonl"]
    assert b"s3cret" not in line
    assert json.loads(line)["deep"][0]["text"] == "it is [secret:MY_TOKEN]!"


def test_when_it_cannot_be_written_there_is_one_warning_and_nothing_more_is_tried():
    disk, told = Disk(room=1), []
    script = transcript(disk, told)
    script.record("one", {})
    assert not script.broken
    script.record("two", {})
    disk.room = 5
    script.record("three", {})

    assert script.broken
    assert len(disk.files["agents/0007.jsonl"]) == 1
    assert [(e.text, e.level) for e in told] == [
        ("agents/0007.jsonl cannot be written (no space)", "warn")
    ]
