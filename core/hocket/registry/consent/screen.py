"""What a person reads before they agree, as data: every word that is not ours is a value of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.capabilities.difference import ids
from hocket.registry.consent.dangers import warnings
from hocket.registry.consent.places import Fact, facts
from hocket.registry.consent.wording import LABELS, NOT, told
from hocket.registry.indexes.rows import Kind
from hocket.registry.installing.plan import Action

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.registry.consent.needed import Need, Needs
    from hocket.registry.installing.plan import Plan, Step

REQUESTED = "requested"
_MARKS = {Action.ADD: "+", Action.UPDATE: "~", Action.REMOVE: "-", Action.KEEP: "="}
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One package of the plan."""

    mark: str
    key: str
    version: str
    note: str
    files: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a package says about itself; nobody checked it."""

    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All of it, in the order in which it is shown."""

    title: str
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    may: tuple[Fact, ...]
    may_not: tuple[str, ...]
    """Empty with `may` where nothing of it runs in the sandbox."""
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    quotes: tuple[Quote, ...]
    to_type: tuple[str, ...]
    """Names that must be typed: of code that nothing limits."""
    question: str


def screen(plan: Plan, needs: Needs) -> Screen:
    """Put it together; nothing is escaped yet."""
    runs = any(need.parcel.row.kind is Kind.BUNDLE for need in needs.packages)
    return Screen(
        title=f"Plan ({plan.scope.name})",
        lines=tuple(_line(step, needs.granted.now) for step in plan.changes),
        facts=facts(needs),
        may=_may(needs) if runs else (),
        may_not=_may_not(needs) if runs else (),
        warnings=warnings(needs),
        notes=(*_renames(plan), *plan.notes),
        quotes=tuple(_quotes(plan)),
        to_type=tuple(sorted(_code(needs))),
        question="Install and allow this?",
    )


def _line(step: Step, now: datetime) -> Line:
    before = str(step.version_before) if step.version_before else ""
    if step.parcel is None:
        return Line(_MARKS[step.action], step.key, before, "removed")
    row, mark = step.parcel.row, _MARKS[step.action]
    replaced = before and before != str(row.version)
    version = f"{before} → {row.version}" if replaced else str(row.version)
    note = f"published {_ago(row.published, now)}" if step.why == REQUESTED else step.why
    entries = step.parcel.tree.entries
    size = sum(len(content) for _kind, _path, content in entries)
    return Line(mark, step.key, version, note, len(entries), size)


def _ago(moment: datetime, now: datetime) -> str:
    seconds = int((now - moment).total_seconds())
    for size, unit in _STEPS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now" if seconds >= 0 else "in the future"


def _may(needs: Needs) -> tuple[Fact, ...]:
    whole, new, checks = needs.asked, _new(needs), needs.granted.checks
    rows = ((key, told(key, whole, checks)) for key in LABELS)
    return tuple(
        Fact(LABELS[key], f"{text}  (new: {new[key]})" if key in new else text)
        for key, text in rows
        if text
    )


def _new(needs: Needs) -> dict[str, str]:
    """Give by key what is asked for the first time of packages that are there already."""
    found: dict[str, list[str]] = {}
    for need in needs.packages:
        for one in [] if need.is_new else [one for one in need.ids if one in ids(need.asked)]:
            key, _, item = one.partition(":")
            found.setdefault(key, []).append(item or "yes")
    return {key: ", ".join(dict.fromkeys(items)) for key, items in found.items()}


def _may_not(needs: Needs) -> tuple[str, ...]:
    if not needs.asked.is_declared:
        return ()  # what is undeclared is asked about, not ruled out
    table = needs.asked.table()
    return tuple(word for key, word in NOT.items() if not table[key])


def _quotes(plan: Plan) -> list[Quote]:
    parcels = [(one.key, one.parcel) for one in plan.changes if one.why == REQUESTED]
    return [
        Quote(key, _short(parcel.bundle.manifest.description))
        for key, parcel in parcels
        if parcel and parcel.bundle
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _renames(plan: Plan) -> list[str]:
    return [f"{old} → {new}: it was renamed" for old, new in sorted(plan.renamed.items())]


def _code(needs: Needs) -> set[str]:
    return {need.key.rpartition("/")[2] for need in needs.packages if _asks_for_code(need)}


def _asks_for_code(need: Need) -> bool:
    return any(one.startswith("python:") for one in need.ids)
