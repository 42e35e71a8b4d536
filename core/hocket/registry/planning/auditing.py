"""What a person should know about what is installed, though all of it is what it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.registry.indexes.rows import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hocket.api.protocols import Tree
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row
    from hocket.registry.installing.plan import Finding
    from hocket.registry.known.advisories import Advisory
    from hocket.registry.locks.lock import Lock, Locked
    from hocket.registry.planning.checking import Lint
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.resolving.shelf import Shelf

_LEVELS = {"low": "note", "medium": "warn", "high": "high", "critical": "critical"}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that an audit found."""

    id: str
    """A lint, `yanked`, `withdrawn`, `unsigned`, `undeclared`, `unpinned`, or an advisory's own."""
    level: str
    package: str
    """REGISTRY/NAME, or the name of a plugin that came by pip."""
    version: Version | None
    text: str
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Installed:
    """All that an audit looks at; the trees are those of the store, by digest."""

    lock: Lock
    receipts: Mapping[str, Receipt]
    trees: Mapping[str, Tree]
    unpinned: Collection[str] = field(default_factory=tuple[str, ...])
    """Plugins of the environment that no receipt names."""


def audit(
    installed: Installed,
    shelf: Shelf,
    advisories: Mapping[str, Sequence[Advisory]],
    lint: Lint,
) -> tuple[Issue, ...]:
    """Find everything, by package; `advisories` are those of each registry."""
    told = [
        issue
        for one in sorted(installed.lock.packages, key=lambda one: one.name)
        for issue in (
            *_of_registry(one, shelf),
            *_advised(one, advisories.get(one.name.partition("/")[0], ())),
            *_of_receipt(one, installed.receipts.get(one.name)),
            *_linted(one, installed.trees, lint),
        )
    ]
    loose = (
        Issue("unpinned", "warn", name, None, "is a plugin that hocket did not install")
        for name in sorted(installed.unpinned)
    )
    return (*told, *loose)


def _of_registry(one: Locked, shelf: Shelf) -> Iterator[Issue]:
    row = _row(one, shelf)
    if row and row.yanked is not None:
        yield Issue("yanked", "high", one.name, one.version, f"is yanked: {row.yanked}")
    if shelf.is_withdrawn(one.name):
        text = "was withdrawn by its registry"
        yield Issue("withdrawn", "high", one.name, one.version, text)


def _advised(one: Locked, advisories: Sequence[Advisory]) -> Iterator[Issue]:
    name = one.name.partition("/")[2]
    for each in advisories:
        if each.concerns(name, one.version):
            fixed = f"; fixed in {each.fixed}" if each.fixed else "; there is no fix yet"
            text, level = f"{each.text}{fixed}", _LEVELS[each.severity]
            yield Issue(each.id, level, one.name, one.version, text)


def _of_receipt(one: Locked, receipt: Receipt | None) -> Iterator[Issue]:
    if not (one.signer or one.name.startswith("core/")):
        yield Issue("unsigned", "note", one.name, one.version, "nobody signed it")
    if receipt and not receipt.consent.ceiling.is_declared:
        text = "declares no capabilities, so every effect is asked"
        yield Issue("undeclared", "warn", one.name, one.version, text)
    if receipt is None and one.kind is Kind.PLUGIN:
        text = "is locked, and hocket did not install it here"
        yield Issue("unpinned", "warn", one.name, one.version, text)


def _linted(one: Locked, trees: Mapping[str, Tree], lint: Lint) -> Iterator[Issue]:
    found: tuple[Finding, ...] = lint(trees[one.digest]) if one.digest in trees else ()
    for each in found:
        yield Issue(each.id, each.level, one.name, one.version, each.text, each.path, each.line)


def _row(one: Locked, shelf: Shelf) -> Row | None:
    return next((row for row in shelf.rows(one.name) if row.version == one.version), None)
