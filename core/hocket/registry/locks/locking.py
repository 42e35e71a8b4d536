"""Writes down what was solved, as the lock it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.capabilities.table import capability_hash
from hocket.registry.locks.lock import Lock, Locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.registry.indexes.rows import Row
    from hocket.registry.locks.lock import Registry
    from hocket.registry.resolving.solving import Solution


def contradictions(lock: Lock, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """Say where a registry no longer has what the lock pinned, under the same version.

    Any of them refuses the install: a version is published once.
    """
    pinned = {one.name: one for one in lock.packages}
    return tuple(
        f"{key} {row.version}: the registry has {what} {now}; expected {then} as in hocket.lock"
        for key, row in sorted(rows.items())
        if key in pinned and pinned[key].version == row.version
        for what, now, then in (
            ("digest", row.digest, pinned[key].digest),
            ("capabilities", capability_hash(row.capabilities), pinned[key].capabilities),
        )
        if now != then
    )


def locked(solution: Solution, registries: Iterable[Registry], signers: Mapping[str, str]) -> Lock:
    """Make the lock of a solution; `signers` tells by REGISTRY/NAME who signed what was fetched.

    Of the registries it keeps those that something comes from.
    """
    versions = {key: f"{key}@{row.version}" for key, row in solution.rows.items()}
    packages = tuple(
        Locked(
            name=key,
            kind=row.kind,
            version=row.version,
            requested=solution.requested.get(key),
            digest=row.digest,
            capabilities=capability_hash(row.capabilities),
            signer=signers.get(key, ""),
            source=row.reference,
            dependencies=tuple(sorted(versions[need] for need in solution.needs[key])),
        )
        for key, row in sorted(solution.rows.items())
    )
    used = {key.partition("/")[0] for key in solution.rows}
    kept = (one for one in registries if one.name in used)
    return Lock(tuple(sorted(kept, key=lambda one: one.name)), packages)
