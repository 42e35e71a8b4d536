"""`hocket estimate`: what a script would ask for and cost; nothing is run, nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._options import EstimatingCommand
from hocket.cli._output import emit, json_option, suggest, table, write
from hocket.cli._text import inert

if TYPE_CHECKING:
    from hocket.cli._options import RunOptions
    from hocket.estimate.result import Estimate

TITLES = {
    "calls": "agents",
    "input": "tokens sent",
    "output": "tokens received",
    "usd": "money",
    "seconds": "time",
}
PRETENDED = "Simulated agents spend nothing: with --backend and --model it says what others would."


@click.command("estimate", cls=EstimatingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("script")
@click.argument("words", nargs=-1)
@json_option
def estimate(script: str, words: tuple[str, ...], options: RunOptions) -> None:
    """Estimate SCRIPT: a file, or the name of a saved command.

    WORDS are its argument; what it declares it also takes as flags: hocket run NAME --help
    """
    from hocket.cli._running import project_here
    from hocket.engine.clock import MachineClock
    from hocket.estimate.making import estimate as made_of
    from hocket.launch.typed import Line

    prepared = Line(script, options.args, words).prepare(project_here(options))
    made = made_of(prepared, MachineClock())
    card = prepared.card
    head = f"{card.name} on {card.backend}, {card.at_once} agents at once"
    hint = PRETENDED if card.backend == "simulate" else ""
    emit("estimate", made.as_json(), lambda: _show(made, head, hint))


def _show(made: Estimate, head: str, hint: str) -> None:
    from hocket.cli import _estimate

    write(inert(head))
    write("")
    rows = [
        [TITLES[name], *(_estimate.figure(name, value) for value in (one.p50, one.p90)), ""]
        for name, one in made.figures.items()
    ]
    rows[0][-1] = f"at most {made.at_most:,}"
    rows += [] if "usd" in made.figures else [["money", "unknown", "unknown", ""]]
    table(("", "P50", "P90", " "), rows, right=("P50", "P90"))
    write(_estimate.rests(made))
    _more(made)
    if hint:
        suggest(hint)


def _more(made: Estimate) -> None:
    from hocket.cli import _estimate

    if made.drivers:
        write("\nWhat costs most")
        rows = [
            [
                f"  {one.site}",
                _estimate.share(one.share),
                "" if one.usd is None else _estimate.figure("usd", one.usd),
                f"{one.calls:g} agents",
            ]
            for one in made.drivers
        ]
        table(("", "share", "P50", " "), rows, right=("share", "P50"))
    if made.growth:
        write("\nHow it grows")
        for line in made.growth:
            write(f"  {inert(line)}")
    if made.broken:
        write(f"\nOver the budget: {_estimate.over(made)}")
        for one in made.proposals:
            write(f"  {inert(_estimate.proposal(one, made))}")
    for note in made.notes:
        write(f"\nnote: {inert(note)}")
