"""The shelf of runs: made, found, listed, held by one, removed; nothing outside is touched."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from errno import EACCES, EROFS
from pathlib import Path

import pytest

from hocket.api.settings import PluginSettings
from hocket.errors import RunHeld, StorageFull, StorageLost, UsageError
from hocket_plugins.stores import files
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore


def header(at: int) -> bytes:
    return b'{"crc":"00000000","n":0,"e":1,"t":"header","at":%d,"d":0}\n' % at


def modes(top: Path) -> set[tuple[str, int]]:
    found = [top, *top.rglob("*")]
    kinds = {True: "folder", False: "file"}
    return {(kinds[path.is_dir()], stat.S_IMODE(path.lstat().st_mode)) for path in found}


@pytest.mark.parametrize(
    ("choices", "ours"), [({}, True), ({"store": "files"}, True), ({"store": "postgres"}, False)]
)
def test_hook_choose_store_answers_unless_another_store_is_wanted(
    tmp_path: Path, choices: dict[str, str], *, ours: bool
) -> None:
    store = files.hocket_choose_store(PluginSettings(tmp_path, choices=choices))

    assert isinstance(store, FilesStore) == ours


def test_a_run_is_made_held_given_back_and_held_again(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)

    held = store.create("4f2a")
    assert (held.epoch, held.journal()) == (1, b"")
    assert store.holder("4f2a") is not None
    held.append(b"line\n")
    held.release()
    assert store.holder("4f2a") is None
    held = store.hold("4f2a")

    assert (held.epoch, held.journal()) == (2, b"line\n")
    assert store.path("4f2a") == str(tmp_path / ".hocket/runs/4f2a")
    assert (tmp_path / ".hocket/runs/.gitignore").read_text() == "*\n"
    held.release()


def test_a_name_is_given_once(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create("r").release()

    with pytest.raises(RunHeld, match="the name is taken"):
        store.create("r")


@pytest.mark.parametrize("name", ["", ".", "..", "../r", "a/b", ".gitignore", "a\0b"])
def test_a_name_never_leads_out_of_the_shelf(tmp_path: Path, name: str) -> None:
    """Case 99, as far as names of runs go."""
    store = FilesStore(tmp_path)

    for use in (store.create, store.hold, store.holder, store.remove):
        with pytest.raises(UsageError, match="no name of a run"):
            use(name)
    with pytest.raises(UsageError):
        store.peek(name, "run.json")


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)

    for use in (store.hold, store.holder, store.remove):
        with pytest.raises(UsageError, match="run 4f2a: there is no such run here"):
            use("4f2a")
    assert store.peek("4f2a", "run.json") is None
    assert store.runs() == []


def test_the_second_to_hold_a_run_is_told_who_has_it(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    held = store.create("4f2a")

    with pytest.raises(RunHeld) as refused:
        store.hold("4f2a")

    holder = store.holder("4f2a")
    assert holder is not None
    assert (holder.pid, holder.epoch, holder.stopped) == (os.getpid(), 1, False)
    assert refused.value.message.startswith(
        f"run 4f2a: held by pid {os.getpid()} on {holder.host} since "
    )
    assert "(running)" in refused.value.message
    assert "--steal 4f2a" in refused.value.hint
    held.release()


def test_a_live_run_can_be_looked_into(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    held = store.create("r")
    held.append(b"one\n")
    held.write("run.json", b"{}")
    held.write("agents/0001.jsonl", b"[]")

    assert store.peek("r", "journal.jsonl") == b"one\n"
    assert store.peek("r", "run.json") == b"{}"
    assert store.peek("r", "agents/0001.jsonl") == b"[]"
    assert store.peek("r", "agents/0002.jsonl") is None
    assert store.peek("r", "nowhere/0002.jsonl") is None
    held.release()


def test_runs_are_listed_the_newest_first(tmp_path: Path) -> None:
    """Case 25: a run with an empty journal is listed like any other."""
    store = FilesStore(tmp_path)
    for name, line in (
        ("old", header(1000)),
        ("new", header(3000)),
        ("mid", header(2000)),
        ("empty", b""),
    ):
        held = store.create(name)
        held.append(line)
        held.release()
    shelf = tmp_path / ".hocket/runs"
    (shelf / "no-run").mkdir()
    (shelf / "note.txt").write_text("mine")
    (shelf / "linked").symlink_to(shelf / "old")

    assert store.runs() == ["empty", "new", "mid", "old"]


def test_a_removed_run_is_gone_and_links_in_it_lead_nowhere(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create("r").release()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (tmp_path / ".hocket/runs/r/link").symlink_to(outside)
    (tmp_path / ".hocket/runs/.removed-earlier").mkdir()

    store.remove("r")

    assert store.runs() == []
    assert sorted(path.name for path in (tmp_path / ".hocket/runs").iterdir()) == [".gitignore"]
    assert (outside / "kept").read_text() == "kept"


def test_a_held_run_is_not_removed(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    held = store.create("r")

    with pytest.raises(RunHeld):
        store.remove("r")

    assert store.runs() == ["r"]
    held.append(b"still writable\n")
    held.release()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_files_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """Case 97, in a process of its own: the umask is the process's."""
    work = f"""
import os
from pathlib import Path
os.umask({umask})
from hocket_plugins.stores.files import FilesStore
store = FilesStore(Path({str(tmp_path)!r}))
held = store.create("r")
held.append(b"a\\n")
held.put("a" * 64, b"value")
held.write("run.json", b"1")
held.write("agents/0001.jsonl", b"1")
held.cut(0)
held.replace(b"b\\n")
held.sync()
held.release()
store.hold("r", steal=True).release()
"""
    env = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    subprocess.run([sys.executable, "-c", work], env=env, check=True, timeout=30)

    assert modes(tmp_path / ".hocket") == {("folder", 0o700), ("file", 0o600)}


def test_modes_that_were_loosened_are_tightened(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create("r").release()
    run = tmp_path / ".hocket/runs/r"
    run.chmod(0o755)
    (run / "journal.jsonl").chmod(0o644)
    run.parent.chmod(0o755)

    store.hold("r").release()
    store.create("s").release()

    assert modes(tmp_path / ".hocket/runs") == {("folder", 0o700), ("file", 0o600)}


@pytest.mark.parametrize("place", [".hocket", ".hocket/runs", ".hocket/runs/r"])
def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path, place: str) -> None:
    """Case 98."""
    project, outside = tmp_path / "project", tmp_path / "outside"
    (outside / "runs" / "r").mkdir(parents=True)
    target = {
        ".hocket": outside,
        ".hocket/runs": outside / "runs",
        ".hocket/runs/r": outside / "runs/r",
    }
    (project / place).parent.mkdir(parents=True)
    (project / place).symlink_to(target[place])
    store = FilesStore(project)

    for use in (store.hold, store.remove):
        with pytest.raises(StorageLost, match="a link or a file lies where"):
            use("r")
    with pytest.raises((StorageLost, RunHeld)):
        store.create("r")

    assert [path.name for path in outside.rglob("*")] == ["runs", "r"]


class ReadOnly(Disk):
    """A disk that cannot be written."""

    def __init__(self, error: int) -> None:
        self.error = error

    def open(self, name: str | Path, flags: int, folder: int | None = None) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(self.error, os.strerror(self.error))
        return super().open(name, flags, folder)


@pytest.mark.parametrize("error", [EROFS, EACCES])
def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path, error: int) -> None:
    """Case 20: before anything can be spent."""
    with pytest.raises(StorageFull, match=f"cannot be written \\({os.strerror(error)}\\)"):
        FilesStore(tmp_path, ReadOnly(error)).create("r")


def test_a_project_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    """Case 20: a missing parent."""
    with pytest.raises(StorageLost, match="gone"):
        FilesStore(tmp_path / "missing").create("r")
    assert not (tmp_path / "missing").exists()


def test_a_long_strange_project_path_works(tmp_path: Path) -> None:
    """Case 91."""
    project = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + b"long name " * 20 + b"\xff"))
    project.mkdir()

    held = FilesStore(project).create("r")
    held.append(b"line\n")

    assert FilesStore(project).peek("r", "journal.jsonl") == b"line\n"
    held.release()


def test_a_relative_project_stays_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    held = FilesStore(Path()).create("r")
    monkeypatch.chdir("/")

    held.append(b"line\n")

    assert (tmp_path / ".hocket/runs/r/journal.jsonl").read_bytes() == b"line\n"
    held.release()


def test_nothing_stays_open_after_many_runs(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create("first").release()
    before = len(list(Path("/dev/fd").iterdir()))

    for n in range(50):
        held = store.create(str(n))
        with pytest.raises(RunHeld):
            store.hold(str(n))
        held.release()
        store.holder(str(n))
        store.remove(str(n))
    store.runs()

    assert len(list(Path("/dev/fd").iterdir())) == before
