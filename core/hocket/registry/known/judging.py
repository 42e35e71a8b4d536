"""Turns verdicts about an index into what a command says and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.indexes.verdicts import Fault, judge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hocket.registry.indexes.seen import Seen
    from hocket.registry.indexes.verdicts import Verdict
    from hocket.registry.known.looking import Look

_HINT = "What was fetched before is kept, and --offline uses it."
_OWN = "Is it yours? Raise its serial with every change, as hocket publish does."


def judged(look: Look, seen: Seen, now: datetime, *, require_fresh: bool) -> tuple[Verdict, ...]:
    """Compare a registry with its log; raises PackageRefused where it is not to be used."""
    told = judge(look.judged, seen, now, require_fresh=require_fresh)
    stop(look, told)
    return told


def stop(look: Look, verdicts: Iterable[Verdict]) -> None:
    """Raise PackageRefused if the whole index is refused."""
    refused = [one for one in verdicts if one.is_refused and one.row is None]
    if refused:
        texts = [one.text.removeprefix(f"{look.name}: ") for one in refused]
        is_own = look.served.is_local and refused[0].fault is Fault.EDITED
        raise PackageRefused(look.who, texts, refused[0].fault.code, _OWN if is_own else _HINT)


def not_older(look: Look, serial: int) -> None:
    """Raise PackageRefused for a serial below that of the pin, which outlives a lost log."""
    if look.index.serial < serial:
        what = f"serial {look.index.serial} is older than {serial}, which was agreed to"
        raise PackageRefused(look.who, [what], Fault.ROLLBACK.code, _HINT)


def notes(look: Look, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Tell what a person should know, and what this hocket does not understand."""
    # An import offers what its newest commit has; that older versions are gone is no wrong.
    verdicts = (one for one in verdicts if not (look.is_import and one.fault is Fault.REMOVED))
    hidden = (one.sentence(look.name) for one in look.index.hidden)
    return (*(one.text for one in verdicts), *hidden)


def barred(look: Look) -> tuple[str, ...]:
    """Tell how much of an import cannot be taken, with one reason for all."""
    if not look.barred:
        return ()
    name, why = next(iter(sorted(look.barred.items())))
    count = len(look.barred)
    told = f"{look.name}: {count} of its entries cannot be imported, such as {name}: {why}"
    return (told,)
