"""From the id of a run that left to a run this process holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED
from hocket.errors import StructureError
from hocket.journal import recovery
from hocket.journal.spending import part
from hocket.launch import ceilings, languages, locate, records
from hocket.launch.arguments import Arguments, from_json
from hocket.launch.card import MICROS
from hocket.launch.locate import Found
from hocket.launch.opened import Opened
from hocket.launch.prepare import prepared
from hocket.launch.shelf import require
from hocket.scripts.source import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.api.settings import Rules
    from hocket.journal.past import Past
    from hocket.launch.prepare import Prepared
    from hocket.launch.project import Project

    Before = Mapping[str, JsonValue]

_FINE = {state.value for state in COMMITTED}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person wants otherwise than the run had it."""

    script: str | None = None
    args: str | None = None
    salvage: bool = False
    steal: bool = False


def reopen(project: Project, run_id: str, changes: Changes) -> tuple[Opened, Prepared, bool]:
    """Hold the run and prepare what it will run; True when the script is not the approved one."""
    opened = hold(project, run_id, changes)
    try:
        return (opened, *ready(project, opened, changes))
    except BaseException:
        opened.held.release()
        raise


def hold(project: Project, run_id: str, changes: Changes) -> Opened:
    """Hold the run and make its journal whole; raises UsageError with the nearest ids."""
    store = project.store()
    require(store, run_id)
    held = store.hold(run_id, steal=changes.steal)
    try:
        return Opened(run_id, held, recovery.open(held, salvage=changes.salvage))
    except BaseException:
        held.release()
        raise


def ready(project: Project, opened: Opened, changes: Changes) -> tuple[Prepared, bool]:
    """Prepare what a held run will run; True when the script is not the approved one.

    Caps are the strictest of what the run had and what settings say now, unless typed.
    """
    before = records.latest(opened.past, opened.held.get)
    project = project.again(strictest(project, before), _choices(before))
    project = project.granting(rules(project, before))
    found = _found(project, opened, before, changes)
    given = _arguments(project, opened, before, changes)
    return prepared(project, found, given), found.script.digest != before.get("script")


def strictest(project: Project, before: Before) -> dict[str, JsonValue]:
    """Give the caps that hold for a run that had others, as if they had been typed.

    Only what somebody set can tighten: a default of this machine was never anybody's wish.
    """
    budget, caps = part(before, "budget"), part(before, "caps")
    micros = budget.get("micros")
    had = {
        "budget_tokens": budget.get("tokens"),
        "budget_usd": micros / MICROS if isinstance(micros, int) else None,
        "concurrency": caps.get("cap"),
        "max_agents": caps.get("total"),
    }
    loaded = project.loaded
    now = {n: getattr(loaded.settings, n) for n in had if loaded.origins.get(n) != "default"}
    flags: dict[str, JsonValue] = {}
    for name, value in had.items():
        both = [cap for cap in (value, now.get(name)) if isinstance(cap, int | float)]
        flags.update({name: min(both)} if both else {})
    return {**flags, "durability": "sync"} if before.get("durability") == "sync" else flags


def rules(project: Project, before: Before) -> Rules:
    """Keep what earlier lives were denied; what they were allowed a person has to say again.

    A run's folder may have come from anywhere: its word can tighten, and never loosen.
    """
    had, typed = before.get("denied"), project.typed.rules
    earlier = [rule for rule in had if isinstance(rule, str)] if isinstance(had, list) else []
    return replace(typed, deny=tuple(dict.fromkeys((*earlier, *typed.deny))))


def notes(past: Past) -> Iterator[str]:
    """Tell a person what opening found, and what a resume of an ended run comes to."""
    yield from past.notes
    again = sum(count for state, count in past.census.items() if state not in _FINE)
    again += len(past.unfinished)
    state = str((past.closed or {}).get("state"))
    if state in ("completed", "failed"):
        yield f"it had {state}; {again:,} of its calls have no committed result and run again"
    for call in past.unfinished:
        if call.effects:
            yield f"call {call.number} ({call.label}) may have run already; it runs again"


def _choices(before: Before) -> dict[str, str]:
    return {name: str(value) for name, value in part(before, "choices").items()}


def _found(project: Project, opened: Opened, before: Before, changes: Changes) -> Found:
    if changes.script is not None:
        found = locate.find(project, changes.script)
        return replace(found, script=ceilings.resumed(project, found.script, before))
    language = str(before.get("language", "python"))
    name = languages.file_name(project, language)
    path = str(before.get("path", name))
    source = opened.held.read(name)
    if source is None:
        raise _lost(opened, f"its {name}", "--script FILE")
    script = languages.by_name(project, language).read(decode(source, path), path)
    return Found(ceilings.resumed(project, script, before))


def _arguments(project: Project, opened: Opened, before: Before, changes: Changes) -> Arguments:
    if changes.args is not None:
        return from_json(changes.args, project.here)
    if before.get("has_args") and "args" not in before:
        raise _lost(opened, "what was in its args", "--args JSON")
    if not opened.past.header:
        note = "the run was cut off before its arguments were kept; give them with --args"
        return Arguments(notes=(note,))
    given = Arguments(before.get("args"), given=bool(before.get("has_args")))
    return replace(given, expanded=records.expanded(before), outside=records.outside(before))


def _lost(opened: Opened, what: str, option: str) -> StructureError:
    return StructureError(
        f"run {opened.run_id}",
        found=f"{what} is missing",
        expected="what the run kept in its folder",
        hint=f"Nothing was started. Name it: hocket resume {opened.run_id} {option}",
    )
