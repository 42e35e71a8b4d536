"""The journal over real files: commit, find again, and stop for good when storage fails."""

from __future__ import annotations

import asyncio
import json
import os
from errno import EIO, ENOSPC
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from hocket.errors import StorageFull, StorageLost
from hocket.journal import recovery
from hocket.journal.index import Position
from hocket.journal.log import ArtifactMissing, Journal
from hocket.journal.past import Past
from hocket.journal.records import MAX_LINE
from hocket.testing.clock import JumpingClock, run
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.storage import HeldRun

KEY = sha256(b"a").hexdigest()
HEADER = {"v": 1, "min_reader": 1, "kv": 1, "run": "r"}


class CountingDisk(Disk):
    """The machine's disk, which counts writes and syncs of journals and fails on demand."""

    def __init__(self) -> None:
        self.writes = self.syncs = 0
        self.fails: OSError | None = None

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self.writes += 1
        if self.fails is not None:
            raise self.fails
        return super().write(fd, content)

    def sync(self, fd: int) -> None:
        self.syncs += 1
        if self.fails is not None:
            raise self.fails
        super().sync(fd)


def begun(
    tmp_path: Path, *, sync_each: bool = False, disk: Disk | None = None
) -> tuple[HeldRun, Journal]:
    held = FilesStore(tmp_path, disk).create("r")
    journal = Journal(held, JumpingClock(), sync_each=sync_each, past=recovery.open(held))
    journal.append("header", HEADER)
    return held, journal


def test_a_record_is_whole_on_disk_when_append_returns(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)

    at = journal.append("ended", {"call": 3, "key": KEY, "occ": 0, "state": "ok", "value": 1})

    lines = (tmp_path / ".hocket/runs/r/journal.jsonl").read_bytes().splitlines(keepends=True)
    record = json.loads(lines[1])
    assert (record["n"], record["e"], record["t"], record["value"]) == (1, 1, "ended", 1)
    assert record["at"] == 1_767_225_600_000
    assert at == Position(1, len(lines[0]), len(lines[1]), 3)
    assert journal.load(at) == journal.load(at.offset, at.length)
    assert journal.value(journal.load(at).payload) == 1
    held.release()


def test_the_next_life_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)
    journal.append(
        "ended", {"call": 1, "op": "agent", "key": KEY, "occ": 0, "state": "ok", "value": 5}
    )
    held.release()

    held = FilesStore(tmp_path).hold("r")
    past = recovery.open(held)
    journal = Journal(held, JumpingClock(), past=past)
    journal.append("opened", {"pid": 1, **past.findings})
    found = past.find(KEY, 0)

    assert found is not None
    assert journal.value(journal.load(found).payload) == 5
    again = recovery.look(held.journal())
    assert (again.next_record, again.epoch, past.notes) == (3, 2, [])
    held.release()


@pytest.mark.parametrize("size", [0, 8_000, 8_200, 49_000, 49_150, 49_151, 200_000])
def test_a_value_is_kept_in_its_line_or_beside_it(tmp_path: Path, size: int) -> None:
    held, journal = begun(tmp_path)
    value = "x" * size

    fields = journal.keep(value)
    at = journal.append("ended", {"state": "ok", **fields})

    assert ("artifact" in fields) == (size + 2 > 49_152)
    assert journal.value(journal.load(at).payload) == value
    held.release()


def test_a_small_value_that_needs_much_escaping_goes_beside(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)

    fields = journal.keep("\1" * 9_000)

    assert fields["size"] == 54_002
    assert held.get(str(fields["artifact"])) == json.dumps("\1" * 9_000).encode()
    held.release()


def test_values_other_than_texts_are_kept_alike(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)
    big = {"items": ["☕" * 100] * 300}

    assert journal.keep([1, None]) == {"value": [1, None]}
    assert journal.value(journal.keep(big)) == big
    assert journal.value({"state": "skipped"}) is None
    held.release()


def test_a_missing_or_changed_artifact_is_named(tmp_path: Path) -> None:
    """Case 27: only the call that needs it runs again."""
    held, journal = begun(tmp_path)
    fields = journal.keep(["x" * 60_000])
    at = journal.append("ended", {"state": "ok", **fields})
    path = tmp_path / ".hocket/runs/r/artifacts" / str(fields["artifact"])

    path.write_bytes(path.read_bytes().replace(b"xx", b"xy", 1))
    with pytest.raises(ArtifactMissing, match=f"artifact {path.name} is missing or changed"):
        journal.value(journal.load(at).payload)
    path.unlink()
    with pytest.raises(ArtifactMissing):
        journal.value(journal.load(at).payload)
    with pytest.raises(ArtifactMissing):
        journal.value({"artifact": 7})
    held.release()


def test_fields_too_long_for_a_line_are_kept_beside_it_and_put_back(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)
    payload = {
        "call": 2,
        "key": KEY,
        "occ": 0,
        "canonical": {"prompt": "p" * 100_000},
        "label": "l",
    }

    at = journal.append("started", payload)

    assert at.length < MAX_LINE
    assert journal.load(at).payload == payload
    assert recovery.look(held.journal()).number_of(KEY, 0) == 2
    held.release()


def test_a_spilled_field_that_is_gone_is_named(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)
    at = journal.append("ended", {"partial": "p" * 100_000})
    for path in (tmp_path / ".hocket/runs/r/artifacts").iterdir():
        path.unlink()

    with pytest.raises(ArtifactMissing):
        journal.load(at)
    held.release()


def test_a_record_that_changed_on_disk_is_never_given(tmp_path: Path) -> None:
    held, journal = begun(tmp_path)
    at = journal.append("ended", {"value": "right"})
    path = tmp_path / ".hocket/runs/r/journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"right", b"wrong"))

    with pytest.raises(StorageLost, match=f"the record at byte {at.offset} is not what was"):
        journal.load(at)
    held.release()


@pytest.mark.parametrize("error", [ENOSPC, EIO])
def test_after_a_failed_write_nothing_is_written_any_more(tmp_path: Path, error: int) -> None:
    """Case 15: the disk is full; what failed is raised again by every append."""
    disk = CountingDisk()
    held, journal = begun(tmp_path, disk=disk)
    disk.fails = OSError(error, os.strerror(error))
    size = len(held.journal())

    with pytest.raises(StorageFull, match=os.strerror(error)) as first:
        journal.append("ended", {})
    disk.fails, writes = None, disk.writes
    for _ in range(3):
        with pytest.raises(StorageFull) as again:
            journal.append("ended", {})
        assert again.value is first.value
    with pytest.raises(StorageFull):
        journal.keep("x" * 60_000)
    run(journal.close())

    assert journal.failure is first.value
    assert disk.writes == writes
    assert len(held.journal()) == size
    held.release()


def test_a_value_that_cannot_be_kept_ends_the_journal(tmp_path: Path) -> None:
    disk = CountingDisk()
    held, journal = begun(tmp_path, disk=disk)
    disk.fails = OSError(ENOSPC, os.strerror(ENOSPC))

    with pytest.raises(StorageFull):
        journal.keep("x" * 60_000)
    disk.fails = None
    with pytest.raises(StorageFull):
        journal.append("ended", {})
    held.release()


def test_three_records_are_three_writes_and_one_sync(tmp_path: Path) -> None:
    disk = CountingDisk()

    async def story() -> tuple[int, int]:
        held, journal = begun(tmp_path, disk=disk)
        await journal.close()
        writes, syncs = disk.writes, disk.syncs
        journal = Journal(held, JumpingClock(), past=recovery.open(held))
        async with asyncio.TaskGroup() as group:
            loop = group.create_task(journal.sync_loop())
            for kind in ("started", "usage", "ended"):
                journal.append(kind, {})
            await journal.durable()
            await JumpingClock().sleep(1)
            await JumpingClock().sleep(3600)
            loop.cancel()
        counts = disk.writes - writes, disk.syncs - syncs
        held.release()
        return counts

    assert run(story()) == (3, 1)


def test_records_say_how_much_is_known_to_be_on_disk(tmp_path: Path) -> None:
    async def story() -> list[int]:
        held, journal = begun(tmp_path, sync_each=True)
        for _ in range(3):
            journal.append("ended", {})
            await journal.durable()
        at = journal.append("ended", {})
        known = [json.loads(line)["d"] for line in held.journal().splitlines()]
        assert known[-1] == at.offset
        held.release()
        return known

    known = run(story())

    assert known == sorted(known)
    assert known[0] == known[1] == 0 < known[2]


def test_by_default_nobody_waits_for_the_disk(tmp_path: Path) -> None:
    disk = CountingDisk()
    held, journal = begun(tmp_path, disk=disk)
    syncs = disk.syncs

    run(journal.durable())

    assert disk.syncs == syncs
    held.release()


def test_a_failed_sync_reaches_waiters_and_the_next_append_and_is_the_last(tmp_path: Path) -> None:
    """Case 17: EIO on sync; the kernel would report success the second time."""
    disk = CountingDisk()

    async def story() -> int:
        held, journal = begun(tmp_path, sync_each=True, disk=disk)
        disk.fails, syncs = OSError(EIO, os.strerror(EIO)), disk.syncs
        with pytest.raises(StorageFull, match="Input/output error"):
            await journal.durable()
        disk.fails = None
        for _ in range(3):
            with pytest.raises(StorageFull):
                await journal.durable()
        with pytest.raises(StorageFull):
            journal.append("ended", {})
        await journal.close()
        count = disk.syncs - syncs
        held.release()
        return count

    assert run(story()) == 1


def test_closing_syncs_what_is_left_and_ends_the_journal(tmp_path: Path) -> None:
    disk = CountingDisk()
    held, journal = begun(tmp_path, disk=disk)
    syncs = disk.syncs

    run(journal.close())

    assert disk.syncs == syncs + 1
    with pytest.raises(StorageLost, match="closed"):
        journal.append("ended", {})
    held.release()


def test_closing_says_when_the_last_sync_fails(tmp_path: Path) -> None:
    disk = CountingDisk()
    held, journal = begun(tmp_path, disk=disk)
    disk.fails = OSError(EIO, os.strerror(EIO))

    with pytest.raises(StorageFull):
        run(journal.close())
    held.release()


def test_a_journal_needs_only_the_size_and_number_of_its_past(tmp_path: Path) -> None:
    held = FilesStore(tmp_path).create("r")
    past = Past()
    journal = Journal(held, JumpingClock(), past=past)

    assert journal.append("header", HEADER) == Position(0, 0, len(held.journal()))
    assert journal.failure is None
    held.release()
