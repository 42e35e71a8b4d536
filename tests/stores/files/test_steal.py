"""Taking a run from a holder that does not answer, among real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import IO, TYPE_CHECKING, Self

import pytest

from hocket.errors import RunHeld
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.folder import Folder
from hocket_plugins.stores.files.lock import attempt
from hocket_plugins.stores.files.process import start_of
from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import sys
from pathlib import Path
from hocket.errors import StorageLost
from hocket_plugins.stores.files import FilesStore
held = FilesStore(Path(sys.argv[1])).create("r")
held.append(b"one\\n")
print("held", flush=True)
for line in sys.stdin:
    try:
        held.append(line.encode())
    except StorageLost as lost:
        print("lost", lost.found, flush=True)
        break
    print("wrote", flush=True)
held.release()
print("gone", flush=True)
"""


def unmeasured() -> dict[str, str]:
    """Give the environment without coverage: a killed process would leave half a file of it."""
    return {name: value for name, value in os.environ.items() if "COVERAGE" not in name}


class Writer:
    """Another process that holds the run and writes what it is told."""

    def __init__(self, project: Path) -> None:
        command = [sys.executable, "-c", WRITER, str(project)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=unmeasured()
        )
        assert self.hear() == "held"

    def write(self, line: str) -> str:
        self._pipe(self.process.stdin).write(line)
        self._pipe(self.process.stdin).flush()
        return self.hear()

    def hear(self) -> str:
        return self._pipe(self.process.stdout).readline().rstrip("\n")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def __enter__(self) -> Self:
        """Use it for one story."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it for good."""
        self.process.kill()
        self.process.communicate(timeout=10)

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


def lock_of(project: Path) -> Path:
    return project / ".hocket/runs/r/lock"


def forge(project: Path, **fields: object) -> None:
    """Change what the lock file says, and leave the lock itself."""
    claim = json.loads(lock_of(project).read_text())
    with lock_of(project).open("r+") as file:
        file.truncate()
        file.write(json.dumps(claim | fields))


def test_a_run_that_nobody_holds_needs_no_theft(tmp_path: Path) -> None:
    FilesStore(tmp_path).create("r").release()

    held = FilesStore(tmp_path).hold("r", steal=True)

    assert held.epoch == 2
    held.release()


def test_a_stopped_holder_of_this_machine_is_killed(tmp_path: Path) -> None:
    """Case 69."""
    with Writer(tmp_path) as writer:
        writer.stop()

        held = FilesStore(tmp_path).hold("r", steal=True)

        assert writer.process.wait(timeout=10) == -signal.SIGKILL
        assert (held.epoch, held.journal()) == (2, b"one\n")
        held.append(b"two\n")
        held.release()


def test_a_holder_of_another_machine_is_fenced_off(tmp_path: Path) -> None:
    """Case 69 with a forged boot id: after CONT it commits nothing and leaves."""
    with Writer(tmp_path) as writer:
        forge(tmp_path, boot="another machine", host="far")
        writer.stop()

        held = FilesStore(tmp_path).hold("r", steal=True)
        held.append(b"two\n")
        writer.process.send_signal(signal.SIGCONT)

        assert writer.write("late\n").startswith("lost its journal is another file")
        assert writer.hear() == "gone"
        held.append(b"three\n")
        assert held.journal() == b"one\ntwo\nthree\n"
        assert held.epoch == 2
        with pytest.raises(RunHeld, match=f"held by pid {os.getpid()}"):
            FilesStore(tmp_path).hold("r")
        held.release()


def test_what_the_holder_appends_during_the_theft_is_taken_over(tmp_path: Path) -> None:
    class Meanwhile(Disk):
        """The holder commits one more line between the copy and the rename."""

        def rename(self, old: str, new: str, folder: int) -> None:
            if new == "journal.jsonl":
                assert writer.write("late\n") == "wrote"
            super().rename(old, new, folder)

    with Writer(tmp_path) as writer:
        forge(tmp_path, boot="another machine")

        held = FilesStore(tmp_path, Meanwhile()).hold("r", steal=True)

        assert held.journal() == b"one\nlate\n"
        held.append(b"two\n")
        held.release()


@pytest.mark.parametrize("same_moment", [True, False])
def test_a_process_that_only_has_the_holders_number_is_not_killed(
    tmp_path: Path, *, same_moment: bool
) -> None:
    with (
        Writer(tmp_path) as writer,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as sleeper,
    ):
        forge(tmp_path, pid=sleeper.pid, start=start_of(sleeper.pid) if same_moment else "1")

        FilesStore(tmp_path).hold("r", steal=True).release()

        assert sleeper.poll() is None
        assert writer.process.poll() is None
        sleeper.communicate(b"\n", timeout=10)
        assert sleeper.returncode == 0


def test_nobody_steals_from_himself(tmp_path: Path) -> None:
    held = FilesStore(tmp_path).create("r")

    with pytest.raises(RunHeld, match=f"held by pid {os.getpid()}"):
        FilesStore(tmp_path).hold("r", steal=True)

    held.append(b"one\n")
    held.release()


def test_a_second_stealer_is_told_of_the_first(tmp_path: Path) -> None:
    class Faster(Disk):
        """Another stealer is done while this one queues."""

        def lock(self, fd: int, *, shared: bool = False) -> None:
            if lock_of(tmp_path).with_name("lock.steal").exists() and not done:
                done.append(FilesStore(tmp_path).hold("r", steal=True))
            super().lock(fd, shared=shared)

    done: list[object] = []
    with Writer(tmp_path):
        forge(tmp_path, boot="another machine")
        with pytest.raises(RunHeld, match=f"held by pid {os.getpid()}"):
            FilesStore(tmp_path, Faster()).hold("r", steal=True)
    assert len(done) == 1


def test_a_stealer_that_hangs_holds_up_others_only_for_a_while(tmp_path: Path) -> None:
    disk = Disk()
    with Writer(tmp_path) as writer:
        folder = Folder.at(disk, lock_of(tmp_path).parent)
        queue = attempt(disk, folder, "lock.steal")
        assert queue is not None

        with pytest.raises(RunHeld, match=f"held by pid {writer.process.pid}"):
            FilesStore(tmp_path).hold("r", steal=True)

        assert writer.write("two\n") == "wrote"
        queue.drop()
        folder.close()


def test_a_theft_that_died_halfway_can_be_done_again(tmp_path: Path) -> None:
    """Case 12."""

    class Dies(Disk):
        """The stealer is gone before its nth rename."""

        def __init__(self, renames: int) -> None:
            self.renames = renames

        def rename(self, old: str, new: str, folder: int) -> None:
            self.renames -= 1
            if self.renames < 0:
                raise OSError(5, "gone")
            super().rename(old, new, folder)

    for renames in (0, 1):
        project = tmp_path / str(renames)
        project.mkdir()
        with Writer(project):
            forge(project, boot="another machine")
            with pytest.raises(Exception, match="cannot be written"):
                FilesStore(project, Dies(renames)).hold("r", steal=True)

            held = FilesStore(project).hold("r", steal=True)

            assert held.journal() == b"one\n"
            held.release()
