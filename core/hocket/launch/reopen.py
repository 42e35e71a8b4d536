"""From the id of a run that left to a run this process holds."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.engine import recovery
from hocket.engine.records import parse
from hocket.errors import HocketError, StructureError, UsageError
from hocket.launch import library, locate
from hocket.launch.arguments import Arguments, complete, from_json
from hocket.launch.prepare import prepared
from hocket.launch.start import SCRIPT_FILES, Opened, keep_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.scripts import Script
    from hocket.api.storage import HeldRun, Store
    from hocket.launch.prepare import Prepared
    from hocket.launch.project import Project

    Header = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person wants otherwise than the run had it."""

    script: str | None = None
    args: str | None = None
    salvage: bool = False
    steal: bool = False


def header(store: Store, run_id: str) -> Header:
    """Read the header of a run without holding it; raises UsageError with the nearest ids."""
    first = (store.peek(run_id, "journal.jsonl") or b"").partition(b"\n")[0]
    record = parse(first) if first else None
    if record is not None and record.kind == "header":
        return record.payload
    known = store.runs()
    if run_id in known:
        return {}
    near = get_close_matches(run_id, known, 3, 0.5)
    raise UsageError(
        f"run '{run_id}'",
        found="there is no such run in this project",
        expected=f"one of {', '.join(near or known[:3])}" if known else "a run",
        hint="All runs: hocket runs list",
    )


def flags_of(header: Header) -> dict[str, JsonValue]:
    """Give the caps and budget the run had, as if they had been typed."""
    budget, caps = header.get("budget"), header.get("caps")
    flags: dict[str, JsonValue] = {}
    if isinstance(budget, dict):
        micros = budget.get("micros")
        flags["budget_tokens"] = budget.get("tokens")
        flags["budget_usd"] = micros / 1_000_000 if isinstance(micros, int) else None
    if isinstance(caps, dict):
        flags["concurrency"], flags["max_agents"] = caps.get("cap"), caps.get("total")
    return {name: value for name, value in flags.items() if value is not None}


def choices_of(header: Header) -> dict[str, str]:
    """Give the backend, router and so on that the run had."""
    choices = header.get("choices")
    return {n: str(v) for n, v in choices.items()} if isinstance(choices, dict) else {}


def reopen(project: Project, run_id: str, changes: Changes) -> tuple[Opened, Prepared, bool]:
    """Hold the run and prepare what it will run; True when the script is not the approved one."""
    held = project.store().hold(run_id, steal=changes.steal)
    try:
        past = recovery.open(held, salvage=changes.salvage)
        before = {**past.header, **past.opened}
        script = _script(project, held, before, changes)
        warnings = library.check(project, script)
        given = _arguments(project, before, changes)
        ready = prepared(project, script, complete(given, script.manifest), warnings)
        changed = script.digest != before.get("script")
        if changed:
            keep_script(held, script)
    except HocketError:
        held.release()
        raise
    return Opened(run_id, held, past), ready, changed


def _script(project: Project, held: HeldRun, header: Header, changes: Changes) -> Script:
    if changes.script is not None:
        return locate.script(project, changes.script)
    name = SCRIPT_FILES[str(header.get("language", "python"))]
    source = held.read(name)
    if source is None:
        raise StructureError(
            f"run in {project.root.name}",
            found=f"its {name} is missing",
            expected="the run's own copy of its script",
            hint="Name the script: hocket resume RUN --script FILE",
        )
    host = next(h for s, h in project.host.script_hosts().items() if name.endswith(s))
    return host.read(source.decode(), str(header.get("path", name)))


def _arguments(project: Project, before: Header, changes: Changes) -> Arguments:
    if changes.args is not None:
        return from_json(changes.args, project.here)
    return Arguments(before.get("args"), given=bool(before.get("has_args")))
