"""What the runs of a project look like from outside: live, dead or finished."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import HocketError, UsageError
from hocket.journal.records import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.storage import Store
    from hocket.journal.records import Record

JOURNAL = "journal.jsonl"
RUNNING, SUSPENDED, DAMAGED = "running", "suspended", "damaged"


@dataclass(frozen=True, slots=True)
class Row:
    """A run in a list."""

    run_id: str
    name: str
    status: str
    started_ms: int


def require(store: Store, run_id: str) -> None:
    """Make sure that there is such a run; raises UsageError with the nearest ids."""
    known = store.runs()
    if run_id in known:
        return
    near = get_close_matches(run_id, known, 3, 0.5) or known[:3]
    raise UsageError(
        f"run '{run_id}'",
        found="there is no such run in this project",
        expected=f"one of {', '.join(near)}" if near else "a run",
        hint="All runs: hocket runs list",
    )


def rows(store: Store) -> list[Row]:
    """List the runs, newest first; parses no more than each journal's first and last line."""
    return [*_rows(store)]


def _rows(store: Store) -> Iterator[Row]:
    for run_id in store.runs():
        # One that is deleted while we look is none of the list.
        with suppress(HocketError):
            # Its holder first: a run that ends in between has then written its end.
            held = store.holder(run_id) is not None
            yield _row(run_id, store.peek(run_id, JOURNAL) or b"", held=held)


def _row(run_id: str, journal: bytes, *, held: bool) -> Row:
    first, last = _ends(journal)
    status = RUNNING if held else SUSPENDED
    if first is None:
        return Row(run_id, "", DAMAGED if b"\n" in journal else status, 0)
    if last is not None and last.kind == "closed":
        status = str(last.payload.get("state", status))
    return Row(run_id, str(first.payload.get("name", "")), status, first.at_ms)


def _ends(journal: bytes) -> tuple[Record | None, Record | None]:
    """Read the first and the last whole line; a line that is being written is not there yet."""
    end = journal.rfind(b"\n") + 1
    last = journal.rfind(b"\n", 0, max(0, end - 1)) + 1
    return parse(journal[: journal.find(b"\n") + 1]), parse(journal[last:end])
