"""The bytes of a run: looked at before each write, and never written again after a failure."""

from __future__ import annotations

import os
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hocket.errors import StorageFull, StorageLost
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.storage import HeldRun


class Failing(Disk):
    """A disk that fails, lies or stops short when told to, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.write_error: OSError | None = None
        self.sync_error: OSError | None = None
        self.short: int | None = None
        self.lies = False

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self.asked.append("write")
        if self.lies:
            return len(content)
        if self.short is not None:
            short, self.short = self.short, None
            return super().write(fd, content[:short])
        if self.write_error is not None:
            raise self.write_error
        return super().write(fd, content)

    def sync(self, fd: int) -> None:
        self.asked.append(f"sync {Path(f'/proc/self/fd/{fd}').readlink().name}")
        if self.sync_error is not None:
            raise self.sync_error
        super().sync(fd)

    def sync_folder(self, fd: int) -> None:
        self.asked.append(f"names {Path(f'/proc/self/fd/{fd}').readlink().name}")
        super().sync_folder(fd)


def run_of(project: Path) -> Path:
    return project / ".hocket/runs/r"


def journal_of(project: Path) -> bytes:
    return (run_of(project) / "journal.jsonl").read_bytes()


def error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def test_what_is_appended_is_on_disk_and_can_be_sliced(tmp_path: Path) -> None:
    held = FilesStore(tmp_path).create("r")

    held.append(b"one\n")
    held.append(b"two\n")

    assert journal_of(tmp_path) == held.journal() == b"one\ntwo\n"
    assert held.slice(4, 3) == b"two"
    with pytest.raises(StorageLost, match="shorter"):
        held.slice(4, 100)
    held.release()


@pytest.mark.parametrize("number", [ENOSPC, EDQUOT, EFBIG, EIO])
def test_a_failed_write_is_the_last_one(tmp_path: Path, number: int) -> None:
    """Cases 15 and 19: the file may end in a torn line, so nothing may follow it."""
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    held.append(b"one\n")
    disk.write_error, disk.short = error(number), 2

    with pytest.raises(StorageFull, match="cannot be written"):
        held.append(b"two\n")
    disk.write_error, disk.asked = None, []
    uses: list[Callable[[], None]] = [
        lambda: held.append(b"three\n"),
        lambda: held.put("a" * 64, b"x"),
        lambda: held.write("run.json", b"x"),
        lambda: held.cut(0),
        lambda: held.replace(b""),
        held.sync,
    ]
    for use in uses:
        with pytest.raises(StorageFull, match=os.strerror(number)):
            use()

    assert disk.asked == []
    assert journal_of(tmp_path) == b"one\ntw"
    held.release()
    held = FilesStore(tmp_path).hold("r")
    held.cut(4)
    held.append(b"two\n")
    assert journal_of(tmp_path) == b"one\ntwo\n"
    held.release()


@pytest.mark.parametrize("short", [0, 1, 3])
def test_a_short_write_is_continued(tmp_path: Path, short: int) -> None:
    """Case 19."""
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    disk.short = short

    held.append(b"one\n")
    held.append(b"two\n")

    assert journal_of(tmp_path) == b"one\ntwo\n"
    held.release()


def test_a_disk_that_writes_nothing_fails_instead_of_turning_for_ever(tmp_path: Path) -> None:
    class Nothing(Failing):
        def write(self, fd: int, content: bytes | memoryview) -> int:
            return 0 if self.lies else super().write(fd, content)

    disk = Nothing()
    held = FilesStore(tmp_path, disk).create("r")
    disk.lies = True

    with pytest.raises(StorageFull, match="Input/output error"):
        held.append(b"one\n")
    held.release()


def test_a_disk_that_lies_is_seen_at_the_next_append(tmp_path: Path) -> None:
    """Case 18: it said four bytes, and stored none."""
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    disk.lies = True
    held.append(b"one\n")
    disk.lies = False

    with pytest.raises(StorageLost, match="0 bytes long, not 4"):
        held.append(b"two\n")
    assert journal_of(tmp_path) == b""
    held.release()


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def replaced(path: Path) -> None:
    fresh = path.with_name("fresh")
    fresh.write_bytes(path.read_bytes())
    fresh.rename(path)


def truncated(path: Path) -> None:
    os.truncate(path, 1)


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"theirs\n")


def folder_moved(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize(
    "harm", [deleted, moved, replaced, truncated, appended, folder_moved, linked]
)
def test_a_journal_that_others_touched_is_seen_before_the_next_commit(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Case 23."""
    held = FilesStore(tmp_path).create("r")
    held.append(b"one\n")
    harm(run_of(tmp_path) / "journal.jsonl")
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.jsonl")}

    for _ in range(2):
        with pytest.raises(StorageLost, match="its journal is"):
            held.append(b"two\n")

    assert {path: path.read_bytes() for path in tmp_path.rglob("*.jsonl")} == files
    held.release()


def test_after_a_failed_sync_no_sync_is_asked_for_again(tmp_path: Path) -> None:
    """Case 17."""
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    held.append(b"one\n")
    disk.sync_error, disk.asked = error(EIO), []

    with pytest.raises(StorageFull):
        held.sync()
    disk.sync_error = None
    for _ in range(3):
        with pytest.raises(StorageFull):
            held.sync()
    with pytest.raises(StorageFull):
        held.append(b"two\n")

    assert disk.asked == ["sync journal.jsonl"]
    held.release()


def test_big_values_are_durable_before_the_journal_that_names_them(tmp_path: Path) -> None:
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    digest = sha256(b"big").hexdigest()
    held.put(digest, b"big")
    held.write("run.json", b"{}")
    held.append(b"line\n")
    disk.asked = []

    held.sync()
    held.sync()

    assert disk.asked == [
        f"sync {digest}", "names artifacts", "sync run.json", "names r",
        "sync journal.jsonl", "sync journal.jsonl",
    ]  # fmt: skip
    held.release()


def test_an_append_is_one_write_and_no_sync(tmp_path: Path) -> None:
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    disk.asked = []

    for _ in range(3):
        held.append(b"line\n")

    assert disk.asked == ["write"] * 3
    held.release()


def test_creation_makes_the_names_durable(tmp_path: Path) -> None:
    disk = Failing()

    FilesStore(tmp_path, disk).create("r").release()

    names = [asked for asked in disk.asked if asked.startswith("names")]
    assert names == [f"names {tmp_path.name}", "names .hocket", "names runs", "names r"]


def test_a_big_value_is_given_back_only_as_its_digest_says(tmp_path: Path) -> None:
    """Case 27."""
    held = FilesStore(tmp_path).create("r")
    digest = sha256(b"big").hexdigest()
    held.put(digest, b"big")
    path = run_of(tmp_path) / "artifacts" / digest

    assert held.get(digest) == b"big"
    path.write_bytes(b"bit")
    assert held.get(digest) is None
    held.put(digest, b"big")
    assert held.get(digest) == b"big"
    path.unlink()
    assert held.get(digest) is None
    held.sync()
    assert held.get("../../../secret") is None
    held.release()


def test_a_value_that_is_there_is_not_written_twice(tmp_path: Path) -> None:
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    digest = sha256(b"big").hexdigest()
    held.put(digest, b"big")
    disk.asked = []

    held.put(digest, b"big")

    assert disk.asked == []
    held.release()


@pytest.mark.parametrize("digest", ["", "abc", "../" + "a" * 61, "a" * 63 + "/"])
def test_a_digest_is_never_a_path(tmp_path: Path, digest: str) -> None:
    held = FilesStore(tmp_path).create("r")

    with pytest.raises(ValueError, match="is not a digest"):
        held.put(digest, b"x")
    held.release()


def test_the_disk_may_fill_up_with_a_big_value(tmp_path: Path) -> None:
    disk = Failing()
    held = FilesStore(tmp_path, disk).create("r")
    disk.write_error = error(ENOSPC)

    with pytest.raises(StorageFull, match="No space left"):
        held.put("a" * 64, b"x")
    assert held.get("a" * 64) is None
    held.release()


def test_files_are_replaced_as_a_whole(tmp_path: Path) -> None:
    """Case 26: a kill between writing and renaming leaves the old file, and the next works."""
    held = FilesStore(tmp_path).create("r")
    held.write("run.json", b"old")
    (run_of(tmp_path) / ".run.json.new").write_bytes(b"torn")

    assert held.read("run.json") == b"old"
    held.write("run.json", b"new")

    assert held.read("run.json") == b"new"
    assert held.read("missing.json") is None
    assert not (run_of(tmp_path) / ".run.json.new").exists()
    held.release()


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a//b", "", "a\0"])
def test_no_file_is_written_or_read_outside_the_run(tmp_path: Path, name: str) -> None:
    """Case 99."""
    held = FilesStore(tmp_path).create("r")

    with pytest.raises(ValueError, match="not a name inside"):
        held.write(name, b"x")
    with pytest.raises(ValueError, match="not a name inside"):
        held.read(name)
    held.release()


def test_a_cut_keeps_the_tail_and_a_replaced_journal_is_kept_whole(tmp_path: Path) -> None:
    held = FilesStore(tmp_path).create("r")
    held.append(b"one\n")
    held.append(b"two\n")

    held.cut(4)
    held.append(b"three\n")
    held.replace(b"ONE\n")
    held.append(b"TWO\n")

    assert held.read("journal.cut-1") == b"two\n"
    assert held.read("journal.damaged-1") == b"one\nthree\n"
    assert journal_of(tmp_path) == held.journal() == b"ONE\nTWO\n"
    held.release()


class StopsAt(Disk):
    """A disk that is gone from its nth step on, as a kill would have it."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise OSError(EIO, os.strerror(EIO))

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self._step()
        return super().write(fd, content)

    def sync(self, fd: int) -> None:
        self._step()
        super().sync(fd)

    def sync_folder(self, fd: int) -> None:
        self._step()
        super().sync_folder(fd)

    def rename(self, old: str, new: str, folder: int) -> None:
        self._step()
        super().rename(old, new, folder)

    def truncate(self, fd: int, size: int) -> None:
        self._step()
        super().truncate(fd, size)


@pytest.mark.parametrize("what", ["cut", "replace"])
def test_a_kill_inside_recovery_leaves_the_old_bytes_or_the_new(tmp_path: Path, what: str) -> None:
    """Case 12: and doing it again gives the same."""
    does: dict[str, Callable[[HeldRun], None]] = {
        "cut": lambda held: held.cut(4),
        "replace": lambda held: held.replace(b"new\n"),
    }
    old, new = b"one\ntorn", {"cut": b"one\n", "replace": b"new\n"}[what]
    seen: list[bytes] = []

    for steps in range(20):
        project = tmp_path / str(steps)
        project.mkdir()
        disk = StopsAt(99)
        held = FilesStore(project, disk).create("r")
        held.append(old)
        disk.steps = steps
        try:
            does[what](held)
        except StorageFull:
            seen.append(journal_of(project))
            held.release()
        else:
            held.release()
            break
        held = FilesStore(project).hold("r")
        does[what](held)
        assert held.journal() == new
        held.release()

    assert set(seen) == {old, new}
    assert seen == sorted(seen, key=lambda content: content == new)


@pytest.mark.parametrize("name", ["journal.jsonl", "lock"])
def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    """Case 98."""
    store = FilesStore(tmp_path)
    store.create("r").release()
    target = tmp_path / "target"
    target.write_bytes(b"untouched")
    (run_of(tmp_path) / name).unlink()
    (run_of(tmp_path) / name).symlink_to(target)

    for steal in (False, True):
        with pytest.raises(StorageLost, match="a link or a file lies where"):
            store.hold("r", steal=steal)

    assert target.read_bytes() == b"untouched"


def test_links_in_the_place_of_other_files_are_replaced_not_followed(tmp_path: Path) -> None:
    """Case 98: artifacts, summaries and transcripts."""
    held = FilesStore(tmp_path).create("r")
    target = tmp_path / "target"
    target.write_bytes(b"untouched")
    digest = sha256(b"big").hexdigest()
    run = run_of(tmp_path)
    (run / "artifacts").mkdir()
    for name in (f"artifacts/{digest}", "run.json", ".run.json.new", "journal.cut-1"):
        (run / name).symlink_to(target)

    assert held.get(digest) is None
    with pytest.raises(StorageLost):
        held.read("run.json")
    held.put(digest, b"big")
    held.write("run.json", b"{}")
    held.append(b"one\n")
    held.cut(0)

    assert target.read_bytes() == b"untouched"
    assert held.get(digest) == b"big"
    assert held.read("run.json") == b"{}"
    held.release()


@pytest.mark.parametrize("name", ["artifacts", "agents"])
def test_a_link_in_the_place_of_an_inner_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Case 98."""
    held = FilesStore(tmp_path).create("r")
    outside = tmp_path / "outside"
    outside.mkdir()
    (run_of(tmp_path) / name).symlink_to(outside)

    with pytest.raises(StorageLost, match="a link or a file lies where"):
        held.write(f"{name}/{'a' * 64}", b"x")

    assert list(outside.iterdir()) == []
    held.release()


@pytest.mark.parametrize("name", ["journal.jsonl", "lock"])
def test_a_pipe_in_the_place_of_a_file_blocks_nobody(tmp_path: Path, name: str) -> None:
    store = FilesStore(tmp_path)
    store.create("r").release()
    (run_of(tmp_path) / name).unlink()
    os.mkfifo(run_of(tmp_path) / name)

    with pytest.raises(StorageLost):
        store.hold("r")


def test_descriptors_are_not_handed_to_children(tmp_path: Path) -> None:
    before = {path.name for path in Path("/dev/fd").iterdir()}
    held = FilesStore(tmp_path).create("r")

    opened = {path.name for path in Path("/dev/fd").iterdir()} - before
    held_open = [int(fd) for fd in opened if Path("/dev/fd", fd).exists()]

    assert len(held_open) >= 3
    assert not any(os.get_inheritable(fd) for fd in held_open)
    held.release()
