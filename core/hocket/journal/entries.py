"""What the engine writes into the journal about a call, and how it reads it back."""

from __future__ import annotations

from dataclasses import fields as names_of
from operator import attrgetter
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome, Usage
from hocket.api.scripts import Spent
from hocket.api.tools import TRUSTED, Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Bound, Call

    Payload = dict[str, JsonValue]

_COUNTED = tuple(field.name for field in names_of(Usage) if field.name != "cost_micros")
_counts = attrgetter(*_COUNTED)


def identity(call: Call) -> Payload:
    """Name the call: its number, key and occurrence."""
    return {"call": call.number, "key": call.key, "occ": call.occurrence}


def started(
    call: Call, backend: str, bound: Bound, canonical: Payload, *, effects: bool
) -> Payload:
    """Say that the first byte of a call is about to leave, and what was reserved for it."""
    return {
        **identity(call),
        "attempt": 1,
        "backend": backend,
        "model": call.options.model,
        "reserved": {"output": bound.output, "micros": bound.cost_micros},
        "effects": effects,
        "label": call.label,
        "phase": call.phase,
        **({"role": call.options.role} if call.options.role else {}),
        "canonical": canonical,
    }


def turn(call: Call, attempt: int, bound: Bound) -> Payload:
    """Say that a further turn of a call is about to leave, and what is reserved for it."""
    reserved: Payload = {"output": bound.output, "micros": bound.cost_micros}
    return {**identity(call), "attempt": attempt, "reserved": reserved}


def usage_of(usage: Usage) -> Payload:
    """Write a usage; None for money means that no price is known."""
    # Twice for every call: `asdict` would take ten times as long, since it copies deeply.
    fields: Payload = dict(zip(_COUNTED, _counts(usage), strict=True))
    fields["micros"] = usage.cost_micros
    return fields


def read_usage(fields: Mapping[str, JsonValue]) -> Usage:
    """Read what `usage_of` wrote, also from an older version that lacked a field."""
    micros = fields.get("micros", 0)
    return Usage(
        input=_int(fields.get("input")),
        cache_read=_int(fields.get("cache_read")),
        cache_write=_int(fields.get("cache_write")),
        output=_int(fields.get("output")),
        cost_micros=None if micros is None else _int(micros),
        estimated=bool(fields.get("estimated")),
        cache_write_1h=_int(fields.get("cache_write_1h")),
        reasoning=_int(fields.get("reasoning")),
        searches=_int(fields.get("searches")),
    )


def ended(call: Call, outcome: Outcome, value: Payload, spent: Spent) -> Payload:
    """Say what a call came to; the totals are the ledger's at this commit."""
    fields: Payload = {
        **identity(call),
        "op": "agent",
        "state": outcome.state.value,
        **value,
        "usage": usage_of(outcome.usage),
        "tries": outcome.tries,
        "spent": {"tokens": spent.tokens, "micros": spent.cost_micros},
        "label": call.label,
        "phase": call.phase,
    }
    extra: Payload = {
        "cause": outcome.cause,
        "partial": outcome.partial,
        "notes": [*outcome.notes] or None,
        "changes": outcome.changes,
        "outside": [*sorted(outcome.label.sources)] if outcome.label.outside else None,
        "sealed": {**outcome.sealed} or None,
    }
    return fields | {name: value for name, value in extra.items() if value is not None}


def read_outcome(payload: Mapping[str, JsonValue], value: JsonValue) -> Outcome:
    """Read what `ended` wrote."""
    usage, cause, notes = payload.get("usage"), payload.get("cause"), payload.get("notes")
    changes = payload.get("changes")
    return Outcome(
        EndState(str(payload["state"])),
        value,
        None if cause is None else str(cause),
        payload.get("partial"),
        read_usage(usage) if isinstance(usage, dict) else Usage(),
        _int(payload.get("tries", 1)),
        tuple(map(str, notes)) if isinstance(notes, list) else (),
        changes if isinstance(changes, dict) else None,
        label=_label(payload.get("outside")),
        sealed=read_sealed(payload),
    )


def read_sealed(payload: Mapping[str, JsonValue]) -> dict[str, str]:
    """Read which handles a record's value has, each with the digest of its content."""
    sealed = payload.get("sealed")
    if not isinstance(sealed, dict):
        return {}
    return {handle: str(digest) for handle, digest in sealed.items()}


def _label(outside: JsonValue) -> Label:
    if not isinstance(outside, list):
        return TRUSTED
    return Label(outside=True, sources=frozenset(map(str, outside)))


def read_spent(payload: Mapping[str, JsonValue]) -> Spent:
    """Read the ledger's totals at a commit."""
    spent = payload.get("spent")
    if not isinstance(spent, dict):
        return Spent()
    return Spent(_int(spent.get("tokens")), _int(spent.get("micros")))


def _int(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
