"""The life of a run in this process: introduced, lived, closed, and let go."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.engine.control import Control
from hocket.engine.door import Door
from hocket.engine.run import Run
from hocket.engine.summary import Failures
from hocket.errors import HocketError, StorageLost
from hocket.launch import binding, leftovers, records, wiring
from hocket.launch.audience import Audience
from hocket.launch.opened import Opened, keep_script, new_run

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Approver
    from hocket.api.clock import Clock
    from hocket.api.storage import HeldRun
    from hocket.engine.services import Policies
    from hocket.engine.summary import Report
    from hocket.journal.log import Journal
    from hocket.launch.audience import Listener
    from hocket.launch.prepare import Prepared

__all__ = ["Company", "Opened", "live", "new_run"]

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who is with a run while it lives here: its clock, its listeners, and who answers for it."""

    clock: Clock
    listeners: Sequence[Listener] = ()
    approver: Approver | None = None
    policies: Policies
    ready: Callable[[Run], None] = lambda _run: None
    """Told once the run can be paused and stopped."""


async def live(opened: Opened, prepared: Prepared, company: Company) -> Report:
    """Live a run to the moment it leaves this process, and give its report."""
    try:
        return await _lived(opened, prepared, company)
    except BaseExceptionGroup as group:
        cause = _single(group)
        raise cause from cause.__cause__
    finally:
        opened.held.release()


async def _lived(opened: Opened, prepared: Prepared, company: Company) -> Report:
    failures, past, clock = Failures(), opened.past, company.clock
    warn = prepared.project.host.warn
    audience = Audience([failures.hear, *company.listeners, prepared.project.host.tell], warn)
    log = wiring.journal(opened, company)
    services = wiring.services(opened, prepared, company, log, audience.tell)
    binding.lend(prepared.providers, opened.held.get)
    run = Run(wiring.plan(opened, prepared), services)
    await _clean(opened, prepared)
    _introduce(opened, prepared, log)
    began = clock.monotonic()
    company.ready(run)
    async with _letting_go(prepared, warn):
        async with _listening(run, opened, prepared), binding.warming(prepared.backend):
            ended = await run.live()
        elapsed_ms = past.elapsed_ms + round((clock.monotonic() - began) * 1000)
        told = records.told(opened, prepared, ended, failures.by_number(), elapsed_ms)
        await _close(log, opened.held, told, _reports(told, prepared))
    return told


async def _clean(opened: Opened, prepared: Prepared) -> None:
    """Take away what dead processes left, before anything of this life is there."""
    try:
        found = await leftovers.clean(prepared.project, opened)
    except StorageLost:
        raise
    except HocketError as trouble:
        opened.past.notes.append(f"Nothing was cleaned up: {trouble.message}")
        return
    opened.past.notes.extend(found.notes)


def _introduce(opened: Opened, prepared: Prepared, log: Journal) -> None:
    """Write who runs what: the header of a new run, and who opened it this time."""
    keep_script(opened.held, prepared)
    if not opened.past.header:
        log.append("header", records.header(opened.run_id, prepared))
    log.append("opened", records.life(prepared, opened.past))


async def _close(log: Journal, held: HeldRun, told: Report, reported: Mapping[str, bytes]) -> None:
    """Write the end, then the files a person looks at; they can be rebuilt from the journal."""
    try:
        if log.failure is not None:
            raise log.failure
        log.append("closed", records.closed(told, log.keep(told["result"])))
        await log.close()
        if told["status"] == "completed":
            held.write("result.json", _json(told["result"]))
        for name, content in reported.items():
            held.write(name, content)
        held.write("run.json", _json(told))
    except StorageLost as lost:
        # What nobody could write down has not happened: a resume finds out what is kept.
        told["status"], told["cause"], told["result"] = "suspended", lost.message, None


def _reports(told: Report, prepared: Prepared) -> Mapping[str, bytes]:
    """Write what a person reads, where the result is a report."""
    if told["status"] != "completed":
        return {}
    from hocket.launch import reports  # noqa: PLC0415  (few runs end with one)

    rules = reports.by_rules(prepared.backend)
    return reports.written(told, prepared.project.host.warn, rules=rules)


@asynccontextmanager
async def _listening(run: Run, opened: Opened, prepared: Prepared) -> AsyncGenerator[None]:
    """Take wishes while the run lives, where its store keeps it in a folder."""
    folder = Path(prepared.project.store().path(opened.run_id))
    if not folder.is_dir():  # noqa: ASYNC240  (one look, before anything runs)
        yield
        return
    async with Door(Control(run).obey, prepared.project.host.warn).open(folder):
        yield


@asynccontextmanager
async def _letting_go(prepared: Prepared, warn: Callable[[str], None]) -> AsyncGenerator[None]:
    """Let the backend give back what it holds, whatever became of the run; it may not hang."""
    try:
        yield
    finally:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await prepared.backend.aclose()
        except Exception as bug:  # noqa: BLE001  (the run is over, and its end is written)
            warn(f"backend {prepared.backend.name} raised {type(bug).__name__} when it was closed.")


def _single(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Give the one exception that a group is about, or the group itself."""
    inside: list[BaseException] = [*group.exceptions]
    if len(inside) != 1:
        return group
    only = inside[0]
    if not isinstance(only, BaseExceptionGroup):
        return only
    return _single(only)  # pyright: ignore[reportUnknownArgumentType]  # a group of whatever


def _json(value: JsonValue) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
