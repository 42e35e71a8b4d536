"""Reads a receipt; what hocket did not write is refused, and then nothing was installed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.ceiling import Ceiling
from hocket.errors import StructureError
from hocket.registry.capabilities import table as capabilities
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.tables import Misread, parse
from hocket.registry.receipts.receipt import (
    FORMAT,
    GIVERS,
    Consent,
    Distribution,
    Place,
    Placed,
    Previous,
    Receipt,
    Target,
)

if TYPE_CHECKING:
    from hocket.registry.forms.tables import Table


def read(content: bytes, who: str) -> Receipt:
    """Read it; raises StructureError: without its receipt a package is not installed by us."""
    top = parse(content, who)
    try:
        if (version := top.get("format", forms.whole)) != FORMAT:
            newer = "needs a newer hocket" if version > FORMAT else f"is not {FORMAT}"
            raise top.misread("format", f"{version} {newer}")
        receipt = Receipt(
            name=top.get("name", forms.qualified),
            version=top.get("version", names.version),
            digest=top.get("digest", names.digest),
            source=top.get("source", forms.reference),
            signer=top.find("signer", forms.line, ""),
            installed_at=top.get("installed-at", names.time),
            hocket=top.get("hocket", forms.line),
            checks=top.pairs("checks", names.name, forms.line),
            consent=_consent(top),
            previous=_previous(top),
            targets=tuple(_target(one) for one in top.tables("target")),
            distributions=tuple(_distribution(one) for one in top.tables("distribution")),
        )
        top.close()
    except Misread as misread:
        hint = "Install it again: hocket install --frozen"
        raise StructureError(who, found=str(misread), hint=hint) from misread
    return receipt


def _consent(top: Table) -> Consent:
    own = top.table("consent")
    if own is None:
        raise top.misread("consent", "is missing")
    declared = own.get("declared", forms.flag)
    ceiling = own.get("capabilities", _ceiling) if "capabilities" in own else Ceiling()
    consent = Consent(
        ceiling=ceiling if declared else Ceiling(is_declared=False),
        accepted=own.every("accepted", forms.line),
        by=own.get("by", _giver),
        at=own.get("at", names.time),
    )
    own.close()
    return consent


def _previous(top: Table) -> Previous | None:
    own = top.table("previous")
    if own is None:
        return None
    previous = Previous(own.get("version", names.version), own.get("digest", names.digest))
    own.close()
    return previous


def _target(one: Table) -> Target:
    files = tuple(_placed(row) for row in one.tables("file"))
    target = Target(one.get("place", _place), one.get("path", forms.path), files)
    one.close()
    return target


def _distribution(one: Table) -> Distribution:
    files = tuple(_placed(row) for row in one.tables("file"))
    read = Distribution(one.get("name", forms.line), one.get("version", forms.line), files)
    one.close()
    return read


def _placed(row: Table) -> Placed:
    placed = Placed(
        row.get("path", forms.path), row.get("kind", _file_kind), row.get("sha256", names.sha256)
    )
    row.close()
    return placed


def _place(value: object) -> Place:
    if value not in set(Place):
        raise Unfit(f"{quoted(value)} is not one of {', '.join(Place)}")
    return Place(str(value))


def _file_kind(value: object) -> str:
    if value not in {"f", "x"}:
        raise Unfit(f"{quoted(value)} is not f or x")
    return str(value)


def _giver(value: object) -> str:
    if value not in GIVERS:
        raise Unfit(f"{quoted(value)} is not one of {', '.join(GIVERS)}")
    return str(value)


def _ceiling(value: object) -> Ceiling:
    read_table = capabilities.read(value)
    if read_table.problems:
        raise Unfit(read_table.problems[0].text)
    return read_table.ceiling
