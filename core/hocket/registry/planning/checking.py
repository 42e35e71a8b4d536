"""Holds fetched files against all that was said of them, the cheapest first.

The order: tree rules, digest, size and files, signature, what was seen before, manifests, scripts,
names and commands, lints. The first that fails refuses the package; each result is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.bundles import bundle as bundles
from hocket.registry.bundles.agreement import row_problems
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.problem import MANIFEST
from hocket.registry.indexes.rows import Kind
from hocket.registry.installing.plan import Parcel
from hocket.registry.planning import commands, laying, signing
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.intake import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hocket.api.protocols import Tree
    from hocket.registry.bundles.inspection import Inspect, Inspection
    from hocket.registry.indexes.rows import Row
    from hocket.registry.installing.plan import Finding
    from hocket.registry.planning.demand import Demand
    from hocket.registry.planning.sought import Sought
    from hocket.registry.receipts.receipt import Receipt

    Lint = Callable[[Tree], tuple[Finding, ...]]

OK = "ok"
TAKEN_NOW = "taken now"
"""Of a digest: nobody stated one before."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for all packages of one command."""

    demand: Demand
    inspect: Inspect
    lint: Lint
    named: Collection[str]
    """The packages that the person named."""
    receipts: Mapping[str, Receipt] = field(default_factory=dict[str, "Receipt"])
    built_in: Collection[str] = ()
    """Commands that hocket itself answers to."""


def check(sought: Sought, tree: Tree, ground: Ground, others: Mapping[str, str]) -> Parcel:
    """Give the package with the result of each check; raises PackageRefused, or RefusedError.

    `others` says which package of the scope has which command and place.
    """
    checked(sought.who, tree)
    results = {"tree": OK, "digest": _digest(sought, tree)}
    results["size"] = _size(sought, tree)
    seal = signing.verified(sought, ground.receipts.get(sought.key))
    results["signature"] = seal.told
    results["seen"] = _seen(sought)
    inspection = ground.inspect(tree)
    bundle = _bundle(sought, tree, inspection)
    row = _row(sought, tree, bundle)
    _rights(sought, row)
    results["manifest"] = OK if bundle else "none"
    results["scripts"] = _scripts(sought, inspection)
    parcel = Parcel(
        key=sought.key,
        row=row,
        tree=tree,
        bundle=bundle,
        signer=seal.signer,
        fingerprint=seal.fingerprint,
        is_hearsay=seal.is_hearsay,
    )
    parcel = replace(parcel, copies=laying.copies(parcel, ground))
    results["names"] = _names(parcel, ground, others)
    findings = ground.lint(tree)
    results["lints"] = f"{len(findings)} found" if findings else OK
    return replace(parcel, checks=results, findings=findings)


def _digest(sought: Sought, tree: Tree) -> str:
    found, row, pinned = hk1(tree), sought.row, sought.pinned
    expected = [(row.digest, "as its registry states")] if row.digest else []
    if pinned:
        expected.append((pinned.digest, "as in hocket.lock"))
    for digest, where in expected:
        if found != digest:
            text = f"the files have digest {found}; expected {digest} {where}"
            hint = (
                "Nothing was installed. If the change is meant, look first: "
                f"hocket update {sought.key} --diff"
            )
            raise PackageRefused(sought.who, [text], "digest", hint)
    return OK if expected else TAKEN_NOW


def _size(sought: Sought, tree: Tree) -> str:
    row = sought.row
    if not sought.is_stated or row.kind is Kind.PLUGIN:
        return "not stated"
    size, files = sum(len(content) for _k, _p, content in tree.entries), len(tree.entries)
    told = (("size", size, row.size), ("files", files, row.files))
    if problems := [
        f"{what} is {found}; expected {said} as its registry states"
        for what, found, said in told
        if found != said
    ]:
        raise PackageRefused(sought.who, problems, "manifest")
    return OK


def _seen(sought: Sought) -> str:
    if sought.refusal:
        raise PackageRefused(sought.who, [sought.refusal.text], sought.refusal.fault.code)
    return OK


def _bundle(sought: Sought, tree: Tree, inspection: Inspection) -> Bundle | None:
    """Read the manifest and hold the row against it; None for what has none to have."""
    row = sought.row
    has_one = any(path == MANIFEST for _kind, path, _content in tree.entries)
    if row.kind is Kind.PLUGIN or (not sought.is_stated and not has_one):
        return None
    found = bundles.read(tree, row.name, lambda _tree: inspection)
    problems = found if isinstance(found, tuple) else ()
    if isinstance(found, Bundle) and sought.is_stated:
        problems = row_problems(row, sought.rights, found.manifest, tree)
    if problems:
        raise PackageRefused(sought.who, [str(one) for one in problems], "manifest")
    return found if isinstance(found, Bundle) else None


def _rights(sought: Sought, row: Row) -> None:
    if sought.pinned and capability_hash(row.capabilities) != sought.pinned.capabilities:
        text = "its capabilities are not those of hocket.lock under the same version"
        raise PackageRefused(sought.who, [text], "manifest")


def _scripts(sought: Sought, inspection: Inspection) -> str:
    if inspection.findings:
        raise PackageRefused(sought.who, list(inspection.findings), "manifest")
    return OK


def _row(sought: Sought, tree: Tree, bundle: Bundle | None) -> Row:
    """Complete a row that tells nothing of its files."""
    row = sought.row
    if sought.is_stated:
        return row
    row = replace(
        row,
        digest=hk1(tree),
        size=sum(len(content) for _kind, _path, content in tree.entries),
        files=len(tree.entries),
    )
    if bundle is None:
        return row
    manifest = bundle.manifest
    names = tuple(one.name for one in manifest.commands)
    return replace(row, capabilities=manifest.ceiling, commands=names)


def _names(parcel: Parcel, ground: Ground, others: Mapping[str, str]) -> str:
    is_own = parcel.key.startswith("core/")
    built_in = () if is_own else ground.built_in
    before = ground.receipts.get(parcel.key)
    accepted = (*ground.demand.accepted, *(before.consent.accepted if before else ()))
    commands.judge(parcel.key, commands.claims(parcel), others, built_in, accepted)
    return OK
