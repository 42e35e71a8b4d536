"""One writer per run, among real processes: held, raced for, left behind, forged."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from errno import EINVAL, EIO, ENOLCK, EOPNOTSUPP
from typing import IO, TYPE_CHECKING, Self
from zlib import crc32

import pytest

from hocket.errors import RunHeld, StorageFull
from hocket_plugins.stores.files import process
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from hocket.errors import RunHeld
from hocket_plugins.stores.files import FilesStore
store = FilesStore(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
try:
    held = store.hold("r")
except RunHeld as refused:
    print("refused", refused.message, flush=True)
else:
    print("held", held.epoch, flush=True)
    sys.stdin.readline()
    held.release()
    print("released", flush=True)
"""


def unmeasured() -> dict[str, str]:
    """Give the environment without coverage: a killed process would leave half a file of it."""
    return {name: value for name, value in os.environ.items() if "COVERAGE" not in name}


class Rival:
    """Another process that holds the run when told to."""

    def __init__(self, project: Path) -> None:
        command = [sys.executable, "-c", HOLDER, str(project)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=unmeasured()
        )
        assert self.hear() == "ready"

    @property
    def pid(self) -> int:
        return self.process.pid

    def say(self) -> None:
        self._pipe(self.process.stdin).write("go\n")
        self._pipe(self.process.stdin).flush()

    def hear(self) -> str:
        return self._pipe(self.process.stdout).readline().rstrip("\n")

    def hold(self) -> str:
        self.say()
        return self.hear()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)

    def __enter__(self) -> Self:
        """Use it for one story."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it for good."""
        self.end()

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


@pytest.fixture
def project(tmp_path: Path) -> Path:
    FilesStore(tmp_path).create("r").release()
    return tmp_path


def lock_of(project: Path) -> Path:
    return project / ".hocket/runs/r/lock"


def test_of_two_processes_that_resume_one_run_exactly_one_works(project: Path) -> None:
    """Case 67, 20 times: the other one names it."""
    for _ in range(20):
        with Rival(project) as one, Rival(project) as two:
            one.say()
            two.say()
            heard = {one.pid: one.hear(), two.pid: two.hear()}
            winner = [pid for pid, word in heard.items() if word.startswith("held")]
            loser = [word for word in heard.values() if word.startswith("refused")]
            assert len(winner) == len(loser) == 1, heard
            assert f"run r: held by pid {winner[0]} on " in loser[0]
    epoch = json.loads(lock_of(project).read_text())["epoch"]
    assert epoch == 21


def test_a_killed_holder_leaves_no_lock_behind(project: Path) -> None:
    """Case 68: the kernel frees the lock of the dead."""
    with Rival(project) as rival:
        assert rival.hold() == "held 2"
        with pytest.raises(RunHeld, match=f"held by pid {rival.pid}"):
            FilesStore(project).hold("r")
        os.kill(rival.pid, signal.SIGKILL)
        rival.process.wait(timeout=10)

        assert FilesStore(project).holder("r") is None
        held = FilesStore(project).hold("r")
    assert held.epoch == 3
    held.release()


def test_a_stopped_holder_is_said_to_be_stopped(project: Path) -> None:
    with Rival(project) as rival:
        rival.hold()
        os.kill(rival.pid, signal.SIGSTOP)
        os.waitpid(rival.pid, os.WUNTRACED)

        holder = FilesStore(project).holder("r")
        with pytest.raises(RunHeld, match=r"\(stopped\)"):
            FilesStore(project).hold("r")

        assert holder is not None
        assert (holder.pid, holder.stopped) == (rival.pid, True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"[1]",
        b'{"epoch": -5, "pid": -1}',
        b'{"epoch": "7", "pid": null}',
        b'{"epoch": 1e400}',
        b"[" * 100_000,
        b'{"epoch": %d}' % 10**30,
        pytest.param(
            json.dumps(
                {"epoch": 1, "pid": 1, "start": process.start_of(1), "boot": process.boot()}
            ).encode(),
            id="the first process",
        ),
        pytest.param(
            json.dumps(
                {"epoch": 1, "pid": os.getpid(), "start": "1", "boot": process.boot()}
            ).encode(),
            id="a number used again",
        ),
        json.dumps({"epoch": 1, "pid": 2**40, "boot": "elsewhere", "host": "far"}).encode(),
    ],
)
def test_a_lock_file_that_nobody_holds_is_taken_whatever_it_says(
    project: Path, content: bytes
) -> None:
    """Case 68: a dead holder, its number reused, forged content."""
    lock_of(project).write_bytes(content)

    held = FilesStore(project).hold("r")

    assert held.epoch in {1, 2}
    assert FilesStore(project).holder("r") is not None
    held.release()


def test_a_held_lock_that_says_nothing_is_still_held(project: Path) -> None:
    held = FilesStore(project).hold("r")
    lock_of(project).write_bytes(b"")

    with pytest.raises(RunHeld, match="a process that is just taking or leaving it"):
        FilesStore(project).hold("r")
    holder = FilesStore(project).holder("r")

    assert holder is not None
    assert holder.pid == 0
    held.release()


def test_a_holder_elsewhere_is_believed(project: Path) -> None:
    claim = {"epoch": 4, "pid": 812, "boot": "another", "host": "far", "since": 1_795_228_800_000}
    held = FilesStore(project).hold("r")
    lock_of(project).write_text(json.dumps(claim))

    with pytest.raises(RunHeld, match="held by pid 812 on far since"):
        FilesStore(project).hold("r")
    held.release()


@pytest.mark.parametrize("pid", [os.getpid(), 2**40], ids=["ours", "far too large"])
def test_a_machine_that_does_not_name_its_starts_is_asked_for_the_process(
    project: Path, pid: int
) -> None:
    held = FilesStore(project).hold("r")
    lock_of(project).write_text(json.dumps({"pid": pid, "host": os.uname().nodename}))

    with pytest.raises(RunHeld, match=f"held by pid {pid} on {os.uname().nodename} "):
        FilesStore(project).hold("r")
    held.release()


def sealed(epoch: int) -> bytes:
    body = b'"n":9,"e":%d,"t":"ended","at":1,"d":0}' % epoch
    return b'{"crc":"%08x",%b\n' % (crc32(body), body)


@pytest.mark.parametrize(
    ("lock", "journal", "epoch"),
    [
        (7, b"", 8),
        (7, sealed(3), 8),
        (7, sealed(30), 31),
        (0, sealed(5) + sealed(9) + sealed(11)[:-4], 10),
        (0, sealed(5) + b'{"crc":"00000000","n":1,"e":99,"t":"x"}\n', 6),
        (0, sealed(5) + b"x" * 300_000, 6),
        (0, b"not a journal", 1),
    ],
)
def test_the_epoch_is_larger_than_any_before(
    project: Path, lock: int, journal: bytes, epoch: int
) -> None:
    lock_of(project).write_text(json.dumps({"epoch": lock}))
    lock_of(project).with_name("journal.jsonl").write_bytes(journal)

    held = FilesStore(project).hold("r")

    assert held.epoch == epoch
    held.release()


def test_a_copied_folder_without_its_lock_goes_on_in_the_next_epoch(project: Path) -> None:
    """Case 76."""
    lock_of(project).with_name("journal.jsonl").write_bytes(sealed(4))
    lock_of(project).unlink()

    held = FilesStore(project).hold("r")

    assert held.epoch == 5
    held.release()


class Lockless(Disk):
    """A disk without locks, or on another machine."""

    def __init__(self, error: int = 0, kind: str = "") -> None:
        self.error, self.kind = error, kind

    def lock(self, fd: int, *, shared: bool = False) -> None:
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        super().lock(fd, shared=shared)

    def file_system(self, fd: int) -> str:
        return self.kind or super().file_system(fd)


@pytest.mark.parametrize("error", [ENOLCK, EOPNOTSUPP, EINVAL])
def test_a_file_system_without_locks_is_refused_with_advice(tmp_path: Path, error: int) -> None:
    """Case 29."""
    with pytest.raises(StorageFull, match="it cannot lock files") as refused:
        FilesStore(tmp_path, Lockless(error)).create("r")
    assert 'store = "postgres"' in refused.value.hint


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs"])
def test_a_network_file_system_is_refused_with_advice(tmp_path: Path, kind: str) -> None:
    """Case 29."""
    with pytest.raises(StorageFull, match=f"network file system \\({kind}\\)"):
        FilesStore(tmp_path, Lockless(kind=kind)).create("r")


def test_other_troubles_with_a_lock_are_troubles_of_the_disk(project: Path) -> None:
    with pytest.raises(StorageFull, match="cannot be written"):
        FilesStore(project, Lockless(EIO)).hold("r")


def test_a_lock_file_that_was_replaced_while_it_was_locked_does_not_count(project: Path) -> None:
    class Racing(Disk):
        """Somebody puts another lock file in place between our open and our lock."""

        races = 0

        def lock(self, fd: int, *, shared: bool = False) -> None:
            if self.races < 2:
                self.races += 1
                lock_of(project).unlink()
                if self.races == 2:
                    lock_of(project).touch()
            super().lock(fd, shared=shared)

    held = FilesStore(project, Racing()).hold("r")

    with pytest.raises(RunHeld):
        FilesStore(project).hold("r")
    held.release()


def test_the_lock_is_a_real_one_that_other_programs_see(project: Path) -> None:
    held = FilesStore(project).hold("r")

    with lock_of(project).open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    held.release()
    with lock_of(project).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert json.loads(lock_of(project).read_text())["pid"] == 0
