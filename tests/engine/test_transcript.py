"""The transcript of a call: a JSON line each, redacted, and one warning when the disk fails."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.engine.transcript import AT_ONCE, Transcript
from hocket.errors import StorageLost
from hocket.journal.redact import Redactor
from hocket.testing import JumpingClock, run
from hocket.testing.clock import EPOCH_MS


@dataclass
class Disk:
    """Keeps lines by the name of their file, as long as it has room."""

    room: int = 99
    epoch: int = 1
    files: dict[str, list[bytes]] = field(default_factory=dict)

    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, digest, value):
        self.kept[digest] = value

    def read(self, name):
        return b"".join(self.files[name]) if name in self.files else None

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
        {"t": "tool_start", "at": EPOCH_MS, "epoch": 1, "tool": "Bash", "shown": "Bash(ls)\n"},
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


def test_a_later_life_begins_a_line_of_its_own():
    torn = Disk(epoch=2, files={"agents/0007.jsonl": [b'{"t": "call"}\n{"t": "mess']})
    for disk in (torn, Disk(epoch=2, files={"agents/0007.jsonl": [b'{"t": "call"}\n']})):
        script = transcript(disk, [])
        assert script.record("goes_on", {})
        assert script.record("turn", {})
        *_, first, second = disk.files["agents/0007.jsonl"]
        assert first.startswith(b"\n") is (disk is torn)
        assert json.loads(first)["epoch"] == 2
        assert second.startswith(b'{"t": "turn"')


def test_a_later_life_may_have_no_earlier_lines():
    disk = Disk(epoch=3)
    assert transcript(disk, []).record("call", {})
    assert disk.files["agents/0007.jsonl"][0].startswith(b'{"t": "call"')


def test_lines_without_an_effect_are_written_together_when_the_loop_turns():
    disk = Disk()
    script = transcript(disk, [])

    async def main():
        seen = []
        script.record("call", {})
        script.record("turn", {})
        seen.append(len(disk.files))
        await asyncio.sleep(0)
        seen.append(len(disk.files["agents/0007.jsonl"]))
        script.record("message", {})
        script.record("tool_start", {"effects": ["execute"]})
        seen.append(len(disk.files["agents/0007.jsonl"]))
        await asyncio.sleep(0)
        return seen

    assert run(main()) == [0, 1, 2]
    lines = b"".join(disk.files["agents/0007.jsonl"]).splitlines()
    assert [json.loads(line)["t"] for line in lines] == ["call", "turn", "message", "tool_start"]


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
def test_what_cannot_be_undone_is_told_whether_its_line_is_on_disk(kind):
    disk, told = Disk(room=0), []
    script = transcript(disk, told)

    async def main():
        said = [script.record("turn", {}), script.record(kind, {}), script.record("turn", {})]
        await asyncio.sleep(0)
        return said

    assert run(main()) == [True, False, False]
    assert len(told) == 1


@given(st.text(), st.text(alphabet="abc\n\"'é\\"), st.integers(0, 3))
def test_no_secret_hides_behind_the_end_of_another_text(around, before, deep):
    secret = "sk-" + "a1" * 12
    value = f"{before}\n{secret} {around}"
    for _ in range(deep):
        value = [{"x": value}]
    disk = Disk()
    transcript(disk, []).record("text", {"y": value, "z": "plain"})
    (line,) = disk.files["agents/0007.jsonl"]
    assert secret.encode() not in line
    assert json.loads(line)["z"] == "plain"


def test_long_texts_are_kept_by_their_digest_and_without_their_secrets():
    disk = Disk()
    long, shared = "word " * 20_000, "rule " * 1_000
    secret = f"{long} sk-{'a1' * 12}"
    script = transcript(disk, [])
    script.record("message", {"blocks": [{"text": long}, {"text": shared}, {"text": secret}]})
    script.record("call", {"system": shared, "n": 1})
    first, second = map(json.loads, b"".join(disk.files["agents/0007.jsonl"]).splitlines())
    texts = [block["text"] for block in first["blocks"]]
    clean = f"{long} [secret:key]"
    assert [one if isinstance(one, str) else one["size"] for one in texts] == [
        len(long),
        shared,
        len(clean),
    ]
    assert disk.kept[texts[0]["artifact"]] == long.encode()
    assert disk.kept[texts[2]["artifact"]] == clean.encode()
    assert disk.kept[second["system"]["artifact"]] == shared.encode()
    assert second["n"] == 1
