"""Judges an index by what its registry showed before: rollback, freeze, republishing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.names import written
from hocket.registry.indexes.seen import Fetch, Key, Shown, fetch_line, row_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hocket.registry.indexes.index import Index
    from hocket.registry.indexes.rows import Row
    from hocket.registry.indexes.seen import Seen


class Fault(StrEnum):
    """What a registry did that it must not do."""

    ROLLBACK = "rollback"
    EDITED = "edited"
    """Other bytes under the same serial."""
    REPUBLISHED = "republished"
    BACKDATED = "backdated"
    REMOVED = "removed"
    EXPIRED = "expired"

    @property
    def code(self) -> str:
        """The word for programs."""
        return "serial" if self in {Fault.ROLLBACK, Fault.EDITED, Fault.EXPIRED} else "seen"


class Verdict(NamedTuple):
    """What is wrong, in a sentence, and whether it can be lived with."""

    fault: Fault
    text: str
    is_refused: bool
    """Exit 3: of the whole index, or of the one row."""
    row: Key | None = None


def judge(
    index: Index, seen: Seen, now: datetime, *, require_fresh: bool = False
) -> tuple[Verdict, ...]:
    """Compare an index with its log; without verdicts it is what it was, or honestly newer.

    A refused index is not to be used at all; a refused row is not to be installed.
    """
    told = tuple(_of_index(index, seen, now, require_fresh=require_fresh))
    if any(one.is_refused for one in told):
        return told
    return (*told, *_of_rows(index, seen))


def additions(index: Index, seen: Seen, now: datetime) -> bytes:
    """Write what the log gains by an index; nothing where the index is refused.

    A refused row stays unknown, so that it is refused the next time too.
    """
    verdicts = judge(index, seen, now)
    if any(one.is_refused and one.row is None for one in verdicts):
        return b""
    refused = {one.row for one in verdicts if one.is_refused}
    new = [key for key in sorted(_shown(index, now)) if key not in seen.rows]
    told = _shown(index, now)
    rows = (row_line(key, told[key]) for key in new if key not in refused)
    return fetch_line(Fetch(now, index.serial, index.sha256)) + b"".join(rows)


def _of_index(index: Index, seen: Seen, now: datetime, *, require_fresh: bool) -> Iterator[Verdict]:
    name, highest = index.name, seen.highest
    if highest and index.serial < highest.serial:
        text = (
            f"{name}: serial {index.serial} is older than {highest.serial}, seen on {_day(highest)}"
        )
        yield Verdict(Fault.ROLLBACK, text, is_refused=True)
    elif highest and index.serial == highest.serial and index.sha256 != highest.sha256:
        text = f"{name}: serial {index.serial} had other contents on {_day(highest)}"
        yield Verdict(Fault.EDITED, text, is_refused=True)
    if index.expires and index.expires < now:
        text = f"{name}: the index expired on {written(index.expires)}; it may hide newer versions"
        yield Verdict(Fault.EXPIRED, text, is_refused=require_fresh)


def _of_rows(index: Index, seen: Seen) -> Iterator[Verdict]:
    published = {(row.name, row.version): row for row in _rows(index)}
    shown = {**_shown(index, index.updated)}
    for key in sorted({*shown, *seen.rows}):
        who = f"{index.name}/{key[0]} {key[1]}"
        if key not in shown:
            text = f"{who} was there on {_day(seen.rows[key])} and is gone; rows are never deleted"
            yield Verdict(Fault.REMOVED, text, is_refused=False, row=key)
        elif key in seen.rows:
            yield from _changed(who, key, seen.rows[key], shown[key])
        elif key in published and seen.latest and published[key].published < seen.latest:
            text = f"{who} says it was published on {written(published[key].published)}"
            text += f", but on {written(seen.latest)} it was not there"
            yield Verdict(Fault.BACKDATED, text, is_refused=True, row=key)


def _changed(who: str, key: Key, before: Shown, now: Shown) -> Iterator[Verdict]:
    parts = (
        ("digest", before.digest, now.digest),
        ("capabilities", before.capabilities, now.capabilities),
    )
    for what, old, new in parts:
        if old and new and old != new:
            text = f"{who} was published with {what} {_short(old)} (seen on {_day(before)})"
            text += f" and now has {_short(new)}"
            yield Verdict(Fault.REPUBLISHED, text, is_refused=True, row=key)
            return


def _rows(index: Index) -> Iterator[Row]:
    return (row for package in index.packages.values() for row in package.rows)


def _shown(index: Index, at: datetime) -> dict[Key, Shown]:
    # Hidden rows too: they are not new on the day a newer hocket can read them.
    known = {
        (row.name, row.version): Shown(at, row.digest, capability_hash(row.capabilities))
        for row in _rows(index)
    }
    return known | {(one.name, one.version): Shown(at, one.digest, "") for one in index.hidden}


def _day(one: Fetch | Shown) -> str:
    return written(one.at)[:10]


def _short(digest: str) -> str:
    kind, _, digits = digest.partition(":")
    return f"{kind}:{digits[:12]}…"
