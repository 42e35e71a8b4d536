"""What happens to each package: what is there is compared with what shall be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.installing.looking import expected, placed
from hocket.registry.installing.plan import Action, Step
from hocket.registry.installing.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hocket.registry.installing.plan import Parcel
    from hocket.registry.locks.lock import Lock
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.scopes import Scope

    IsWhole = Callable[[Receipt], bool]

REQUESTED = "requested"


def of_parcels(
    parcels: Iterable[Parcel], lock: Lock, receipts: Mapping[str, Receipt], is_whole: IsWhole
) -> list[Step]:
    """Make the steps, what a person asked for first."""
    whys = _whys(lock)
    steps = [
        Step(
            action=_action(one, receipts.get(one.key), is_whole),
            key=one.key,
            parcel=one,
            before=receipts.get(one.key),
            why=whys.get(one.key, REQUESTED),
        )
        for one in parcels
    ]
    return sorted(steps, key=lambda step: (step.why != REQUESTED, step.key))


def of_removals(
    keys: Iterable[str], receipts: Mapping[str, Receipt], whys: Mapping[str, str]
) -> list[Step]:
    """Make the steps of what goes away."""
    return [
        Step(Action.REMOVE, key, before=receipts.get(key), why=whys.get(key, REQUESTED))
        for key in sorted(keys)
    ]


def is_whole(scope: Scope, receipt: Receipt) -> bool:
    """Whether every target still is what its receipt says."""
    return not verify(scope, receipt.name, receipt, None).edited


def _action(parcel: Parcel, before: Receipt | None, is_whole: IsWhole) -> Action:
    if before is None:
        return Action.ADD
    row = parcel.row
    now = (row.version, row.digest, parcel.signer, row.reference)
    is_same = now == (before.version, before.digest, before.signer, before.source)
    return (
        Action.KEEP if is_same and _is_laid(parcel, before) and is_whole(before) else Action.UPDATE
    )


def _is_laid(parcel: Parcel, before: Receipt) -> bool:
    """Whether what is put where is what was put there."""
    wanted = {
        (one.place, one.path): expected(placed(one.place, one.path, one.tree))
        for one in parcel.copies
    }
    return wanted == {(one.place, one.path): expected(one) for one in before.targets}


def _whys(lock: Lock) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in sorted(lock.packages, key=lambda one: one.name):
        for need in one.dependencies:
            told.setdefault(need.partition("@")[0], f"needed by {one.name.partition('/')[2]}")
    return told | dict.fromkeys(lock.requested, REQUESTED)


def renamed_away(
    old: Sequence[str], new: Mapping[str, object], current: Callable[[str], str]
) -> dict[str, str]:
    """Give the old names of packages that are there under new ones now."""
    told = {key: current(key) for key in old if key not in new}
    return {key: now for key, now in told.items() if now != key and now in new}
