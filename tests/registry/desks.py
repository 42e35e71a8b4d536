"""A person with a project, a registry and what fetches: everything a plan needs, for tests."""

from __future__ import annotations

import shutil
from datetime import timedelta

import shops

from hocket.registry.bundles.inspection import Inspection
from hocket.registry.indexes import index as indexes
from hocket.registry.installing.looking import placed
from hocket.registry.installing.plan import Action
from hocket.registry.installing.store import Store
from hocket.registry.known.keyring import Keys
from hocket.registry.known.opened import Opened
from hocket.registry.locks.lock import dump
from hocket.registry.planning.demand import Demand
from hocket.registry.planning.planning import Planner
from hocket.registry.receipts import receipt as receipts
from hocket.registry.receipts.receipt import Consent, Receipt
from hocket.registry.scopes import Scope
from hocket.registry.sources.fetching import Fetcher


def inspect(tree):
    """Read `meta` as far as these bundles have one; a script with BAD in it is refused."""
    names, findings = {}, []
    for _kind, path, content in tree.entries:
        if path.endswith(".py") and b'"name": "' in content:
            names[path] = content.decode().partition('"name": "')[2].partition('"')[0]
        if path.endswith(".py") and b"BAD" in content:
            findings.append(f"{path}:1:1: S01 BAD")
    return Inspection(names, tuple(findings))


class Desk:
    """One project beside some registries; what is applied here is applied as an install would."""

    def __init__(self, tmp_path):
        self.root = tmp_path
        self.project = tmp_path / "project"
        self.project.mkdir(exist_ok=True)
        self.home = tmp_path / "home"
        self.home.mkdir(exist_ok=True)
        self.fetcher = Fetcher(tmp_path / "cache")
        self.scope = Scope(tmp_path / "data", self.home, self.project)
        self.shops, self.signers, self.ages = {}, {}, {}
        self.refused, self.rows, self.top, self.serials = {}, {}, {}, {}
        self.readers, self.served = {}, {}
        self.is_closed = False

    def shop(self, *names, name="acme", **options):
        """Make a registry whose bundles have one version each."""
        self.shops[name] = shops.shop(self.root / name, *names, name=name, **options)
        return self.shops[name]

    def publish(self, name, version, *, registry="acme", more="", published=shops.OLD, **options):
        """Publish a version, the newest last; its files lie in a folder of their own."""
        folder = self.root / registry
        files = options.pop("files", None)
        root = shops.bundle(folder / version, name, version, more=files, **options)
        source = f'{{ path = "{version}/{name}" }}'
        rows = self.rows.setdefault(registry, {}).setdefault(name, {})
        rows[version] = shops.row(root, source, published=published, more=more)
        self.write(registry)
        return root

    def write(self, registry):
        """Write the index of a registry, with the next serial."""
        self.serials[registry] = self.serials.get(registry, 0) + 1
        rows = {name: [*own.values()] for name, own in self.rows[registry].items()}
        self.shops[registry] = shops.registry(
            self.root / registry,
            registry,
            rows,
            serial=self.serials[registry],
            top=self.top.get(registry, ""),
        )

    def opened(self):
        """Open the registries as they are now."""
        served = {name: self.fetcher.registry(str(one)) for name, one in self.shops.items()}
        served |= self.served
        keys = {name: Keys(self.signers.get(name, b"")) for name in served}
        found = {name: self.readers.get(name, _index)(one) for name, one in sorted(served.items())}
        ages = {name: self.ages.get(name, timedelta(days=1)) for name in served}
        return Opened(found, served, keys, ages, self.refused)

    def planner(self):
        """Give the planner of this moment."""
        return Planner(
            scope=self.scope,
            opened=None if self.is_closed else self.opened(),
            fetcher=self.fetcher,
            inspect=inspect,
            now=shops.NOW,
            hocket_version="0.3.0",
            python_version="3.11.4",
        )

    def install(self, *specs, **options):
        """Plan an install."""
        return self.planner().install(Demand(command="install", specs=specs, **options))

    def update(self, *specs, **options):
        """Plan an update."""
        return self.planner().update(Demand(command="update", specs=specs, **options))

    def remove(self, *specs, **options):
        """Plan a removal."""
        return self.planner().remove(Demand(command="remove", specs=specs, **options))

    def apply(self, plan, accepted=()):
        """Write what an install would: files, receipts, lock, store."""
        store = Store(self.scope.store)
        self.scope.receipts.mkdir(parents=True, exist_ok=True)
        for step in plan.changes:
            where = self.scope.receipt(step.key)
            if step.action is Action.REMOVE:
                where.unlink(missing_ok=True)
                continue
            parcel = step.parcel
            store.put(parcel.tree)
            for copy in parcel.copies:
                self._put(copy)
            targets = tuple(placed(one.place, one.path, one.tree) for one in parcel.copies)
            consent = Consent(parcel.row.capabilities, accepted, "flag", shops.NOW)
            kept = Receipt(
                step.key,
                parcel.row.version,
                parcel.row.digest,
                parcel.row.reference,
                shops.NOW,
                "0.3.0",
                consent,
                signer=parcel.signer,
                checks=parcel.checks,
                targets=targets,
            )
            where.write_bytes(receipts.dump(kept))
        self.scope.lock.write_bytes(dump(plan.lock))
        return plan

    def forget(self):
        """Leave only what is committed: another machine."""
        shutil.rmtree(self.scope.data)
        shutil.rmtree(self.scope.own)

    def _put(self, copy):
        base = self.scope.base(copy.place) / copy.path
        for kind, path, content in copy.tree.entries:
            file = base if copy.is_file else base / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o755 if kind == "x" else 0o644)


def _index(served):
    return indexes.read(served.files["registry.toml"])


def told(plan):
    """Say the steps of a plan in short."""
    return [f"{step.action} {step.key}" for step in plan.steps]
