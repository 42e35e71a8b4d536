"""Which slash commands and which places a package takes, and whether somebody has them already.

A claim is `/COMMAND` or `PLACE/PATH`, as a person reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hocket.registry.installing.plan import Copy, Parcel
    from hocket.registry.receipts.receipt import Receipt, Target


def taken(commands: Sequence[str], name: str, folder: str) -> tuple[str, ...]:
    """Give the commands that a bundle takes in a folder of this name.

    Under another name than its own it answers to that; the rest is `/FOLDER:COMMAND` only.
    """
    if folder == name:
        return tuple(commands)
    return (folder,) if name in commands else ()


def claims(parcel: Parcel) -> tuple[str, ...]:
    """Give all that a package takes in its scope, its commands first."""
    manifest = parcel.bundle.manifest if parcel.bundle else None
    names = [one.name for one in manifest.commands] if manifest else []
    commands = taken(names, parcel.row.name, _folder(parcel.copies) or parcel.row.name)
    return (*(f"/{one}" for one in commands), *(_place(one) for one in parcel.copies))


def installed(receipts: Iterable[Receipt]) -> dict[str, str]:
    """Say what packages have that a plan does not touch, as far as their receipts tell it."""
    told: dict[str, str] = {}
    for one in receipts:
        told |= {_place(target): one.name for target in one.targets}
        if folder := _folder(one.targets):
            told[f"/{folder}"] = one.name
    return told


def judge(
    key: str,
    wanted: Sequence[str],
    others: Mapping[str, str],
    built_in: Collection[str],
    accepted: Collection[str],
) -> None:
    """Raise RefusedError for what another package of the scope, or hocket itself, has.

    `others` says by claim which package has it; `accepted` are all ids that were ever given.
    """
    for claim in wanted:
        if (owner := others.get(claim, key)) != key:
            raise RefusedError(
                key,
                found=f"{'the command ' * claim.startswith('/')}{claim} is that of {owner}",
                expected="one package for each name in a scope",
                hint=f"Give it another name: hocket install {key} --as NAME\nNothing was changed.",
            )
        if claim.removeprefix("/") in built_in and f"shadow:{claim}" not in accepted:
            raise RefusedError(
                key,
                found=f"its command {claim} would hide the built-in one",
                expected="a name of its own",
                hint=f"If it is meant: --accept=shadow:{claim}\nNothing was changed.",
            )


def owners(parcels: Iterable[Parcel]) -> dict[str, str]:
    """Say which package has what."""
    return {claim: parcel.key for parcel in parcels for claim in claims(parcel)}


def _folder(placed: Iterable[Copy | Target]) -> str:
    return next((one.path for one in placed if one.place is Place.WORKFLOWS), "")


def _place(one: Copy | Target) -> str:
    return f"{one.place}/{one.path}"
