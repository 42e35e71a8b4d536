"""Opening a journal after anything can have happened to its bytes: FAULTS.md §3.4."""

from __future__ import annotations

import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.scripts import Spent
from hocket.errors import JournalDamaged, StructureError
from hocket.journal import recovery
from hocket.journal.log import ArtifactMissing, Journal
from hocket.journal.records import frame, parse
from hocket.testing.clock import JumpingClock, run
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore

HEADER = {"v": 1, "min_reader": 1, "kv": 1, "run": "r", "hocket": "0.1.0"}
FIXTURES = Path(__file__).parent.parent / "data" / "journals"
RESERVED = {"output": 1000, "micros": 10}
USAGE = {"output": 100, "micros": 1}


def key(call: int) -> str:
    return sha256(str(call).encode()).hexdigest()


def started(call: int) -> dict[str, object]:
    return {"call": call, "key": key(call), "occ": 0, "reserved": RESERVED, "effects": True}


def ended(call: int) -> dict[str, object]:
    return {
        "call": call, "op": "agent", "key": key(call), "occ": 0, "state": "ok",
        "value": f"answer {call}", "usage": USAGE,
    }  # fmt: skip


def written(calls: int = 4, *, synced_after: int | None = 2) -> bytes:
    """Give a journal of calls with three records each; `d` rises after one of them."""
    lines = [frame(0, 1, "header", 0, 0, HEADER)]
    durable = 0
    for call in range(1, calls + 1):
        for kind, payload in (
            ("started", started(call)),
            ("usage", {"call": call, **USAGE}),
            ("ended", ended(call)),
        ):
            lines.append(frame(len(lines), 1, kind, 0, durable, payload))
        if call == synced_after:
            durable = sum(map(len, lines))
    return b"".join(lines)


class Quick(Disk):
    """The machine's disk without waiting for it: thousands of runs, and no power cut."""

    def sync(self, fd: int) -> None:
        """Believe it."""

    def sync_folder(self, fd: int) -> None:
        """Believe it."""


def kept(project: Path, journal: bytes) -> FilesStore:
    """Put a journal into a run's folder as a life before would have left it."""
    store = FilesStore(project, Quick())
    store.create("r").release()
    (project / ".hocket/runs/r/journal.jsonl").write_bytes(journal)
    return store


def answers(store: FilesStore, calls: int = 9) -> dict[int, object]:
    """Open the run and give every committed answer by its call."""
    held = store.hold("r")
    try:
        past = recovery.open(held)
        journal = Journal(held, JumpingClock(), past=past)
        found = {call: past.find(key(call), 0) for call in range(1, calls + 1)}
        return {
            call: journal.value(journal.load(at).payload)
            for call, at in found.items()
            if at is not None
        }
    finally:
        held.release()


def bytes_of(project: Path) -> bytes:
    return (project / ".hocket/runs/r/journal.jsonl").read_bytes()


def test_a_whole_journal_is_read_and_left_alone(tmp_path: Path) -> None:
    store = kept(tmp_path, written())

    assert answers(store) == {call: f"answer {call}" for call in (1, 2, 3, 4)}
    assert bytes_of(tmp_path) == written()


@pytest.mark.parametrize("journal", [b"", b"{", written(0)[:-1], b"\0" * 50])
def test_an_empty_journal_or_a_torn_header_is_a_new_run(tmp_path: Path, journal: bytes) -> None:
    """Case 25."""
    store = kept(tmp_path, journal)

    held = store.hold("r")
    past = recovery.open(held)

    assert (past.next_record, past.size, past.header) == (0, 0, {})
    assert held.journal() == b""
    assert store.runs() == ["r"]
    held.release()


def test_a_header_alone_is_a_new_run(tmp_path: Path) -> None:
    """Case 25."""
    held = kept(tmp_path, written(0)).hold("r")

    past = recovery.open(held)

    assert (past.next_record, past.header, past.notes) == (1, HEADER, [])
    held.release()


@pytest.mark.parametrize(
    "journal",
    [b"hello\n", b"\n", frame(0, 1, "closed", 0, 0, {}), frame(1, 1, "header", 0, 0, HEADER)],
)
def test_what_is_not_a_journal_is_refused_and_left_alone(tmp_path: Path, journal: bytes) -> None:
    held = kept(tmp_path, journal).hold("r")

    for salvage in (False, True):
        with pytest.raises(JournalDamaged, match="this is not a journal"):
            recovery.open(held, salvage=salvage)

    assert bytes_of(tmp_path) == journal
    held.release()


@pytest.mark.parametrize("reader", [2, "one", None])
def test_a_newer_journal_is_refused_and_left_alone(tmp_path: Path, reader: object) -> None:
    """Case 24."""
    journal = frame(0, 1, "header", 0, 0, {"min_reader": reader, "hocket": "9.0"}) + b"torn"
    held = kept(tmp_path, journal).hold("r")

    with pytest.raises(StructureError, match=rf"format {reader} \(written by hocket 9.0\)"):
        recovery.open(held)

    assert bytes_of(tmp_path) == journal
    held.release()


def test_a_record_that_must_be_understood_is_refused(tmp_path: Path) -> None:
    journal = written(1) + frame(4, 1, "dreamt", 0, 0, {"must": True})
    held = kept(tmp_path, journal).hold("r")

    with pytest.raises(StructureError, match="newer version"):
        recovery.open(held)

    assert bytes_of(tmp_path) == journal
    held.release()


def test_the_tail_is_cut_wherever_the_last_three_records_are_torn(tmp_path: Path) -> None:
    """Cases 9 and 13: one call is repeated at most, and no torn value is taken."""
    journal = written()
    begin = sum(map(len, journal.splitlines(keepends=True)[:-3]))
    whole = {len(journal) - n for n in (0,)}

    for size in range(begin, len(journal) + 1):
        project = tmp_path / str(size)
        project.mkdir()
        store = kept(project, journal[:size])
        found = answers(store)
        lines = bytes_of(project).splitlines(keepends=True)

        assert found == {n: f"answer {n}" for n in (1, 2, 3, 4) if n < 4 or size in whole}
        assert journal.startswith(b"".join(lines))
        assert all(parse(line) for line in lines)


@pytest.mark.parametrize("tail", ["lost", "zeroed", "torn"])
def test_power_loss_takes_only_what_was_not_synced(tmp_path: Path, tail: str) -> None:
    """Case 9: at every offset after the last `d`."""
    journal = written()
    synced = max(record.durable for record in map(parse, journal.splitlines()) if record)

    for offset in range(synced, len(journal), 7):
        project = tmp_path / str(offset)
        project.mkdir()
        rest = {
            "lost": b"",
            "zeroed": bytes(len(journal) - offset),
            "torn": bytes(40) + journal[offset + 40 :],
        }[tail]
        found = answers(kept(project, journal[:offset] + rest))
        assert found == {call: f"answer {call}" for call in (1, 2, 3, 4) if call in found}
        assert {1, 2} <= found.keys()


def test_a_cut_is_kept_noted_and_charged(tmp_path: Path) -> None:
    journal = written(1) + frame(4, 1, "started", 0, 0, started(2)) + b'{"crc":"torn\n'
    lost = frame(6, 1, "started", 0, 0, started(3)) + frame(
        7, 1, "usage", 0, 0, {"call": 3, **USAGE}
    )
    held = kept(tmp_path, journal + lost).hold("r")
    offset = len(journal) - len(b'{"crc":"torn\n')

    past = recovery.open(held)

    (note,) = past.notes
    assert note == (
        f"Cut a torn tail of {len(lost) + 13} bytes at byte {offset} (record 5); "
        "it is kept as journal.cut-2."
    )
    assert past.findings == {
        "cut": {
            "offset": offset,
            "bytes": len(lost) + 13,
            "charged": {"tokens": 1100, "micros": 11},
        }
    }
    assert held.read("journal.cut-2") == b'{"crc":"torn\n' + lost
    assert past.spent == Spent(100 + 1000 + 1100, 1 + 10 + 11)
    assert [call.number for call in past.unfinished] == [2, 3]
    held.release()


def test_what_was_cut_stays_charged_once_it_is_written_down(tmp_path: Path) -> None:
    store = kept(tmp_path, written(1) + b"torn" + frame(5, 1, "started", 0, 0, started(2)))
    spent = []

    for _ in range(3):
        held = store.hold("r")
        past = recovery.open(held)
        spent.append(past.spent)
        journal = Journal(held, JumpingClock(), past=past)
        journal.append("opened", {"pid": 1, **past.findings})
        held.release()

    assert spent == [Spent(1100, 11)] * 3


def test_a_kill_between_the_cut_and_its_note_charges_all_the_same(tmp_path: Path) -> None:
    """Case 12: opening again, however often, gives the same records and the same spend."""
    store = kept(tmp_path, written(1) + b"torn" + frame(5, 1, "started", 0, 0, started(2)))
    seen = []

    for _ in range(3):
        held = store.hold("r")
        past = recovery.open(held)
        seen.append((past.spent, held.journal(), past.next_record))
        held.release()

    assert seen == [(Spent(1100, 11), written(1), 4)] * 3


def test_an_epoch_from_nowhere_does_not_make_opening_slow(tmp_path: Path) -> None:
    store = kept(tmp_path, written(1))
    (tmp_path / ".hocket/runs/r/lock").write_text('{"epoch": 4000000000}')

    held = store.hold("r")

    assert held.epoch == 4_000_000_001
    assert recovery.open(held).spent == Spent(100, 1)
    held.release()


def test_damage_below_the_synced_size_is_refused_with_its_place(tmp_path: Path) -> None:
    """Case 14."""
    journal = bytearray(written())
    lines = bytes(journal).splitlines(keepends=True)
    offset = sum(map(len, lines[:3]))
    journal[offset + 60] ^= 1
    held = kept(tmp_path, bytes(journal)).hold("r")

    with pytest.raises(JournalDamaged) as refused:
        recovery.open(held)

    assert f"byte {offset} (record 3) is damaged" in refused.value.message
    assert "hocket resume --salvage r" in refused.value.hint
    assert bytes_of(tmp_path) == bytes(journal)
    held.release()


def test_each_flipped_byte_of_a_synced_record_costs_that_call_only(tmp_path: Path) -> None:
    """Case 14: refused, then salvaged; never another value."""
    journal = written()
    lines = journal.splitlines(keepends=True)
    begin = sum(map(len, lines[:3]))

    for at in range(begin, begin + len(lines[3])):
        project = tmp_path / str(at)
        project.mkdir()
        flipped = bytearray(journal)
        flipped[at] ^= 0x15
        store = kept(project, bytes(flipped))
        with pytest.raises(JournalDamaged):
            answers(store)
        held = store.hold("r")
        past = recovery.open(held, salvage=True)
        assert (
            past.findings == {"salvaged": {"records": 12, "lost": 1}}
            or at == begin + len(lines[3]) - 1
        )
        assert held.read(f"journal.damaged-{held.epoch}") == bytes(flipped)
        assert past.size == past.durable == len(held.journal())
        held.release()
        found = answers(store)
        assert found == {n: f"answer {n}" for n in (1, 2, 3, 4) if n in found}
        assert {2, 3, 4} <= found.keys()


def test_a_lost_record_is_charged_the_largest_reservation_for_good(tmp_path: Path) -> None:
    journal = written().splitlines(keepends=True)
    store = kept(tmp_path, b"".join([*journal[:4], *journal[5:]]))
    before = recovery.look(written()).spent
    spent = []

    for salvage in (True, False, False):
        held = store.hold("r")
        past = recovery.open(held, salvage=salvage)
        spent.append(past.spent)
        Journal(held, JumpingClock(), past=past).append("opened", dict(past.findings))
        held.release()

    assert spent == [Spent(before.tokens + 1000, before.cost_micros + 10)] * 3
    kinds = [json.loads(line)["t"] for line in bytes_of(tmp_path).splitlines()]
    assert kinds[4] == "lost"
    assert kinds.count("lost") == 1


def test_salvage_puts_swapped_records_in_order_and_drops_strangers(tmp_path: Path) -> None:
    lines = written().splitlines(keepends=True)
    stranger = frame(10**9, 7, "ended", 0, 0, ended(9))
    from_before = frame(13, 0, "ended", 0, 0, ended(8))
    mixed = [lines[0], lines[2], lines[1], lines[1], *lines[3:], stranger, from_before]
    store = kept(tmp_path, b"".join(mixed))

    held = store.hold("r")
    past = recovery.open(held, salvage=True)
    held.release()

    assert past.findings == {"salvaged": {"records": 13, "lost": 0}}
    assert answers(store) == {call: f"answer {call}" for call in (1, 2, 3, 4)}


def test_salvage_leaves_a_whole_journal_and_a_torn_one_as_opening_does(tmp_path: Path) -> None:
    store = kept(tmp_path, written() + b"torn")

    held = store.hold("r")
    past = recovery.open(held, salvage=True)

    assert held.journal() == written()
    assert past.findings == {"cut": {"offset": len(written()), "bytes": 4}}
    held.release()


def test_a_growing_journal_is_read_as_far_as_it_is_whole() -> None:
    assert recovery.look(written()[:-5]).replayable == 3
    assert recovery.look(b"").next_record == 0
    with pytest.raises(JournalDamaged):
        recovery.look(b"hello\n")


class Killed(BaseException):
    """The process is gone: nothing after this point ran."""


class KilledAt(Quick):
    """A disk whose process dies at its nth write or sync, after some bytes of it."""

    def __init__(self, *, write: int = -1, sync: int = -1, share: float = 0.0) -> None:
        self.writes, self.syncs, self.share = write, sync, share

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self.writes -= 1
        if self.writes == -1:
            super().write(fd, content[: int(len(content) * self.share)])
            raise Killed
        return super().write(fd, content)

    def sync(self, fd: int) -> None:
        self.syncs -= 1
        if self.syncs == -1:
            raise Killed
        super().sync(fd)


def lived(project: Path, disk: KilledAt, calls: int = 12) -> list[int]:
    """Run one life of a journal and say which calls were delivered before it was killed."""
    held = FilesStore(project).create("r")
    held.release()
    held = FilesStore(project, disk).hold("r")
    delivered: list[int] = []
    try:
        journal = Journal(held, JumpingClock(), past=recovery.open(held))
        journal.append("header", HEADER)
        for call in range(1, calls + 1):
            journal.append("started", started(call))
            journal.append("usage", {"call": call, **USAGE})
            journal.append("ended", ended(call))
            if call % 3 == 0:
                held.sync()
            delivered.append(call)
    except Killed:
        pass
    finally:
        held.release()
    return delivered


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999, 1.0])
def test_after_a_kill_at_any_write_only_calls_without_a_result_run_again(
    tmp_path: Path, share: float
) -> None:
    """Case 1 and P2, at the journal: one more write is the lock's own."""
    for write in range(1, 38):
        project = tmp_path / str(write)
        project.mkdir()
        delivered = lived(project, KilledAt(write=write, share=share))
        found = answers(FilesStore(project), 12)

        assert set(delivered) <= found.keys()
        assert len(found) - len(delivered) <= (share == 1.0)
        assert found == {call: f"answer {call}" for call in found}


def test_after_a_kill_at_a_sync_or_before_a_delivery_nothing_is_lost(tmp_path: Path) -> None:
    """Case 2."""
    for sync in range(5):
        project = tmp_path / str(sync)
        project.mkdir()
        delivered = lived(project, KilledAt(sync=sync))

        assert len(answers(FilesStore(project), 12)) == min(12, len(delivered) + 1)


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "zero", "duplicate", "swap", "splice"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=4,
)
OTHER = b"".join(
    frame(n, 1, "ended", 0, 0, {**ended(n + 50), "value": "of another run"}) for n in range(3, 9)
)


def mutated(journal: bytes, mutations: list[tuple[str, int, int]]) -> bytes:
    """Do to the bytes what disks, kills and people do."""
    for kind, one, other in mutations:
        low, high = sorted((one % (len(journal) + 1), other % (len(journal) + 1)))
        lines = journal.splitlines(keepends=True) or [b""]
        first, second = one % len(lines), other % len(lines)
        if kind == "cut":
            journal = journal[:low]
        elif kind == "flip" and journal:
            at = low % len(journal)
            journal = journal[:at] + bytes([journal[at] ^ (1 << other % 8)]) + journal[at + 1 :]
        elif kind == "zero":
            journal = journal[:low] + bytes(high - low) + journal[high:]
        elif kind == "splice":
            journal = journal[:low] + OTHER + journal[low:]
        elif kind == "duplicate":
            journal = b"".join([*lines[: first + 1], lines[first], *lines[first + 1 :]])
        else:
            lines[first], lines[second] = lines[second], lines[first]
            journal = b"".join(lines)
    return journal


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations=MUTATIONS, synced=st.sampled_from([None, 1, 3]), salvage=st.booleans())
def test_whatever_happens_to_the_bytes_only_committed_values_come_out(
    mutations: list[tuple[str, int, int]], synced: int | None, *, salvage: bool
) -> None:
    """P4: and only the two named errors are raised."""
    project = Path(tempfile.mkdtemp())
    try:
        store = kept(project, mutated(written(synced_after=synced), mutations))
        held = store.hold("r")
        try:
            recovery.open(held, salvage=salvage)
        except StructureError:
            return
        finally:
            held.release()
        found = answers(store)
        assert found == {call: f"answer {call}" for call in found}
        lines = bytes_of(project).splitlines(keepends=True)
        records = [parse(line) for line in lines]
        assert [record.n for record in records if record] == list(range(len(lines)))
    finally:
        shutil.rmtree(project)


def folders() -> list[Path]:
    return sorted(path for path in FIXTURES.iterdir() if path.is_dir())


@pytest.mark.parametrize("fixture", folders(), ids=lambda path: path.name)
def test_journals_of_every_version_replay_without_a_call(fixture: Path, tmp_path: Path) -> None:
    """Case 24: for good."""
    store = kept(tmp_path, (fixture / "journal.jsonl").read_bytes())
    shutil.copytree(fixture / "artifacts", tmp_path / ".hocket/runs/r/artifacts")
    expected = json.loads((fixture / "expected.json").read_text())

    held = store.hold("r")
    past = recovery.open(held)
    journal = Journal(held, JumpingClock(), past=past)

    assert past.notes == []
    assert past.header == expected["header"]
    assert past.census == expected["census"]
    assert [call.number for call in past.unfinished] == expected["unfinished"]
    assert {"tokens": past.spent.tokens, "micros": past.spent.cost_micros} == expected["spent"]
    assert past.answers == expected["answers"]
    for call in expected["replayed"]:
        at = past.find(call["key"], call["occ"])
        assert at is not None
        value = journal.value(journal.load(at).payload)
        assert sha256(json.dumps(value).encode()).hexdigest() == call["value"]
    assert len(expected["replayed"]) == past.replayable
    held.release()


def test_a_changed_artifact_costs_its_own_call_only(tmp_path: Path) -> None:
    """Case 27."""
    held = FilesStore(tmp_path).create("r")
    journal = Journal(held, JumpingClock(), past=recovery.open(held))
    journal.append("header", HEADER)
    for call in (1, 2):
        kept_fields = journal.keep("x" * (60_000 + call))
        record = {**ended(call), **kept_fields}
        del record["value"]
        journal.append("ended", record)
    run(journal.close())
    held.release()
    digest = sha256(json.dumps("x" * 60_001).encode()).hexdigest()
    (tmp_path / ".hocket/runs/r/artifacts" / digest).write_bytes(b"changed")

    held = FilesStore(tmp_path).hold("r")
    past = recovery.open(held)
    journal = Journal(held, JumpingClock(), past=past)
    first, second = (past.find(key(call), 0) for call in (1, 2))

    assert first is not None
    assert second is not None
    with pytest.raises(ArtifactMissing):
        journal.value(journal.load(first).payload)
    assert journal.value(journal.load(second).payload) == "x" * 60_002
    held.release()
