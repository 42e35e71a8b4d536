"""From a prepared script, or a run that left, to a run that lives in this process."""

from __future__ import annotations

import json
import os
import secrets
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hocket
from hocket.engine import recovery
from hocket.engine.breaker import Breaker
from hocket.engine.census import Census
from hocket.engine.control import Control
from hocket.engine.journal import Journal
from hocket.engine.ledger import Ledger
from hocket.engine.plan import Plan
from hocket.engine.records import FORMAT, KEY_VERSION, MIN_READER
from hocket.engine.redact import Redactor
from hocket.engine.run import Run
from hocket.engine.services import Services
from hocket.engine.slots import Slots
from hocket.engine.summary import Failures, report
from hocket.errors import RefusedError, StorageLost
from hocket.launch.attached import Attachments
from hocket.launch.library import ProjectLibrary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Approver
    from hocket.api.clock import Clock
    from hocket.api.events import Event
    from hocket.api.scripts import Script
    from hocket.api.storage import HeldRun
    from hocket.engine.past import Past
    from hocket.engine.plan import Ended
    from hocket.engine.services import Policies
    from hocket.engine.summary import Report
    from hocket.launch.prepare import Prepared

    Listener = Callable[[Event], None]

SCRIPT_FILES = {"python": "script.py", "javascript": "script.js"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who is with a run while it lives here: its clock, its listeners, and who answers for it."""

    clock: Clock
    listeners: Sequence[Listener] = ()
    approver: Approver | None = None
    policies: Policies
    ready: Callable[[Run], None] = lambda _run: None
    """Told once the run can be paused and stopped."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that this process holds, and what its journal says so far."""

    run_id: str
    held: HeldRun
    past: Past


def new_run(prepared: Prepared) -> Opened:
    """Make a run and hold it; its id is short, and no other run of the project has it."""
    store = prepared.project.store()
    taken = set(store.runs())
    while (run_id := secrets.token_hex(2)) in taken:
        pass
    refuse_secrets(prepared)
    held = store.create(run_id)
    keep_script(held, prepared.script)
    return Opened(run_id, held, recovery.open(held))


def keep_script(held: HeldRun, script: Script) -> None:
    """Keep the run's own copy of its script; a resume takes it unless another is named."""
    held.write(SCRIPT_FILES[script.language], script.source.encode())


def refuse_secrets(prepared: Prepared) -> None:
    """Refuse args with a known secret in them: credentials are never script values."""
    name = Redactor.from_environment(os.environ).find(prepared.arguments.value)
    if name is not None:
        raise RefusedError(
            "--args",
            found=f"the value of {name} is in them",
            expected="no credentials",
            hint="Tools read credentials themselves; a script must not see them.",
        )


async def live(opened: Opened, prepared: Prepared, company: Company) -> Report:
    """Live a run to the moment it leaves this process, and give its report."""
    run_id, held, past = opened.run_id, opened.held, opened.past
    try:
        journal = Journal(
            held, company.clock, sync_each=company.policies.durability == "sync", past=past
        )
        began = company.clock.monotonic()
        services, failures = _services(prepared, company, past, journal)
        _introduce(run_id, prepared, past, journal)
        run = Run(_plan(run_id, prepared, held), services)
        company.ready(run)
        async with _listening(run, prepared, run_id):
            ended = await run.live()
        elapsed = past.elapsed_ms + round((company.clock.monotonic() - began) * 1000)
        told = report(
            run_id=run_id,
            name=prepared.script.manifest.name,
            status=ended.state,
            cause=ended.cause,
            result=ended.result,
            census=ended.census,
            usage=ended.usage,
            elapsed_ms=elapsed,
            failures=[*failures.calls.values()],
            notes=ended.notes,
        )
        await _close(journal, held, ended, told)
        return told
    finally:
        held.release()


@asynccontextmanager
async def _listening(run: Run, prepared: Prepared, run_id: str) -> AsyncGenerator[None]:
    """Take wishes while the run lives, where its store keeps it in a folder."""
    folder = Path(prepared.project.store().path(run_id))
    if not folder.is_dir():  # noqa: ASYNC240  (one look, before anything runs)
        yield
        return
    async with Control(run).listen(folder):
        yield


def _services(
    prepared: Prepared, company: Company, past: Past, journal: Journal
) -> tuple[Services, Failures]:
    project, caps = prepared.project, prepared.caps
    failures = Failures()
    ledger = Ledger(
        cap=caps.at_once,
        total=caps.agents,
        tokens=caps.budget.tokens,
        micros=caps.budget.cost_micros,
    )
    ledger.charge(past.spent.tokens, past.spent.cost_micros)
    listeners = [failures.hear, *company.listeners, project.host.tell]

    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    settings = project.plugin_settings
    shapes = project.loaded.settings.redact == "all"
    seed = secrets.SystemRandom()
    services = Services(
        clock=company.clock,
        journal=journal,
        past=past,
        ledger=ledger,
        slots=Slots(ledger),
        breaker=Breaker(cap=caps.at_once, clock=company.clock, chance=seed.random),
        census=Census(),
        redactor=Redactor.from_environment(os.environ, shapes=shapes),
        backend=prepared.backend,
        executor=project.host.executor(settings),
        approver=company.approver,
        project=project.root,
        tell=tell,
        used=past.used,
        policies=company.policies,
        patterns=project.host.patterns(),
        agent_types=project.host.agent_types(settings),
    )
    return services, failures


def _plan(run_id: str, prepared: Prepared, held: HeldRun) -> Plan:
    project = prepared.project
    settings = project.plugin_settings
    hosts = {host.language: host for host in project.host.script_hosts().values()}
    return Plan(
        run_id=run_id,
        script=prepared.script,
        args=prepared.arguments.value,
        has_args=prepared.arguments.given,
        caps=prepared.caps,
        library=ProjectLibrary(project),
        hosts=hosts,
        router=project.host.router(settings),
        attach=Attachments(project.root, held.put).attach,
        stages=project.host.stages(settings),
        policies=project.host.policies(settings),
    )


def _introduce(run_id: str, prepared: Prepared, past: Past, journal: Journal) -> None:
    """Write who runs what: the header of a new run, and who opened it this time."""
    script, args, caps = prepared.script, prepared.arguments, prepared.caps
    budget: dict[str, JsonValue] = {"tokens": caps.budget.tokens, "micros": caps.budget.cost_micros}
    if not past.header:
        header: dict[str, JsonValue] = {
            "v": FORMAT,
            "min_reader": MIN_READER,
            "kv": KEY_VERSION,
            "run": run_id,
            "hocket": hocket.__version__,
            "script": script.digest,
            "language": script.language,
            "path": script.path,
            "name": script.manifest.name,
            "args": args.value,
            "has_args": args.given,
            "budget": budget,
            "caps": {"cap": caps.at_once, "total": caps.agents},
            "choices": {**prepared.project.plugin_settings.choices},
            "durability": prepared.project.loaded.settings.durability,
        }
        journal.append("header", header)
    opened: dict[str, JsonValue] = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "hocket": hocket.__version__,
        "script": script.digest,
        "args": args.value,
        "has_args": args.given,
        "path": script.path,
        "language": script.language,
        "budget": budget,
        **past.findings,
    }
    journal.append("opened", opened)


async def _close(journal: Journal, held: HeldRun, ended: Ended, told: Report) -> None:
    """Write the end, then the files a person looks at; they can be rebuilt from the journal."""
    if journal.failure is not None:
        return
    try:
        record: dict[str, JsonValue] = {
            "state": ended.state,
            "cause": ended.cause,
            **journal.keep(ended.result),
            "census": told["census"],
            "usage": told["usage"],
            "micros": ended.usage.cost_micros,
            "elapsed_ms": round(float(str(told["elapsed_s"])) * 1000),
            "notes": [*ended.notes],
        }
        journal.append("closed", record)
        await journal.close()
        if ended.state == "completed":
            held.write("result.json", _json(ended.result))
        held.write("run.json", _json(told))
    except StorageLost as lost:
        told["status"], told["cause"] = "suspended", lost.message


def _json(value: JsonValue) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
