"""Starts or resumes a run in this terminal: approval, signals, view, and the closing block."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.api.protocols import Extractive
from hocket.cli import _approver, _consent, _delivering
from hocket.cli._closing import closing, failure
from hocket.cli._output import emit, json_asked, tell
from hocket.cli._signals import Signals
from hocket.cli._text import inert
from hocket.engine.clock import MachineClock
from hocket.engine.services import Policies
from hocket.errors import HocketError
from hocket.launch.opened import new_run
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.reopen import hold, notes, ready
from hocket.launch.start import Company, live

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.events import Event
    from hocket.cli._options import RunOptions
    from hocket.engine.summary import Report
    from hocket.launch.opened import Opened
    from hocket.launch.prepare import Prepared
    from hocket.launch.reopen import Changes

    View = AbstractAsyncContextManager[Callable[[Event], None]]


def start(text: str, free: str | None, options: RunOptions) -> None:
    """Run what was typed, after a person's yes."""
    demand = Demand(text, options.args, free)
    start_as("run", lambda project: prepare(project, demand), options)


def start_as(command: str, prepare: Callable[[Project], Prepared], options: RunOptions) -> None:
    """Run what a command prepares, after a person's yes."""
    _delivering.check(options)
    # Opened anew each time: a person may have come to trust the folder in between.
    prepared = _consent.consent(lambda: prepare(project_here(options)), options, foresee)
    _finish(command, new_run(prepared), prepared, options)


def resume(run_id: str, changes: Changes, options: RunOptions) -> None:
    """Go on with a run; a changed script needs a new yes."""
    _delivering.check(options)
    project = project_here(options)
    opened = hold(project, run_id, changes)
    with ExitStack() as undo:
        undo.callback(opened.held.release)
        prepared, changed = ready(project, opened, changes)

        def prepare_again() -> Prepared:
            return ready(project, opened, changes)[0]

        if changed:
            prepared = _consent.consent(prepare_again, options)
        else:
            prepared = _consent.renewed(prepared, prepare_again, options)
        for note in notes(opened.past):
            tell(f"hocket: run {run_id}: {inert(note)}")
        undo.pop_all()
    _finish("resume", opened, prepared, options)


def project_here(options: RunOptions) -> Project:
    """Open the project here with what was typed."""
    return Project.open(
        Path.cwd(),
        flags=options.flags,
        choices=options.choices,
        rules=options.rules,
        plugins={"cli.approver": _approver},
    )


def foresee(prepared: Prepared) -> tuple[Prepared, list[tuple[str, str]]]:
    """Estimate a run: what its journal keeps of that, and the rows of its card.

    A card without an estimate says why; a run is not refused for the want of one.
    """
    if isinstance(prepared.backend, Extractive) and prepared.backend.extractive:
        return prepared, [("cost", "nothing: no model is asked")]
    from hocket.cli._estimate import rows
    from hocket.estimate.making import estimate

    try:
        made = estimate(prepared, MachineClock())
    except HocketError as error:
        return prepared, [("estimate", f"none: {error.message}")]
    return replace(prepared, shown=made.kept), rows(made)


def _finish(command: str, opened: Opened, prepared: Prepared, options: RunOptions) -> None:
    signals = Signals()
    told = asyncio.run(_live(opened, prepared, options, signals))
    project = prepared.project
    store = project.store()
    place = paths.shown(Path(store.path(opened.run_id)), project.root)
    delivered = _delivering.deliver(store, told, prepared, options)
    emit(
        command,
        told,
        lambda: closing(told, prepared.card, place, delivered),
        failure=failure(told, place, signals.code) or delivered.failure,
    )


async def _live(
    opened: Opened, prepared: Prepared, options: RunOptions, signals: Signals
) -> Report:
    project, there = prepared.project, _consent.interactive()
    policies = Policies(
        durability=project.loaded.settings.durability,
        retry_skipped=options.retry_skipped,
        fresh=options.fresh,
        attended=there,
        accepted=frozenset(options.accept),
    )
    async with _view(prepared, options) as listener:
        company = Company(
            clock=MachineClock(),
            listeners=[listener],
            approver=project.host.approver(project.plugin_settings, interactive=there),
            policies=policies,
            ready=signals.ready,
        )
        with signals.heard():
            return await live(opened, prepared, company)


def _view(prepared: Prepared, options: RunOptions) -> View:
    views = prepared.project.host.views(prepared.project.plugin_settings)
    unseen = options.quiet or (json_asked() and not _consent.interactive())
    if unseen or "progress" not in views:
        return nullcontext(_nobody_watches)
    return views["progress"].watch()


def _nobody_watches(_event: Event) -> None:
    """Let an event pass where no view is on."""
