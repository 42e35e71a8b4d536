"""`hocket runs explain`: why a call hit or missed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, write

if TYPE_CHECKING:
    from pydantic import JsonValue


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("call", type=int)
@json_option
def explain(run_id: str, call: int) -> None:
    """Say why CALL of RUN ran, or was answered from the journal."""
    from hocket.launch.explain import explain as explained
    from hocket.launch.project import Project
    from hocket.launch.reopen import header

    store = Project.open(Path.cwd()).store()
    header(store, run_id)
    found = explained(store, run_id, call)

    def human() -> None:
        write(f"call {found.call}  {found.label}")
        for sentence in found.sentences:
            write(f"  {sentence}")

    sentences: list[JsonValue] = [*found.sentences]
    data: dict[str, JsonValue] = {"call": found.call, "label": found.label, "sentences": sentences}
    emit("runs explain", {"run_id": run_id, **data}, human)
