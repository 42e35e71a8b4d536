"""The end of every run: state, census, money, time, place, and what to do next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.cli._delivering import Delivered
from hocket.cli._output import on_terminal, tell, write
from hocket.cli._text import duration, inert, money, tokens
from hocket.errors import HocketError, RunFailed, RunStopped, RunSuspended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.engine.summary import Report
    from hocket.launch.card import Card

MICROS = 1_000_000
_LEFT = 36
_ANSWERED = ("ok", "cached")
NOTHING = Delivered()
_NO_FAILURE = (*_ANSWERED, "skipped", "cancelled")


def summary(told: Report, place: str) -> list[str]:
    """Write the closing block of a run that is looked at later; its budget is not known then."""
    head, *rest = block(told, None, place)
    cause = told["cause"]
    return [head, *([f"  {inert(str(cause))}"] if cause is not None else []), *rest]


def closing(told: Report, card: Card, place: str, delivered: Delivered = NOTHING) -> None:
    """Print the result on stdout and the closing block on stderr."""
    if told["status"] == "completed":
        _result(told["result"], delivered.text)
    for line in block(told, card, place):
        tell(line)
    for line in found_in(delivered.files, place, delivered.copied):
        tell(line)


def found_in(files: Sequence[str], place: str, copied: str = "") -> list[str]:
    """Say where the files of a report are."""
    lines = [f"  report: {place}/{files[0]} · {' · '.join(files[1:])}"] if files else []
    return [*lines, *([f"  copied to {inert(copied)}"] if copied else [])]


def _result(result: JsonValue, report: str) -> None:
    if report and on_terminal():
        from hocket.cli._drawn import draw

        draw(report)
    elif report:
        write(report.rstrip("\n"))
    else:
        write(
            result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, indent=2)
        )


def block(told: Report, card: Card | None, place: str) -> list[str]:
    """Write the closing block; why a run did not complete is the error that follows it."""
    census = _census(told)
    failed = sum(count for state, count in census.items() if state not in _NO_FAILURE)
    head = str(told["status"])
    if failed:
        head += f", {failed:,} of {sum(census.values()):,} calls failed"
    spent = f"{_spent(told, card)}   {duration(float(str(told['elapsed_s'])))}"
    counts = f"  {counted(census)}"
    width = max(_LEFT, len(head), len(counts))
    lines = [f"{head:<{width}}  {spent}", f"{counts:<{width}}  {place}"]
    lines += [f"  note: {inert(str(note))}" for note in _notes(told)]
    if failed and told["status"] == "completed":
        lines.append(_again(told))
    return lines


def _again(told: Report) -> str:
    run_id, failures = told["run_id"], told["failures"]
    first = failures[0] if isinstance(failures, list) and failures else None
    number = first["call"] if isinstance(first, dict) else 0
    again = f"again, only the failed ones: hocket resume {run_id}"
    return f"  {again}      why: hocket runs explain {run_id} {number}"


def counted(census: dict[str, int]) -> str:
    """Write a census: what was answered first, then the failures."""
    order = sorted(census, key=lambda state: (state not in _ANSWERED, -census[state], state))
    return " · ".join(f"{state} {census[state]:,}" for state in order) or "no calls"


def failure(told: Report, place: str, code: int) -> HocketError | None:
    """Give the error a run ends its command with; None when it completed."""
    status = str(told["status"])
    if status == "completed":
        return None
    kinds = {"stopped": RunStopped, "suspended": RunSuspended}
    kind = kinds.get(status, RunFailed)
    run_id = told["run_id"]
    error = kind(
        f"run {run_id}",
        found=f"{status}: {told['cause']}",
        hint=f"Everything committed is kept in {place}. Go on: hocket resume {run_id}",
    )
    if kind is RunStopped and code:
        error.exit_code = code
    return error


def _census(told: Report) -> dict[str, int]:
    census = told["census"]
    return (
        {k: v for k, v in census.items() if isinstance(v, int)} if isinstance(census, dict) else {}
    )


def _notes(told: Report) -> list[object]:
    notes = told["notes"]
    return [*notes] if isinstance(notes, list) else []


def _spent(told: Report, card: Card | None) -> str:
    usage, cost = told["usage"], told["cost_usd"]
    output = usage.get("output") if isinstance(usage, dict) else 0
    shown = tokens(output if isinstance(output, int) else 0) + " tokens"
    if card is not None and card.budget_tokens is not None:
        shown += f" of {tokens(card.budget_tokens)}"
    if cost is None:
        return f"{shown}, price unknown"
    paid = money(round(float(str(cost)) * MICROS))
    total = card.budget_micros if card is not None else None
    return f"{shown}   {paid}" + (f" of {money(total)}" if total is not None else "")
