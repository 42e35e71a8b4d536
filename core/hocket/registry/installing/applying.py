"""Carries a plan out: until the intent is written nothing is changed, from then on all of it is."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError, RefusedError, StructureError
from hocket.registry.installing import intents, pledges
from hocket.registry.installing.changing import Change, finish
from hocket.registry.installing.disk import DISK
from hocket.registry.installing.holding import held
from hocket.registry.installing.intents import Intent
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.looking import placed
from hocket.registry.installing.moving import Mover
from hocket.registry.installing.pledges import Pledge
from hocket.registry.installing.recovery import is_under_way, recover
from hocket.registry.installing.staging import stage
from hocket.registry.installing.store import Store
from hocket.registry.installing.ways import entered
from hocket.registry.installing.writing import replace
from hocket.registry.locks.lock import dump as dump_lock
from hocket.registry.receipts.receipt import Distribution, Previous, Receipt, dump, file_name
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from hocket.registry.installing.changing import Aside
    from hocket.registry.installing.disk import Disk
    from hocket.registry.installing.plan import Parcel, Plan, Step
    from hocket.registry.receipts.receipt import Consent
    from hocket.registry.scopes import Scope

Packages = Callable[[], Mapping[str, tuple[Distribution, ...]]]
"""Installs Python packages, and tells by key what is there now, for their receipts."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done."""

    receipts: tuple[Receipt, ...]
    """Of what was added or updated."""
    removed: tuple[str, ...]
    asides: tuple[Aside, ...]
    """What a person had edited, and where it is kept: of an update and of a removal alike."""
    recovered: tuple[str, ...]
    """What an earlier process had left, a sentence each."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What comes from outside the plan."""

    consents: Mapping[str, Consent]
    now: datetime
    hocket: str
    packages: Packages | None


def apply(
    plan: Plan,
    consents: Mapping[str, Consent],
    now: datetime,
    hocket: str,
    packages: Packages | None = None,
    disk: Disk = DISK,
) -> Done:
    """Hold the scope, finish what was left, and carry the plan out.

    Raises HocketError where another holds it, where lock or receipts are no longer those of the
    plan, and where the disk fails: before the intent is written nothing was changed then, after
    it the next command goes on. Raises PackageRefused for a target that is not ours or a link.
    """
    given = _Given(consents, now, hocket, packages)
    with _told(plan.scope), held(plan.scope, disk=disk):
        recovered = recover(plan.scope, disk)
        _compare(plan)
        change, receipts = _decide(disk, plan, given)
        asides = change.complete()
    removed = tuple(step.key for step in plan.changes if step.parcel is None)
    return Done(receipts, removed, asides, recovered)


def _compare(plan: Plan) -> None:
    lock = plan.scope.lock
    changed = (lock.read_bytes() if lock.exists() else None) != plan.lock_before
    if changed or any(_receipt(plan.scope, step) != step.before for step in plan.steps):
        what = lock.name if changed else "what is installed"
        found = f"{what} changed since the plan was made"
        raise HocketError(lock.name, found=found, hint="Nothing was changed. Run it again.")


def _receipt(scope: Scope, step: Step) -> Receipt | None:
    try:
        return Kept(scope).get(step.key)
    except StructureError:
        return None


def _decide(disk: Disk, plan: Plan, given: _Given) -> tuple[Change, tuple[Receipt, ...]]:
    """Make all ready in a stage of its own, and write the intent last."""
    store, name = Store(plan.scope.store, disk), secrets.token_hex(8)
    receipts = _receipts(plan, given)
    try:
        for step in plan.changes:
            if step.parcel:
                _keep(store, step.parcel)
        with entered(disk, plan.scope, plan.scope.stage / name) as folder:
            moves = stage(Mover(disk, plan.scope, store, folder), plan)
            receipts = _with_packages(receipts, given.packages)
            intent = Intent(moves, dump_lock(plan.lock).decode(), _texts(plan, receipts))
            content = intents.dump(intent)
            pledge = Pledge(name, intents.seal(content))
            pledges.give(disk, plan.scope, pledge)
            replace(disk, (folder, "new"), (folder, intents.FILE), content)
    except Exception:
        # What cannot be cleared now is cleared by the next command.
        with suppress(OSError, HocketError):
            finish(disk, plan.scope, name)
        raise
    return Change(disk, plan.scope, intent, pledge), receipts


def _keep(store: Store, parcel: Parcel) -> None:
    if hk1(parcel.tree) != parcel.row.digest:
        found = f"the files have digest {hk1(parcel.tree)}"
        hint = "Nothing was changed."
        raise StructureError(parcel.key, found=found, expected=parcel.row.digest, hint=hint)
    store.put(parcel.tree)


def _receipts(plan: Plan, given: _Given) -> tuple[Receipt, ...]:
    return tuple(
        _written(step, step.parcel, given) for step in plan.changes if step.parcel is not None
    )


def _written(step: Step, parcel: Parcel, given: _Given) -> Receipt:
    consent = given.consents.get(step.key) or (step.before.consent if step.before else None)
    if consent is None:
        hint = "Nothing was changed."
        raise RefusedError(step.key, found="nobody allowed it", expected="consent", hint=hint)
    return Receipt(
        name=step.key,
        version=parcel.row.version,
        digest=parcel.row.digest,
        source=parcel.row.reference,
        installed_at=given.now,
        hocket=given.hocket,
        consent=consent,
        signer=parcel.signer,
        checks=dict(parcel.checks),
        targets=tuple(placed(one.place, one.path, one.tree) for one in parcel.copies),
        previous=_previous(step, parcel),
    )


def _previous(step: Step, parcel: Parcel) -> Previous | None:
    before = step.before
    if before is None:
        return None
    is_same = (before.version, before.digest) == (parcel.row.version, parcel.row.digest)
    return before.previous if is_same else Previous(before.version, before.digest)


def _with_packages(receipts: tuple[Receipt, ...], packages: Packages | None) -> tuple[Receipt, ...]:
    if packages is None:
        return receipts
    written = packages()
    return tuple(
        dataclasses.replace(one, distributions=written.get(one.name, ())) for one in receipts
    )


def _texts(plan: Plan, receipts: tuple[Receipt, ...]) -> dict[str, str | None]:
    gone = {file_name(step.key): None for step in plan.changes if step.parcel is None}
    return gone | {file_name(one.name): dump(one).decode() for one in receipts}


@contextmanager
def _told(scope: Scope) -> Generator[None]:
    """Turn an error of the system into one of ours, with what it left."""
    try:
        yield
    except OSError as cause:
        began = is_under_way(scope)
        kept = "The next hocket command here finishes it." if began else "Nothing was changed."
        found = f"the disk fails: {cause.strerror}"
        error = HocketError(f"the {scope.name} scope", found=found, hint=kept)
        error.code = "io"
        raise error from cause
