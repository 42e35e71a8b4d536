"""Plans what a lock says, without an index and without solving: byte for byte, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.ceiling import Ceiling
from hocket.errors import HocketError, PackageRefused
from hocket.registry.forms.problem import MANIFEST
from hocket.registry.indexes.rows import Kind, Row
from hocket.registry.installing.plan import Plan
from hocket.registry.installing.store import Store
from hocket.registry.known import own
from hocket.registry.linting.linting import lints
from hocket.registry.planning import requirements, steps
from hocket.registry.planning.checking import Ground
from hocket.registry.planning.gathering import Gathering
from hocket.registry.planning.references import requirement_of, source_of
from hocket.registry.planning.sought import Sought
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.protocols import Tree
    from hocket.registry.locks.lock import Locked
    from hocket.registry.planning.demand import Demand
    from hocket.registry.planning.lockfile import Before
    from hocket.registry.planning.planning import Planner
    from hocket.registry.receipts.receipt import Receipt

_HINT = "Nothing was installed. Without --frozen it is fetched and checked anew."


def plan(planner: Planner, demand: Demand, before: Before, receipts: Mapping[str, Receipt]) -> Plan:
    """Plan it; what the store lacks is fetched. The lock stays as it is."""
    if before.content is None:
        hint = "Without --frozen: hocket install"
        raise HocketError("hocket.lock", found="is not there", expected="it", hint=hint)
    restoring = _Restoring(planner, before)
    trees = {one.name: restoring.tree(one) for one in before.lock.packages}
    sought = [restoring.sought(one, trees[one.name]) for one in before.lock.packages]
    ground = Ground(
        demand=demand,
        inspect=planner.inspect,
        lint=planner.lint or lints,
        named=(),
        receipts=receipts,
    )
    gathering = Gathering(planner.fetcher, Store(planner.scope.store), trees)
    parcels = gathering.parcels(sought, ground, {})
    whole = partial(steps.is_whole, planner.scope)
    return Plan(
        command=demand.command,
        scope=planner.scope,
        steps=tuple(steps.of_parcels(parcels, before.lock, receipts, whole)),
        lock=before.lock,
        lock_before=before.content,
    )


@dataclass(frozen=True, slots=True)
class _Restoring:
    """Gets back what a lock names."""

    planner: Planner
    before: Before

    def tree(self, one: Locked) -> Tree:
        """Take it from the store, else from its source; its digest is that of the lock."""
        kept = Store(self.planner.scope.store).get(one.digest)
        tree = kept if kept is not None else self._fetched(one)
        if (found := hk1(tree)) != one.digest:
            text = f"the files have digest {found}; expected {one.digest} as in hocket.lock"
            raise PackageRefused(one.reference, [text], "digest", _HINT)
        return tree

    def sought(self, one: Locked, tree: Tree) -> Sought:
        """Make the row that its registry had, out of the lock and the files."""
        requirement = requirement_of(one.source)
        row = Row(
            name=one.name.partition("/")[2],
            version=one.version,
            kind=one.kind,
            published=self.planner.now,
            digest=one.digest,
            source=source_of(one.source),
            wheels=requirements.wheels(tree, requirement) if requirement else (),
        )
        if one.kind is Kind.PLUGIN:
            row = replace(row, capabilities=Ceiling(python=True), file=_module(row, tree))
        elif not any(path == MANIFEST for _kind, path, _content in tree.entries):
            row = replace(row, capabilities=Ceiling(is_declared=False))
        return Sought(key=one.name, row=row, is_stated=False, locked=one)

    def _fetched(self, one: Locked) -> Tree:
        source = source_of(one.source)
        if source is None:
            found = "its requirement lines are not in the store, and a lock has no hashes of wheels"
            raise HocketError(one.reference, found=found, hint=_HINT)
        url, rev = self._place(one.name.partition("/")[0])
        return self.planner.fetcher.tree(one.reference, source, url, rev)

    def _place(self, registry: str) -> tuple[str, str]:
        """Say where the paths of a registry begin, as of the lock."""
        known = {row.name: row for row in self.before.lock.registries}
        if registry not in known:
            return str(self.planner.scope.root), ""
        if known[registry].url == own.CORE:
            return str(own.served().folder), ""
        return known[registry].url, known[registry].rev


def _module(row: Row, tree: Tree) -> str:
    if row.wheels:
        return ""
    files = (path for _kind, path, _content in tree.entries if path.endswith(".py"))
    return next(files, "")
