"""The shelf of all runs of a project: `.hocket/runs`."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

from hocket.errors import RunHeld, UsageError
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.folder import Folder
from hocket_plugins.stores.files.held import FilesRun
from hocket_plugins.stores.files.lock import LOCK, find_holder, take
from hocket_plugins.stores.files.marks import born_ms, last_epoch
from hocket_plugins.stores.files.steal import JOURNAL
from hocket_plugins.stores.files.steal import steal as steal_from_holder
from hocket_plugins.stores.files.trouble import told_as

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.storage import HeldRun, Holder

_PLACE = (".hocket", "runs")
_REMOVED = ".removed-"


class FilesStore:
    """Keeps each run in a folder of its own."""

    name = "files"

    def __init__(self, project: Path, disk: Disk | None = None) -> None:
        self._project = project.absolute()
        self._disk = disk or Disk()

    def create(self, run_id: str) -> HeldRun:
        """Make a run's folder and hold it; RunHeld when the name is taken."""
        who = _who(run_id)
        with told_as(who), closing(self._shelf()) as runs:
            if not runs.make(run_id):
                raise RunHeld(who, found="the name is taken", expected="a new one")
            return self._hold(run_id, runs.enter(run_id), steal=False)

    def hold(self, run_id: str, *, steal: bool = False) -> HeldRun:
        """Hold a run with the next epoch; a steal ends, or fences off, whoever holds it."""
        with told_as(_who(run_id)):
            return self._hold(run_id, self._run(run_id), steal=steal)

    def peek(self, run_id: str, name: str) -> bytes | None:
        """Read a file of a run, held or not; the last line of a journal may be growing."""
        with (
            told_as(_who(run_id)),
            suppress(FileNotFoundError),
            closing(self._walk(*_PLACE, run_id)) as folder,
        ):
            return folder.read(name)
        return None

    def holder(self, run_id: str) -> Holder | None:
        """Say who holds the run; asked of the kernel, not of what the lock file says."""
        with told_as(_who(run_id)), closing(self._run(run_id)) as folder:
            claim = find_holder(self._disk, folder)
            return None if claim is None else claim.holder()

    def runs(self) -> list[str]:
        """List the runs, the one that was begun last first."""
        with (
            told_as("the runs"),
            suppress(FileNotFoundError),
            closing(self._walk(*_PLACE)) as runs,
        ):
            born = {name: _born(runs, name) for name in runs.names()}
            found = [(at, name) for name, at in born.items() if at is not None]
            return [name for _, name in sorted(found, reverse=True)]
        return []

    def remove(self, run_id: str) -> None:
        """Delete a run; links in it are deleted, what they point to is not."""
        with told_as(_who(run_id)), closing(self._run(run_id)) as folder:
            lock = take(self._disk, folder, run_id)
            try:
                with closing(self._walk(*_PLACE)) as runs:
                    # Out of the way first: half a run must never be taken for a whole one.
                    self._disk.rename(run_id, _REMOVED + run_id, runs.fd)
                    _sweep(runs)
            finally:
                lock.drop()

    def path(self, run_id: str) -> str:
        """Say where the run lives."""
        return str(self._path(run_id))

    def _path(self, run_id: str) -> Path:
        return self._project.joinpath(*_PLACE, run_id)

    def _hold(self, run_id: str, folder: Folder, *, steal: bool) -> HeldRun:
        with ExitStack() as undo:
            undo.callback(folder.close)
            folder.make_private()
            taken = (steal_from_holder if steal else take)(self._disk, folder, run_id)
            undo.callback(taken.drop)
            taken.claim(1 + max(taken.epoch, last_epoch(folder)))
            held = FilesRun(self._disk, folder, taken, self._path(run_id))
            undo.pop_all()
            return held

    def _run(self, run_id: str) -> Folder:
        try:
            return self._walk(*_PLACE, run_id)
        except FileNotFoundError:
            raise UsageError(
                _who(run_id),
                found="there is no such run here",
                expected="a run of this project",
                hint="List them: hocket runs",
            ) from None

    def _shelf(self) -> Folder:
        """Open the folder of all runs, made and hidden from git if it is missing."""
        runs = self._walk(*_PLACE, make=True)
        try:
            runs.make_private()
            if runs.read(".gitignore") is None:
                runs.replace(".gitignore", b"*\n")
        except BaseException:
            runs.close()
            raise
        return runs

    def _walk(self, *names: str, make: bool = False) -> Folder:
        folder = Folder.at(self._disk, self._project)
        for name in names:
            with closing(folder):
                folder = folder.enter(name, make=make)
        return folder


def _who(run_id: str) -> str:
    if not run_id or run_id.startswith(".") or "/" in run_id or "\0" in run_id:
        raise UsageError(
            f"run {run_id!r}",
            found="this is no name of a run",
            expected="one plain name",
            hint="List the runs: hocket runs",
        )
    return f"run {run_id}"


def _born(runs: Folder, name: str) -> int | None:
    """Say when a run was begun; None for what is not a run."""
    kind = os.stat(name, dir_fd=runs.fd, follow_symlinks=False).st_mode
    if name.startswith(".") or not stat.S_ISDIR(kind):
        return None
    with closing(runs.enter(name)) as folder:
        if folder.read(LOCK, 1) is None and folder.read(JOURNAL, 1) is None:
            return None
        return born_ms(folder)


def _sweep(runs: Folder) -> None:
    """Delete what was removed, also by a process that did not live to the end of it."""
    for name in runs.names():
        if name.startswith(_REMOVED):
            shutil.rmtree(name, dir_fd=runs.fd)
