"""`hocket runs explain`: why a call hit or missed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, write
from hocket.cli._text import inert

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.launch.explain import Explanation


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("call", type=int)
@json_option
def explain(run_id: str, call: int) -> None:
    """Say why CALL of RUN ran, or was answered from the journal."""
    from hocket.launch.explain import explain as explained
    from hocket.launch.project import Project
    from hocket.launch.shelf import require

    store = Project.open(Path.cwd()).store()
    require(store, run_id)
    found = explained(store, run_id, call)
    told: JsonObject = {
        "run_id": run_id,
        "call": found.call,
        "label": found.label,
        "sentences": [*found.sentences],
    }
    emit("runs explain", told, lambda: _print(found))


def _print(found: Explanation) -> None:
    write(f"call {found.call}  {inert(found.label)}")
    for sentence in found.sentences:
        write(f"  {inert(sentence)}")
