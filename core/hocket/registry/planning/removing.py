"""Plans that packages go away; it needs no registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.errors import NoSolution
from hocket.registry.installing.plan import Plan
from hocket.registry.planning import steps, wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hocket.registry.locks.lock import Lock
    from hocket.registry.planning.demand import Demand
    from hocket.registry.planning.lockfile import Before
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.scopes import Scope

ORPHAN = "nothing needs it"


def plan(scope: Scope, demand: Demand, before: Before, receipts: Mapping[str, Receipt]) -> Plan:
    """Plan it; with `prune` also for what nobody needs afterwards."""
    lock = before.lock
    named = {wanted.needed(name, {*lock.versions, *receipts}) for name in demand.specs}
    _judge(lock, named)
    gone, left = frozenset(named), frozenset[str]()
    orphans = wanted.orphans(_without(lock, gone), set(lock.versions) - gone)
    if demand.prune:
        gone |= orphans
    else:
        left = orphans
    whys = dict.fromkeys(gone - named, ORPHAN)
    return Plan(
        command=demand.command,
        scope=scope,
        steps=tuple(steps.of_removals(gone, receipts, whys)),
        lock=_without(lock, gone),
        lock_before=before.content,
        notes=tuple(f"nothing needs {key} any more: --prune drops it" for key in sorted(left)),
    )


def _judge(lock: Lock, named: Collection[str]) -> None:
    """Refuse to take away what another package needs that stays."""
    chains = tuple(
        f"{one.name} {one.version} needs {need}"
        for one in lock.packages
        if one.name not in named
        for need in one.dependencies
        if need.partition("@")[0] in named
    )
    if chains:
        who = ", ".join(sorted(named))
        hint = "Nothing was removed. Remove what needs it in the same command."
        raise NoSolution(who, found="another package depends on it", chains=chains, hint=hint)


def _without(lock: Lock, gone: Collection[str]) -> Lock:
    packages = tuple(one for one in lock.packages if one.name not in gone)
    used = {one.name.partition("/")[0] for one in packages}
    registries = tuple(one for one in lock.registries if one.name in used)
    return replace(lock, registries=registries, packages=packages)
