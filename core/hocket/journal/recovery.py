"""Opens a journal under its lock: cuts what was never durable, refuses or salvages damage."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hocket.api.scripts import Spent
from hocket.errors import JournalDamaged, StructureError
from hocket.journal.past import Past
from hocket.journal.records import FORMAT, Record, frame, parse
from hocket.journal.spending import part, plus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from hocket.api.storage import HeldRun

_MARK = b'{"crc":"'
_LOOK_BACK = 20
"""How many earlier epochs are asked for a cut that no life wrote down."""


def open(held: HeldRun, *, salvage: bool = False) -> Past:  # noqa: A001 - recovery.open
    """Read a held run's journal and make it whole.

    Raises JournalDamaged for damage below what was synced, unless salvaged, and
    StructureError for a journal of a newer version; both leave every byte as it is.
    """
    journal = held.journal()
    past = look(journal)
    charged = Spent()
    if past.size < len(journal):
        survivors = list(_survivors(journal, past.size))
        synced = max(past.durable, *(record.durable for record in survivors), 0)
        if past.size >= synced:
            charged = _cut(held, past, journal, survivors)
        elif salvage:
            past = _salvage(held, journal)
        else:
            raise _damaged(past, synced)
    charged = plus(charged, _presume_unwritten_cuts(held, past))
    if charged != Spent():
        past.findings["cut"] = {**part(past.findings, "cut"), "charged": _money(charged)}
    return past


def look(journal: bytes) -> Past:
    """Read a journal that is not held, as far as it is whole; it may be growing."""
    past = Past()
    if _is_readable(journal):
        past.read(whole(journal))
    return past


def _is_readable(journal: bytes) -> bool:
    """Say whether there is a whole header; False for a run that was only begun."""
    end = journal.find(b"\n") + 1
    if not end:
        return False
    first = parse(journal[:end])
    if first is None or first.n != 0 or first.kind != "header":
        raise JournalDamaged(
            "journal.jsonl",
            found="its first line is not a header: this is not a journal",
            expected="a run's journal",
            hint="Nothing was changed.",
        )
    reader = first.payload.get("min_reader")
    if not isinstance(reader, int) or reader > FORMAT:
        version = first.payload.get("hocket")
        raise StructureError(
            "journal.jsonl",
            found=f"it needs a reader of format {reader} (written by hocket {version})",
            expected=f"format {FORMAT} or older",
            hint="Nothing was changed. Resume it with the version that wrote it.",
        )
    return True


def whole(journal: bytes) -> Iterator[tuple[Record, int, int]]:
    """Give the records up to the first line that is bad or out of its order."""
    offset, epoch, n = 0, 0, 0
    while end := journal.find(b"\n", offset) + 1:
        record = parse(journal[offset:end])
        if record is None or record.n != n or record.epoch < epoch:
            return
        yield record, offset, end - offset
        offset, epoch, n = end, record.epoch, n + 1


def _survivors(journal: bytes, offset: int) -> Iterator[Record]:
    """Give every valid record from `offset` on, also where a lost newline joined two lines."""
    for line in journal[offset:].split(b"\n"):
        record = parse(line)
        if record is not None:
            yield record
            continue
        starts = [0, *_marks(line), len(line)]
        for start, end in pairwise(starts):
            record = parse(line[start:end]) or parse(line[start : end - 1])
            if record is not None:
                yield record


def _marks(line: bytes) -> Iterator[int]:
    """Find where records begin: their mark has raw quotes, so no value can contain it."""
    at = line.find(_MARK, 1)
    while at > 0:
        yield at
        at = line.find(_MARK, at + 1)


def _cut(held: HeldRun, past: Past, journal: bytes, survivors: list[Record]) -> Spent:
    """Drop a tail of which nobody ever said that it was on disk; what it shows stays charged."""
    size = len(journal) - past.size
    held.cut(past.size)
    past.notes.append(
        f"Cut a torn tail of {size} bytes at byte {past.size} (record {past.next_record}); "
        f"it is kept as journal.cut-{held.epoch}."
    )
    past.findings["cut"] = {"offset": past.size, "bytes": size}
    return past.presume(survivors)


def _presume_unwritten_cuts(held: HeldRun, past: Past) -> Spent:
    """Charge what was cut by a process that died before it could write that down."""
    charged = Spent()
    for epoch in range(max(past.epoch + 1, held.epoch - _LOOK_BACK), held.epoch):
        tail = held.read(f"journal.cut-{epoch}")
        if tail:
            charged = plus(charged, past.presume(_survivors(tail, 0)))
    return charged


def _money(spent: Spent) -> dict[str, JsonValue]:
    return {"tokens": spent.tokens, "micros": spent.cost_micros}


def _damaged(past: Past, synced: int) -> JournalDamaged:
    run = past.header.get("run")
    return JournalDamaged(
        f"run {run}: journal.jsonl",
        found=f"byte {past.size} (record {past.next_record}) is damaged, though it was on disk",
        expected=f"{synced} whole bytes",
        hint=f"Nothing was changed. To keep what is whole: hocket resume --salvage {run}",
    )


def _salvage(held: HeldRun, journal: bytes) -> Past:
    """Put a journal of all valid records in the place of the damaged one."""
    records = _in_order(journal)
    last = max(records)
    charge = _largest(records)
    lines: list[bytes] = []
    epoch = 0
    for n in range(last + 1):
        record = records.get(n) or Record(n, epoch, "lost", 0, 0, {"charged": _money(charge)})
        epoch = record.epoch
        # Offsets moved, so what was known to be on disk is known no more: 0, until the next sync.
        lines.append(frame(n, epoch, record.kind, record.at_ms, 0, record.payload))
    rebuilt = b"".join(lines)
    held.replace(rebuilt)
    past = look(rebuilt)
    past.durable = len(rebuilt)
    missing = last + 1 - len(records)
    past.notes.append(
        f"Salvaged {len(records)} records; {missing} were lost and are charged as "
        f"{charge.tokens} tokens each. The old file is kept as journal.damaged-{held.epoch}."
    )
    past.findings["salvaged"] = {"records": len(records), "lost": missing}
    return past


def _in_order(journal: bytes) -> dict[int, Record]:
    """Give the valid records by number, the first of each, as long as the epoch never falls."""
    found: dict[int, Record] = {}
    for record in _survivors(journal, 0):
        # No journal has more records than bytes: a larger number is from somewhere else.
        if record.n < len(journal):
            found.setdefault(record.n, record)
    kept: dict[int, Record] = {}
    epoch = 0
    for n in sorted(found):
        if found[n].epoch >= epoch:
            kept[n], epoch = found[n], found[n].epoch
    return kept


def _largest(records: dict[int, Record]) -> Spent:
    past = Past()
    past.read((record, 0, 0) for record in records.values())
    return past.largest
