"""Makes a plan out of wishes: solves, fetches, checks, and writes the lock it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.indexes.rows import Kind
from hocket.registry.installing.plan import Plan
from hocket.registry.installing.store import Store
from hocket.registry.linting.linting import lints
from hocket.registry.locks.local import LOCAL, is_local
from hocket.registry.locks.locking import contradictions, locked
from hocket.registry.planning import commands, elsewhere, lockfile, steps, wanted
from hocket.registry.planning.checking import Ground
from hocket.registry.planning.gathering import Gathering
from hocket.registry.planning.references import source_of
from hocket.registry.planning.removing import ORPHAN
from hocket.registry.planning.sought import Keys, Sought, rooted
from hocket.registry.resolving.shelf import Shelf
from hocket.registry.resolving.solving import solve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hocket.registry.forms.ranges import Range
    from hocket.registry.installing.plan import Parcel
    from hocket.registry.known.opened import Opened
    from hocket.registry.locks.lock import Lock, Locked
    from hocket.registry.planning.demand import Demand
    from hocket.registry.planning.elsewhere import Local
    from hocket.registry.planning.lockfile import Before
    from hocket.registry.planning.planning import Planner
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.resolving.rules import Rules
    from hocket.registry.resolving.solving import Solution


@dataclass(frozen=True)
class Making:
    """One command on its way to a plan."""

    planner: Planner
    opened: Opened
    demand: Demand
    before: Before
    receipts: Mapping[str, Receipt]
    locals: Mapping[str, Local] = field(default_factory=dict[str, "Local"])

    @cached_property
    def shelf(self) -> Shelf:
        """The registries at hand, with one more of what is of no registry."""
        own = elsewhere.index_of(self.locals.values(), self.opened.indexes, self.planner.now)
        return Shelf({**self.opened.indexes, LOCAL: own} if self.locals else self.opened.indexes)

    def key_of(self, name: str) -> str:
        """Find the package that a person means, the installed one first."""
        return wanted.installed(name, self.before.lock.versions.keys()) or self.shelf.qualify(name)

    def updatable(self, keys: Iterable[str]) -> list[str]:
        """List what may become newer: all but what its registry took back."""
        return [key for key in keys if not self.opened.shelf.is_withdrawn(key)]

    def typed(self, spec: str) -> Local:
        """Fetch what a person typed the place of."""
        planner = self.planner
        found = planner.fetcher.typed(spec, planner.scope.root)
        return elsewhere.local(spec, found.source, found.tree, planner.inspect, planner.now)

    def again(self, key: str) -> Local:
        """Read a package of no registry anew, from where it came."""
        return self._local(self._locked[key], is_new=True)

    def offering(self, fresh: Iterable[Local], kept: Iterable[str]) -> Making:
        """Offer packages of no registry: fresh ones, and those of the lock as they were."""
        new = {one.key: one for one in fresh}
        old = {
            key: self._local(self._locked[key]) for key in kept if is_local(key) and key not in new
        }
        return replace(self, locals={**old, **new})

    def plan(self, wishes: Mapping[str, Range], rules: Rules, named: Collection[str]) -> Plan:
        """Solve, fetch and check."""
        solution = solve(wishes, self.shelf, rules)
        self._agree(solution)
        named = {solution.renamed.get(key, key) for key in named}
        parcels = self._parcels(solution, named)
        renamed = steps.renamed_away(list(self._locked), solution.rows, self.shelf.current)
        lock = self._lock(solution, parcels, frozenset(renamed))
        whole = partial(steps.is_whole, self.planner.scope)
        told = steps.of_parcels(parcels, lock, self.receipts, whole)
        gone = [key for key in self._locked if key not in {*lock.versions, *renamed}]
        whys = {old: f"renamed to {new}" for old, new in renamed.items()}
        whys |= dict.fromkeys(gone, ORPHAN)
        return Plan(
            command=self.demand.command,
            scope=self.planner.scope,
            steps=(*told, *steps.of_removals(whys, self.receipts, whys)),
            lock=lock,
            lock_before=self.before.content,
            notes=(
                *self.opened.notes,
                *solution.notes,
                *self._withdrawn(solution),
                *(f"nothing needs {key} any more, it is no longer in hocket.lock" for key in gone),
            ),
            renamed={**solution.renamed, **renamed},
        )

    @cached_property
    def _locked(self) -> dict[str, Locked]:
        return {one.name: one for one in self.before.lock.packages}

    def _local(self, one: Locked, *, is_new: bool = False) -> Local:
        planner, who = self.planner, one.reference
        source = source_of(one.source)
        if source is None:
            raise PackageRefused(who, [f"{one.source} is no place of files"], "source")
        tree = None if is_new else Store(planner.scope.store).get(one.digest)
        if tree is None:
            tree = planner.fetcher.tree(who, source, str(planner.scope.root), "")
        return elsewhere.local(who, source, tree, planner.inspect, planner.now)

    def _agree(self, solution: Solution) -> None:
        """Refuse what a registry states otherwise than the lock, under the same version."""
        stated = {
            key: row for key, row in solution.rows.items() if row.digest and not is_local(key)
        }
        if problems := contradictions(self.before.lock, stated):
            raise PackageRefused("hocket.lock", problems, "digest", "Nothing was installed.")

    def _parcels(self, solution: Solution, named: Collection[str]) -> list[Parcel]:
        planner = self.planner
        ground = Ground(
            demand=self.demand,
            inspect=planner.inspect,
            lint=planner.lint or lints,
            named=named,
            receipts=self.receipts,
            built_in=self._built_in(),
        )
        trees = {key: one.tree for key, one in self.locals.items()}
        gathering = Gathering(planner.fetcher, Store(planner.scope.store), trees)
        left = [one for key, one in self.receipts.items() if self._stays(key, solution)]
        sought = [self._sought(solution, key) for key in solution.rows]
        return gathering.parcels(sought, ground, commands.installed(left))

    def _stays(self, key: str, solution: Solution) -> bool:
        """Whether a package is there that the solution is not about, also not by a new name."""
        return not {key, self.shelf.current(key)} & set(solution.rows)

    def _sought(self, solution: Solution, key: str) -> Sought:
        row, pinned = solution.rows[key], self._locked.get(key)
        if is_local(key):
            # A folder may change under one version; what it is now was read once, here.
            return Sought(key=key, row=row, is_stated=False)
        registry = key.partition("/")[0]
        index, served = self.opened.indexes[registry], self.opened.served[registry]
        signers = self.opened.signers(registry)
        return Sought(
            key=key,
            row=rooted(row, served.url, served.rev),
            called=index.name,
            rights=index.packages[row.name].license,
            url=str(served.folder) if served.folder else served.url,
            rev=served.rev,
            is_stated=bool(row.digest),
            locked=pinned,
            keys=Keys(signers, self.opened.krl(registry)) if signers else None,
            trusts=self.opened.trusts(registry) is not None,
            refusal=self.opened.refused.get((registry, row.name, row.version)),
        )

    def _lock(self, solution: Solution, parcels: list[Parcel], dropped: frozenset[str]) -> Lock:
        rows = {one.key: one.row for one in parcels}
        signers = {one.key: one.signer for one in parcels}
        registries = self.opened.registries.values()
        new = locked(replace(solution, rows=rows), registries, signers)
        old = self.before.lock
        return lockfile.settled(old, lockfile.with_orphans(old, new, dropped))

    def _built_in(self) -> frozenset[str]:
        core = self.opened.indexes.get("core")
        packages = core.packages.values() if core else ()
        bundles = (one for one in packages if one.kind is Kind.BUNDLE)
        return frozenset(name for one in bundles for row in one.rows for name in row.commands)

    def _withdrawn(self, solution: Solution) -> list[str]:
        shelf = self.opened.shelf
        return [
            f"{key} was withdrawn by its registry"
            for key in solution.rows
            if shelf.is_withdrawn(key)
        ]
