"""`hocket runs show`: what became of a run, whether it lives, died or finished."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, table, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.engine.summary import Report


@click.command()
@click.argument("run_id", metavar="RUN")
@json_option
def show(run_id: str) -> None:
    """Show state, census, cost and failed calls of RUN."""
    from hocket import paths
    from hocket.launch.describe import describe
    from hocket.launch.project import Project
    from hocket.launch.reports.places import there
    from hocket.launch.shelf import require

    project = Project.open(Path.cwd())
    store = project.store()
    require(store, run_id)
    told = describe(store, run_id)
    place = paths.shown(Path(store.path(run_id)), project.root)
    files = there(store, run_id)
    emit("runs show", told, lambda: _print(told, place, files))


def _print(told: Report, place: str, files: Sequence[str]) -> None:
    from hocket.cli._closing import found_in, summary

    for line in summary(told, place):
        write(line)
    failures = told["failures"]
    rows = [
        [str(failure.get(name) or "") for name in ("call", "label", "state", "cause")]
        for failure in (failures if isinstance(failures, list) else [])
        if isinstance(failure, dict)
    ]
    if rows:
        table(("call", "label", "state", "cause"), rows, right=("call",))
    for line in found_in(files, place):
        write(line)
    if told["result"] is not None and not files:
        write(json.dumps(told["result"], ensure_ascii=False, indent=2))
