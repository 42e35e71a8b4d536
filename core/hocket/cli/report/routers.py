"""`hocket report routers`: which models were asked, what that cost, and what it was worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.launch.project import Project
    from hocket.launch.routing import Comparison, Course, Shares

UNKNOWN = "unknown"


@click.command()
@click.argument("run_ids", metavar="[RUN]…", nargs=-1)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Which model is right on which query: CSV or JSON.",
)
@json_option
def routers(run_ids: tuple[str, ...], labels: Path | None) -> None:
    """Show who answered the calls of RUN, or of all runs, and what asking twice added.

    Labels as CSV: a column `query` with labels or prompts of calls, a column of 0 and 1 for each
    model, and `MODEL|total_cost` in dollars. As JSON: [{"query": "…", "right": {MODEL: true},
    "cost": {MODEL: 0.01}}].
    """
    from hocket.launch.project import Project
    from hocket.launch.routing import account, compare, read_labels, shares

    known = read_labels(labels) if labels is not None else None
    taken = _taken(Project.open(Path.cwd()), run_ids)
    told = shares(taken)
    compared = compare(taken, known) if known is not None else None
    data = account.of_shares(told)
    if known is not None:
        data["labels"] = None if compared is None else account.of_comparison(compared)

    def human() -> None:
        if not taken:
            suggest("No agent ran in these runs.")
            return
        _print(told)
        if compared is not None:
            _print_comparison(compared)
        elif known is not None:
            write("no call has a label for the model that answered it")

    emit("report routers", data, human)


def _taken(project: Project, run_ids: Sequence[str]) -> list[Course]:
    """Read the calls of the named runs, or of all that can be read."""
    from hocket.launch import shelf
    from hocket.launch.routing import courses

    store = project.store()
    for run_id in run_ids:
        shelf.require(store, run_id)
    readable = [row.run_id for row in shelf.rows(store) if row.status != shelf.DAMAGED]
    return [course for run_id in run_ids or readable for course in courses(store, run_id)]


def _print(told: Shares) -> None:
    from hocket.launch.routing import account

    rows = [
        (
            share.model or "(the backend's own)",
            f"{share.calls:,}",
            _percent(share.calls / told.calls),
            f"{share.tries:,}",
            _money(account.dollars(share.usage.cost_micros)),
        )
        for share in told.models
    ]
    table(("model", "calls", "share", "tries", "cost"), rows, right=("calls", "share", "tries"))
    rate = _percent(told.escalated / told.calls)
    write(f"calls {told.calls:,}  escalated {told.escalated:,} ({rate})  asides {told.asides:,}")
    write(f"added wall time {told.added_ms / 1000:,.1f} s")


def _print_comparison(compared: Comparison) -> None:
    single = compared.best_single
    choices = [("routed", compared.routed), ("Oracle", compared.oracle)]
    if single is not None:
        choices.insert(1, (f"BestSingle: {single.model}", single))
    rows = [(name, _percent(worth.accuracy), _money(worth.cost)) for name, worth in choices]
    table(("choice", "accuracy", "cost"), rows, right=("accuracy", "cost"))
    closed = UNKNOWN if compared.closed is None else _percent(compared.closed)
    write(f"labelled calls {compared.calls:,}  share of the gap closed {closed}")


def _money(dollars: float | None) -> str:
    return UNKNOWN if dollars is None else f"${dollars:,.4f}"


def _percent(share: float) -> str:
    return f"{share:.1%}"
