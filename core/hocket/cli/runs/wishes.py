"""`hocket runs stop|pause|go-on|skip|restart|answer`: wishes to a live run, through its socket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, write

if TYPE_CHECKING:
    from pydantic import JsonValue


@click.command()
@click.argument("run_id", metavar="RUN")
@json_option
def stop(run_id: str) -> None:
    """Stop RUN cleanly: nothing is lost, and it can be resumed."""
    _wish("stop", run_id, {}, f"run {run_id} is stopping")


@click.command()
@click.argument("run_id", metavar="RUN")
@json_option
def pause(run_id: str) -> None:
    """Let RUN dispatch nothing more; calls in flight go on."""
    _wish("pause", run_id, {}, f"run {run_id} is paused; go on: hocket runs go-on {run_id}")


@click.command("go-on")
@click.argument("run_id", metavar="RUN")
@json_option
def go_on(run_id: str) -> None:
    """Let a paused RUN dispatch again."""
    _wish("go_on", run_id, {}, f"run {run_id} goes on")


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("call", type=int)
@json_option
def skip(run_id: str, call: int) -> None:
    """End CALL of RUN as skipped: the script gets nothing for it."""
    _wish("skip", run_id, {"call": call}, f"call {call} is skipped")


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("call", type=int)
@json_option
def restart(run_id: str, call: int) -> None:
    """Throw away what CALL of RUN was doing, and let it begin again."""
    _wish("restart", run_id, {"call": call}, f"call {call} begins again")


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("question")
@click.argument("answer")
@click.option(
    "--scope",
    type=click.Choice(["call", "run"]),
    default="call",
    help="Whether it holds for this call, or for all that ask the same in this run.",
)
@json_option
def answer(run_id: str, question: str, answer: str, scope: str) -> None:  # noqa: A002, RUF100
    """Answer an open QUESTION of RUN.

    `hocket runs show RUN` tells which questions are open.
    """
    said = f"{answer} {scope}" if scope == "run" else answer
    _wish("answer", run_id, {"question": question, "answer": said}, "answered")


def _wish(verb: str, run_id: str, fields: dict[str, JsonValue], said: str) -> None:
    from hocket.launch.project import Project
    from hocket.launch.shelf import require
    from hocket.launch.wishing import wish

    store = Project.open(Path.cwd()).store()
    require(store, run_id)
    answered = wish(store, run_id, {"verb": verb, **fields})
    emit(f"runs {verb.replace('_', '-')}", {"run_id": run_id, **answered}, lambda: write(said))
