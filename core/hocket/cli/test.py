"""`hocket test`: check a bundle, play it through without any model, and run its own cases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, table, tell, write
from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.calls import JsonObject
    from hocket.registry.authoring.packing import Packed
    from hocket.rehearsal.bundle import Rehearsed

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@json_option
def test(folder: Path) -> None:
    """Test the bundle in DIR: its form, its scripts, dry runs at their edges, and its cases.

    Cases are tests/*.json in the bundle. No model is asked, and nothing leaves this machine.
    """
    from hocket.cli.pack import inspect_here
    from hocket.engine.clock import MachineClock
    from hocket.registry.authoring.packing import pack
    from hocket.rehearsal.bundle import Rehearsal

    made = pack(folder, inspect_here())
    scripts = {command.name: command.script for command in made.manifest.commands}
    found = Rehearsal(folder.resolve(), scripts, os.environ, MachineClock()).all()
    told: list[JsonObject] = [_as_data(one) for one in found]
    wrong = sum(bool(_problems(one)) for one in found)
    failure = None
    if wrong:
        failure = HocketError(
            "test",
            found=f"{wrong} of {len(found)} cases of {made.manifest.name} failed",
            hint="A script gets None for a call that failed, and lists may be empty.",
        )
    data: JsonObject = {"bundle": made.manifest.name, "cases": [*told]}
    emit("test", data, lambda: _show(made, found), failure=failure)


def _problems(one: Rehearsed) -> list[str]:
    tried = [f"{trial.world}: {text}" for trial in one.trials for text in trial.problems]
    return [*one.problems, *tried]


def _show(made: Packed, found: Sequence[Rehearsed]) -> None:
    for warning in made.warnings:
        tell(f"hocket: {made.manifest.name}: warning: {warning}")
    if not found:
        write(f"{made.manifest.name}: its form is right. It has no cases: write tests/*.json")
        return
    rows = [
        (
            one.place,
            one.name,
            "failed" if _problems(one) else "ok",
            f"{one.calls:,}",
            f"{sum(trial.played for trial in one.trials):,}",
        )
        for one in found
    ]
    table(("case", "name", "state", "calls", "dry runs"), rows, right=("calls", "dry runs"))
    for one in found:
        for problem in _problems(one):
            write(f"{one.place}: {problem}")


def _as_data(one: Rehearsed) -> JsonObject:
    return {
        "case": one.place,
        "name": one.name,
        "calls": one.calls,
        "problems": [*_problems(one)],
        "dry_runs": [
            {"world": trial.world, "played": trial.played, "calls": trial.calls}
            for trial in one.trials
        ],
    }
