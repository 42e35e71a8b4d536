"""Where runs are kept: the bytes of a run under a lock, and the shelf of all runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a run's lock."""

    epoch: int
    pid: int
    host: str
    since_ms: int
    stopped: bool = False


class HeldRun(Protocol):
    """The bytes of one run, held by one process under the lock of an epoch.

    Every method but `release` raises StorageLost when the bytes on disk are not what this
    process wrote, and StorageFull when they cannot be written; after either nothing is
    written any more.
    """

    epoch: int

    def journal(self) -> bytes:
        """Read the whole journal."""
        ...

    def slice(self, offset: int, length: int) -> bytes:
        """Read a part of the journal."""
        ...

    def append(self, line: bytes) -> None:
        """Append one whole line; written when it returns, not yet synced."""
        ...

    def sync(self) -> None:
        """Make everything appended so far durable; may be called from another thread."""
        ...

    def cut(self, offset: int) -> None:
        """Keep the bytes from `offset` on as `journal.cut-<epoch>` and drop them."""
        ...

    def replace(self, journal: bytes) -> None:
        """Keep the journal as `journal.damaged-<epoch>` and put another in its place."""
        ...

    def put(self, digest: str, value: bytes) -> None:
        """Keep a big value by its digest; durable with the next sync at the latest."""
        ...

    def get(self, digest: str) -> bytes | None:
        """Read a big value; None when it is missing or not what its digest says."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Replace a file of the run (`run.json`, `result.json`, the script) as a whole."""
        ...

    def note(self, name: str, line: bytes) -> None:
        """Append a line to a file beside the journal (a transcript); a failure is its own only."""
        ...

    def read(self, name: str) -> bytes | None:
        """Read a file of the run."""
        ...

    def release(self) -> None:
        """Close the journal and give the lock back."""
        ...


class Store(Protocol):
    """Keeps runs."""

    name: str

    def create(self, run_id: str) -> HeldRun:
        """Make a run and hold it; raises RunHeld, StorageLost."""
        ...

    def hold(self, run_id: str, *, steal: bool = False) -> HeldRun:
        """Hold an existing run with the next epoch; raises RunHeld naming the holder."""
        ...

    def peek(self, run_id: str, name: str) -> bytes | None:
        """Read a file of a run (`journal.jsonl` too) without holding it; None when absent."""
        ...

    def holder(self, run_id: str) -> Holder | None:
        """Say who holds the run now, if anybody."""
        ...

    def runs(self) -> list[str]:
        """List the runs, newest first."""
        ...

    def remove(self, run_id: str) -> None:
        """Delete a run; raises RunHeld while somebody holds it."""
        ...

    def path(self, run_id: str) -> str:
        """Say where the run lives, for a person."""
        ...
