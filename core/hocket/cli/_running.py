"""Starts or resumes a run in this terminal: approval, signals, view, and the closing block."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.cli import _approver, _consent
from hocket.cli._closing import closing, failure
from hocket.cli._output import emit, json_asked, tell
from hocket.engine.clock import MachineClock
from hocket.engine.services import Policies
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.reopen import Changes, choices_of, flags_of, header, reopen
from hocket.launch.start import Company, live, new_run

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from pydantic import JsonValue

    from hocket.api.events import Event
    from hocket.cli._options import RunOptions
    from hocket.engine.run import Run
    from hocket.engine.summary import Report
    from hocket.launch.prepare import Prepared
    from hocket.launch.start import Opened

STOPS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def start(text: str, free: str | None, options: RunOptions) -> None:
    """Run what was typed, after a person's yes."""
    demand = Demand(text.removeprefix("/") if text.startswith("/") else text, options.args, free)
    project = _project(options)

    def again() -> Prepared:
        return prepare(project, demand)

    prepared = _consent.consent(again(), again, yes=options.yes)
    _finish("run", new_run(prepared), prepared, options)


def resume(
    run_id: str,
    script: str | None,
    options: RunOptions,
    *,
    salvage: bool = False,
    steal: bool = False,
) -> None:
    """Go on with a run; a changed script needs a new yes."""
    before = header(_project(options).store(), run_id)
    project = _project(options, flags=flags_of(before) | options.flags, choices=choices_of(before))
    changes = Changes(script, options.args, salvage, steal)
    opened, prepared, changed = reopen(project, run_id, changes)
    try:
        if changed:
            prepared = _consent.consent(prepared, lambda: prepared, yes=options.yes)
        for note in opened.past.notes:
            tell(f"hocket: run {run_id}: {note}")
    except BaseException:
        opened.held.release()
        raise
    _finish("resume", opened, prepared, options)


def _project(
    options: RunOptions,
    *,
    flags: dict[str, JsonValue] | None = None,
    choices: dict[str, str] | None = None,
) -> Project:
    return Project.open(
        Path.cwd(),
        flags=flags or options.flags,
        choices={**(choices or {}), **options.choices},
        plugins={"cli.approver": _approver},
    )


def _finish(command: str, opened: Opened, prepared: Prepared, options: RunOptions) -> None:
    code = [0]
    told = asyncio.run(_live(opened, prepared, options, code))
    place = prepared.project.store().path(opened.run_id)
    emit(
        command,
        told,
        lambda: closing(told, prepared.card, place),
        failure=failure(told, place, code[0]),
    )


async def _live(opened: Opened, prepared: Prepared, options: RunOptions, code: list[int]) -> Report:
    there = _consent.interactive()
    settings = prepared.project.plugin_settings
    approver = prepared.project.host.approver(settings, interactive=there)
    policies = Policies(
        durability=prepared.project.loaded.settings.durability,
        retry_skipped=options.retry_skipped,
        fresh=options.fresh,
        attended=there,
    )
    async with _view(prepared, options) as listener, _signals(code) as ready:
        company = Company(
            clock=MachineClock(),
            listeners=[listener],
            approver=approver,
            policies=policies,
            ready=ready,
        )
        return await live(opened, prepared, company)


@asynccontextmanager
async def _view(prepared: Prepared, options: RunOptions) -> AsyncGenerator[Callable[[Event], None]]:
    views = prepared.project.host.views(prepared.project.plugin_settings)
    if options.quiet or "progress" not in views or (json_asked() and not _consent.interactive()):
        yield _nobody_watches
        return
    async with views["progress"].watch() as listener:
        yield listener


def _nobody_watches(_event: Event) -> None:
    """Let an event pass where no view is on."""


@asynccontextmanager
async def _signals(code: list[int]) -> AsyncGenerator[Callable[[Run], None]]:
    """Stop cleanly at the first signal and leave at once at the second; nothing is lost either way.

    A terminal that goes away (SIGHUP) ends the view, not the run.
    """
    loop = asyncio.get_running_loop()
    running: list[Run] = []

    def stop(number: int) -> None:
        if code[0]:
            os._exit(code[0])
        code[0] = STOPS[signal.Signals(number)]
        for run in running:
            run.leave("stopped", f"by {signal.Signals(number).name}")
        tell("hocket: stopping; calls in flight get 10 s (once more: leave at once)")

    with ExitStack() as undo:
        for number in STOPS:
            loop.add_signal_handler(number, stop, number)
            undo.callback(loop.remove_signal_handler, number)
        loop.add_signal_handler(signal.SIGHUP, lambda: None)
        undo.callback(loop.remove_signal_handler, signal.SIGHUP)
        yield running.append
