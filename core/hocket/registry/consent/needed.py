"""What must be agreed to before a plan is carried out, package by package."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.registry.capabilities.difference import allows, ids
from hocket.registry.capabilities.table import capability_hash, is_quiet, union
from hocket.registry.consent.ids import CAPABILITIES, ceiling_of, checked, is_capability
from hocket.registry.consent.raising import Around, Raised
from hocket.registry.linting.found import found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.ceiling import Ceiling
    from hocket.registry.consent.granted import Granted
    from hocket.registry.installing.plan import Parcel, Plan, Step
    from hocket.registry.receipts.receipt import Consent, Receipt

_ALLOW = "consent.allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one package asks for."""

    key: str
    parcel: Parcel
    asked: Ceiling
    """All it asks for: what it declares, and what was found in its skills."""
    ids: tuple[str, ...]
    """What nobody agreed to yet, sorted."""
    raised: tuple[Raised, ...]
    """Beyond capabilities, also what was agreed to."""
    before: Consent | None
    """What holds of it by this machine's receipt: nothing, once its signer or host is another."""
    is_new: bool
    """Whether this machine has no receipt for it."""

    @property
    def at_once(self) -> str:
        """The id that accepts all its capabilities, and only these."""
        return f"{CAPABILITIES}:{capability_hash(self.asked)}"

    @property
    def is_quiet(self) -> bool:
        """Whether `--yes` covers its capabilities: they are quiet as a whole, not one by one.

        A pattern that may be read is quiet only while nothing can carry it out.
        """
        return is_quiet(replace(self.asked, is_declared=True))

    @property
    def loud(self) -> tuple[str, ...]:
        """What `--yes` never accepts."""
        return tuple(one for one in self.ids if not (self.is_quiet and is_capability(one)))


@dataclass(frozen=True, slots=True)
class Needs:
    """What all packages of a plan ask for."""

    plan: Plan
    granted: Granted
    packages: tuple[Need, ...]
    signers: tuple[Raised, ...] = ()
    """Registries whose signers are no longer those that were pinned."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All that `--yes` does not accept, sorted and each once."""
        loud = {one for need in self.packages for one in need.loud}
        return tuple(sorted(loud | {one.id for one in self.signers}))

    @property
    def asked(self) -> Ceiling:
        """The most that all of them may do together."""
        return union(need.asked for need in self.packages)


def needed(plan: Plan, granted: Granted) -> Needs:
    """Find it; raises UsageError where `consent.allow` has an id that is none."""
    around, allow = Around(plan, granted), checked(granted.allow, _ALLOW)
    packages = tuple(
        _need(step, step.parcel, around.raised(step, step.parcel), allow)
        for step in plan.steps
        if step.parcel is not None
    )
    return Needs(plan, granted, packages, tuple(_changed_signers(plan, granted, allow)))


def covers(given: Iterable[str], id_: str) -> bool:
    """Say whether some ids hold another one, exactly or by holding more; `x:NAME` has any owner."""
    named = tuple(given)
    if is_capability(id_):
        return id_ in named or allows(ceiling_of(named), id_)
    kind, _, item = id_.partition(":")
    return id_ in named or ("/" in item[1:] and f"{kind}:{item.partition('/')[2]}" in named)


def _need(step: Step, parcel: Parcel, raised: tuple[Raised, ...], allow: tuple[str, ...]) -> Need:
    asked = _asked(parcel)
    bound = step.before.consent if step.before and not _is_elsewhere(step, raised) else None
    need = Need(
        key=step.key,
        parcel=parcel,
        asked=asked,
        ids=(),
        raised=raised,
        before=bound,
        is_new=step.before is None,
    )
    wanted = (*(one for one in ids(asked) if one != "python"), *(one.id for one in raised))
    fresh = {one for one in wanted if not _holds(need, step.before, one, allow)}
    return replace(need, ids=tuple(sorted(fresh)))


def _asked(parcel: Parcel) -> Ceiling:
    """Give what it declares; what other hosts would run of it is asked for although untold."""
    told, wished = parcel.row.capabilities, found(parcel.tree)
    if not told.is_declared:
        return replace(union((told, wished)), is_declared=False)
    return replace(
        told,
        hooks=told.hooks or wished.hooks,
        inline_exec=told.inline_exec or wished.inline_exec,
    )


def _is_elsewhere(step: Step, raised: tuple[Raised, ...]) -> bool:
    """Say whether somebody else vouches for it now, or another host gives it: consent lapses."""
    unsigned = step.before is not None and bool(step.before.signer)
    ends = ("signer:", "source:", *(("unsigned:",) if unsigned else ()))
    return any(one.id.startswith(ends) for one in raised)


def _holds(need: Need, receipt: Receipt | None, id_: str, allow: tuple[str, ...]) -> bool:
    """Say whether an id was agreed to: by the settings, or by the receipt while it is bound."""
    if covers(allow, id_) or (is_capability(id_) and need.at_once in allow):
        return True
    if receipt is None or need.before is None:
        return False
    # The same bytes ask nothing again; those of another version are looked at anew.
    if id_.startswith("finding:") and receipt.digest != need.parcel.row.digest:
        return False
    granted = is_capability(id_) and allows(need.before.ceiling, id_)
    return granted or id_ in need.before.accepted


def _changed_signers(plan: Plan, granted: Granted, allow: tuple[str, ...]) -> Iterable[Raised]:
    for one in plan.lock.registries:
        pin = granted.pins.get(one.name)
        id_ = f"signers:{one.signers or 'none'}"
        if pin is not None and pin.signers != one.signers and id_ not in allow:
            yield Raised(
                id_, f"the registry {one.name} names other signers than when it was pinned"
            )
