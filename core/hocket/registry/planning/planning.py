"""Plans an install, an update or a removal; nothing is written and nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.registry.indexes.rows import ANY
from hocket.registry.installing.kept import Kept
from hocket.registry.locks.local import LOCAL, is_local
from hocket.registry.planning import frozen, laying, lockfile, removing, wanted
from hocket.registry.planning.demand import Mode
from hocket.registry.planning.making import Making
from hocket.registry.planning.specs import Elsewhere, Wish, parse
from hocket.registry.resolving.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hocket.registry.bundles.inspection import Inspect
    from hocket.registry.forms.versions import Version
    from hocket.registry.installing.plan import Plan
    from hocket.registry.known.opened import Opened
    from hocket.registry.planning.checking import Lint
    from hocket.registry.planning.demand import Demand
    from hocket.registry.planning.lockfile import Before
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.resolving.shelf import Shelf
    from hocket.registry.scopes import Scope
    from hocket.registry.sources.fetching import Fetcher

_NO_AGE = timedelta(0)
_NO_AGES = dict[str, timedelta]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans the commands of one scope at one moment."""

    scope: Scope
    opened: Opened | None
    """The registries at hand; None: no index is read, which is enough for a frozen install."""
    fetcher: Fetcher
    inspect: Inspect
    now: datetime
    hocket_version: str
    python_version: str
    lint: Lint | None = None
    """None: hocket's own lints."""

    def install(self, demand: Demand) -> Plan:
        """Plan what was named, or without a name what the lock says.

        Raises UsageError for what cannot be meant, NoSolution, PackageRefused for what a check
        refuses, RefusedError for a command that is taken, LockWouldChange under `--locked`.
        """
        laying.judge_name(demand.as_name, len(demand.specs))
        laying.places_of(demand.exports)
        before, receipts = self._start()
        if demand.mode is Mode.FROZEN:
            if demand.specs:
                raise UsageError("--frozen", found="packages are named", expected="none")
            return frozen.plan(self, demand, before, receipts)
        making = self._making(demand, before, receipts)
        told = [parse(spec) for spec in demand.specs]
        locals_ = [making.typed(one.text) for one in told if isinstance(one, Elsewhere)]
        making = making.offering(locals_, before.lock.versions)
        given = [(making.key_of(one.name), one) for one in told if isinstance(one, Wish)]
        given += [(one.key, Wish(one.key, ANY)) for one in locals_]
        fresh = {one.key for one in locals_}
        locked = {key: one for key, one in before.lock.versions.items() if key not in fresh}
        rules = self._rules(demand, making.shelf, locked)
        plan = making.plan(wanted.wishes(before.lock, given), rules, [key for key, _ in given])
        if demand.mode is Mode.LOCKED:
            lockfile.judge_locked(before, plan.lock)
        return plan

    def update(self, demand: Demand) -> Plan:
        """Plan newer versions of what was named and of what only that needs, or of everything.

        Names are followed to what a package is called now.
        """
        before, receipts = self._start()
        making = self._making(demand, before, receipts)
        installed = before.lock.versions
        given = list(_named(demand.specs, installed))
        keys = [key for key, _ in given] or making.updatable(installed)
        fresh = [making.again(key) for key in keys if is_local(key)]
        making = making.offering(fresh, {k: v for k, v in installed.items() if k not in keys})
        rules = self._rules(demand, making.shelf, before.lock.without(frozenset(keys)))
        asked = [(key, wish) for key, wish in given if key in before.lock.requested or wish.within]
        return making.plan(wanted.wishes(before.lock, asked), rules, keys)

    def remove(self, demand: Demand) -> Plan:
        """Plan that packages go; raises NoSolution where another one depends on them."""
        before, receipts = self._start()
        return removing.plan(self.scope, demand, before, receipts)

    def _start(self) -> tuple[Before, Mapping[str, Receipt]]:
        return lockfile.read(self.scope.lock), Kept(self.scope).all()

    def _making(self, demand: Demand, before: Before, receipts: Mapping[str, Receipt]) -> Making:
        if self.opened is None:
            raise UsageError(demand.command, found="no registry is open", expected="--frozen")
        lockfile.judge_registries(before.lock, self.opened.registries, demand)
        return Making(self, self.opened, demand, before, receipts)

    def _rules(self, demand: Demand, shelf: Shelf, locked: Mapping[str, Version]) -> Rules:
        return Rules(
            now=self.now,
            hocket=self.hocket_version,
            python=self.python_version,
            ages={**(self.opened.ages if self.opened else _NO_AGES), LOCAL: _NO_AGE},
            young=wanted.young(demand.accepted, shelf),
            pre=demand.pre,
            locked=locked,
        )


def _named(specs: Iterable[str], installed: Mapping[str, object]) -> Iterable[tuple[str, Wish]]:
    for spec in specs:
        told = parse(spec)
        if isinstance(told, Elsewhere):
            raise UsageError(spec, found="is a place", expected="the name of an installed package")
        yield wanted.needed(told.name, installed.keys()), told
