"""Whether what is installed is what was agreed to, and what is to be known about it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError, NotFound, StructureError
from hocket.registry.indexes.statement import NAMESPACE, statement
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.store import Store
from hocket.registry.installing.verifying import verify
from hocket.registry.linting.linting import lints
from hocket.registry.planning import lockfile
from hocket.registry.planning.auditing import Installed, audit
from hocket.registry.plugins import code
from hocket.registry.plugins.environment import look
from hocket.registry.receipts import reading
from hocket.registry.signatures.verifying import verify as verify_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hocket.launch.market import Market
    from hocket.registry.indexes.rows import Row
    from hocket.registry.locks.lock import Locked
    from hocket.registry.planning.auditing import Issue
    from hocket.registry.receipts.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Verified:
    """One package, and what is wrong with it."""

    key: str
    version: str
    problems: tuple[str, ...]
    note: str = ""


def verified(market: Market, names: tuple[str, ...], *, frozen: bool) -> list[Verified]:
    """Compare everything, or what is named: files, store, receipt, lock, then the signature."""
    receipts = Kept(market.scope).all()
    locked = {one.name: one for one in lockfile.read(market.scope.lock).lock.packages}
    keys = [_key(name, {*receipts, *locked}) for name in names] or sorted({*receipts, *locked})
    return [_verified(market, key, receipts, locked, frozen=frozen) for key in keys]


def audited(market: Market) -> tuple[Issue, ...]:
    """Audit what is installed in the scope."""
    receipts = Kept(market.scope).all()
    lock, store = lockfile.read(market.scope.lock).lock, Store(market.scope.store)
    trees = {one.digest: tree for one in lock.packages if (tree := store.get(one.digest))}
    opened = market.opened
    advisories = {name: opened.advisories(name) for name in opened.indexes}
    unpinned = code.unpinned(receipts.values(), look())
    return audit(Installed(lock, receipts, trees, unpinned), opened.shelf, advisories, lints)


def used(data: Path) -> set[str]:
    """Give the digests that a receipt of any scope names."""
    found: set[str] = set()
    for path in sorted((data / "receipts").glob("*/*.toml")):
        # What a damaged receipt meant nobody knows: its tree can be fetched again.
        with suppress(StructureError, OSError):
            found.add(reading.read(path.read_bytes(), path.name).digest)
    return found


def _verified(
    market: Market,
    key: str,
    receipts: Mapping[str, Receipt],
    locked: Mapping[str, Locked],
    *,
    frozen: bool,
) -> Verified:
    receipt, one = receipts.get(key), locked.get(key)
    problems = [*verify(market.scope, key, receipt, one).sentences]
    if receipt and receipt.distributions:
        changed = code.changes(receipt, look())
        problems += [f"{each.distribution}: {each.path}: {each.what}" for each in changed]
    note = ""
    if not problems and receipt and not frozen:
        problems, note = _signed(market, receipt)
    version = str(receipt.version if receipt else one.version if one else "-")
    return Verified(key, version, tuple(problems), note)


def _signed(market: Market, receipt: Receipt) -> tuple[list[str], str]:
    """Verify the signature once more by the keys that are pinned now."""
    registry, _, name = receipt.name.partition("/")
    opened = market.opened
    index = opened.indexes.get(registry)
    row = index.row(name, receipt.version) if index else None
    if index is None or row is None:
        return [], "its registry is not at hand, so the signature was not looked at"
    if row.yanked is not None:
        return [], f"yanked: {row.yanked}"
    if not receipt.signer or opened.signers(registry) is None:
        return [], "unsigned" if registry != "core" else "came with hocket"
    if row.digest != receipt.digest:
        told = f"the registry has {row.digest} for {row.version}, installed is {receipt.digest}"
        return [told], ""
    message = statement(index.name, row)
    return list(_misfits(market, receipt, row, message)), f"signed by {receipt.signer}"


def _misfits(market: Market, receipt: Receipt, row: Row, message: bytes) -> Iterator[str]:
    registry, opened = receipt.name.partition("/")[0], market.opened
    for one in row.signatures:
        if one.signer == receipt.signer:
            try:
                verify_signature(
                    message,
                    one.value,
                    opened.signers(registry) or b"",
                    one.signer,
                    NAMESPACE,
                    at=row.published,
                    krl=opened.krl(registry),
                )
            except HocketError as refused:
                yield refused.message


def _key(name: str, known: set[str]) -> str:
    found = sorted(one for one in known if name in {one, one.partition("/")[2]})
    if not found:
        raise NotFound(name, found="it is not installed here", hint="See: hocket list")
    return found[0]
