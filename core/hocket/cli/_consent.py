"""The card before a run: look at it, read the script, change it, approve it or not."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from hocket.cli._output import tell
from hocket.cli._text import inert, money
from hocket.errors import RefusedError
from hocket.launch.approvals import Approvals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hocket.launch.card import Card
    from hocket.launch.prepare import Prepared

QUESTION = "Run it? [y] once  [a] always this script  [v] view  [e] edit  [N] no"


def interactive() -> bool:
    """Say whether a person can answer here."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def consent(prepared: Prepared, again: Callable[[], Prepared], *, yes: bool) -> Prepared:
    """Get a person's yes to the card, and give what they said yes to (it may be edited).

    Raises RefusedError: with nobody there it names the exact command that would allow it.
    """
    approvals = Approvals()
    if yes or approvals.holds(prepared.script.digest):
        return prepared
    if not interactive():
        raise _nobody(prepared.card)
    show(prepared.card)
    while True:
        tell(QUESTION)
        key = click.getchar(echo=False).lower()
        if key == "v":
            click.echo_via_pager(inert(prepared.script.source, newlines="keep"))
        elif key == "e":
            click.edit(filename=prepared.script.path)
            prepared = again()
            show(prepared.card)
        elif key in ("y", "a"):
            if key == "a":
                approvals.pin(prepared.script.digest, prepared.card.name)
            return prepared
        else:
            raise RefusedError(
                prepared.card.name, found="not approved", hint="Nothing ran, nothing was spent."
            )


def show(card: Card) -> None:
    """Print the card."""
    for line in lines(card):
        tell(line)


def lines(card: Card) -> Sequence[str]:
    """Write the card: what it is, what it may use, and which commands could run."""
    budget = [
        f"{card.budget_tokens:,} output tokens" if card.budget_tokens is not None else "",
        money(card.budget_micros) if card.budget_micros is not None else "",
    ]
    rows = [
        ("script", f"{card.path}  {card.digest[:19]}…"),
        ("phases", " → ".join(phase.title for phase in card.phases) or "none announced"),
        ("agents", f"at most {card.agents:,}, {card.at_once} at once"),
        ("budget", " and ".join(filter(None, budget)) or "none set"),
        ("backend", _backend(card.backend)),
        *(("may run", f"{name}: {command}") for name, command in card.checks),
        *(("note", note) for note in card.notes),
    ]
    return [f"{card.name}: {card.description}", *(f"  {name:<8} {text}" for name, text in rows)]


def _backend(name: str) -> str:
    made_up = "simulate: answers are made up, no model is asked, nothing is spent"
    return made_up if name == "simulate" else name


def _nobody(card: Card) -> RefusedError:
    command = shlex.join(["hocket", *sys.argv[1:], "--yes"])
    return RefusedError(
        card.name,
        found="nobody is here to approve it",
        expected="--yes, or an approval of this very script",
        hint=f"Allow it: {command}\nNothing ran, nothing was spent.",
    )
