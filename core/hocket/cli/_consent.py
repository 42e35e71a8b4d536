"""The card before a run: look at it, read the script, change it, approve it or not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hocket.cli import _trusting
from hocket.cli._card import show
from hocket.cli._options import typed_with
from hocket.cli._output import tell
from hocket.cli._text import inert
from hocket.errors import RefusedError, ScriptRejected
from hocket.launch.approvals import Approvals
from hocket.trust.store import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.cli._options import RunOptions
    from hocket.launch.card import Card
    from hocket.launch.prepare import Prepared

    Prepare = Callable[[], Prepared]
    Foresee = Callable[[Prepared], tuple[Prepared, list[tuple[str, str]]]]

QUESTION = "Run it? [y] once  [a] always this script  [v] view  [e] edit  [N] no"
TRUST = "  [t] trust this folder"
AGAIN = "It cannot run like this. [e] edit again  [N] no"


def interactive() -> bool:
    """Say whether a person can answer here."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def consent(prepare: Prepare, options: RunOptions, foresee: Foresee | None = None) -> Prepared:
    """Get a person's yes to the card, and give what they said yes to (it may be edited).

    A yes to the card allows what it lists; `--yes` is about the script alone. Raises
    RefusedError: with nobody there it names the exact command that would allow it. What a
    run will cost is estimated for whoever looks, else only if that was typed.
    """
    prepared = prepare()
    if Approvals().holds(prepared.card.pin):
        return _unasked(prepared.agreed(), options, foresee)
    if prepared.distrusted and (options.yes or not interactive()):
        raise _distrusted(prepared)
    if options.yes:
        return _unasked(prepared, options, foresee)
    if not interactive():
        raise _nobody(prepared.card)
    return _asked(prepared, prepare, foresee)


def _asked(prepared: Prepared, prepare: Prepare, foresee: Foresee | None) -> Prepared:
    """Show the card until a person says yes or no to it; what is left is a no."""
    prepared = _shown(prepared, foresee)
    while True:
        more = {"v": _viewed, "e": _edited, **({"t": _trusted} if _is_open(prepared) else {})}
        tell(QUESTION.replace("  [N]", f"{TRUST}  [N]") if "t" in more else QUESTION)
        key = _trusting.key()
        if key in ("y", "a"):
            _pin(prepared.card, always=key == "a")
            return prepared.agreed()
        if key not in more:
            raise _no(prepared.card)
        changed = more[key](prepared, prepare)
        prepared = prepared if key == "v" else _shown(changed, foresee)


def _is_open(prepared: Prepared) -> bool:
    """Say whether a person could trust something here that is not."""
    standing = prepared.project.standing
    return standing.can_be_trusted or (standing.is_trusted and bool(prepared.distrusted))


def renewed(prepared: Prepared, prepare: Prepare, options: RunOptions) -> Prepared:
    """Ask again for what the card of an approved run lists; nobody there allows none of it.

    A run's folder may have come from anywhere, so its own word for it would be worth nothing: in
    a folder that nobody trusts the whole run is asked about again.
    """
    if Approvals().holds(prepared.card.pin):
        return prepared.agreed()
    trusted = prepared.project.is_trusted
    if options.yes or (trusted and not (prepared.card.offer.rules and interactive())):
        return prepared
    return consent(prepare, options)


def _unasked(prepared: Prepared, options: RunOptions, foresee: Foresee | None) -> Prepared:
    """Estimate a run that needs no yes, and say what is to be expected, if that was typed."""
    if foresee is None or not options.estimate:
        return prepared
    prepared, rows = foresee(prepared)
    for name, text in rows:
        tell(f"hocket: {name}: {text}")
    return prepared


def _shown(prepared: Prepared, foresee: Foresee | None) -> Prepared:
    rows: list[tuple[str, str]] = []
    if foresee is not None:
        prepared, rows = foresee(prepared)
    show(prepared.card, rows)
    return prepared


def _trusted(prepared: Prepared, prepare: Prepare) -> Prepared:
    """Show what came with the folder; after a yes the run is prepared as it is then."""
    store, standing = Trust(), prepared.project.standing
    found = store.review(standing)
    if not _trusting.asked(standing, found):
        return prepared
    _trusting.pin(store, standing, found)
    return prepare()


def _viewed(prepared: Prepared, _prepare: Prepare) -> Prepared:
    text = inert(prepared.script.source, newlines="keep")
    # Into a pipe a pager would write what is not the answer.
    if sys.stdout and sys.stdout.isatty():
        click.echo_via_pager(text)
    else:
        tell(text)
    return prepared


def _edited(prepared: Prepared, prepare: Prepare) -> Prepared:
    """Let a person change the script until the checks pass; what does not pass never runs."""
    if prepared.file is None:
        tell("It came with hocket, or from the run: copy it to a file of yours to change it.")
        return prepared
    while True:
        click.edit(filename=str(prepared.file))
        try:
            return prepare()
        except ScriptRejected as rejected:
            tell(rejected.message)
        tell(AGAIN)
        if _trusting.key() != "e":
            raise _no(prepared.card)


def _pin(card: Card, *, always: bool) -> None:
    try:
        if always:
            Approvals().pin(card.pin, card.name)
    except OSError as error:
        tell(f"hocket: this holds for once: it could not be kept ({error.strerror}).")


def _no(card: Card) -> RefusedError:
    return RefusedError(card.name, found="not approved", hint="Nothing ran, nothing was spent.")


def _nobody(card: Card) -> RefusedError:
    return RefusedError(
        card.name,
        found="nobody is here to approve it",
        expected="--yes, or an approval of this very script",
        hint=f"Allow it: {typed_with('--yes')}\n{_reach(card)}Nothing ran, nothing was spent.",
    )


def _distrusted(prepared: Prepared) -> RefusedError:
    return RefusedError(
        prepared.card.name,
        found=f"it came with this folder, and {inert(prepared.distrusted)} is not trusted as it is",
        expected="a folder that you trust, an approval of this very script, or its path",
        hint="See it, and trust it: hocket trust\nNothing ran, nothing was spent.",
    )


def _reach(card: Card) -> str:
    """Say what `--yes` does not do, where agents could want more."""
    if not card.offer.rules:
        return ""
    return (
        "With --yes its agents may do no more than rules and --allow say; this card would list "
        f"{', '.join(card.offer.rules)}.\n"
    )
