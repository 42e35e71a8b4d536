"""`hocket.lock`: which bytes a project uses, in a text that depends on nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.forms.toml_text import block, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Kind

FORMAT = 1
FILE = "hocket.lock"


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry as it was when the lock was written."""

    name: str
    url: str
    serial: int
    rev: str = ""
    """Empty where it is no repository."""
    signers: str = ""
    """The hash of its file of signers; empty: it had none."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A package at one version."""

    name: str
    """REGISTRY/NAME."""
    kind: Kind
    version: Version
    digest: str
    capabilities: str
    source: str
    requested: Range | None = None
    """What a person asked for; None: it is only needed by others."""
    signer: str = ""
    dependencies: tuple[str, ...] = ()
    """REGISTRY/NAME@VERSION, sorted."""

    @property
    def reference(self) -> str:
        """How others name it among their dependencies."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Lock:
    """All that a scope uses."""

    registries: tuple[Registry, ...] = ()
    packages: tuple[Locked, ...] = ()

    @property
    def versions(self) -> dict[str, Version]:
        """What solving keeps if it can."""
        return {one.name: one.version for one in self.packages}

    @property
    def requested(self) -> dict[str, Range]:
        """What a person asked for."""
        return {one.name: one.requested for one in self.packages if one.requested}

    def without(self, names: frozenset[str]) -> dict[str, Version]:
        """Give the versions that stay when some are updated: all but these and what only they need.

        A package that nobody needs any more stays as it is.
        """
        needs = {
            one.name: [key.partition("@")[0] for key in one.dependencies] for one in self.packages
        }
        roots = [name for name in self.requested if name not in names]
        needed = {name for wanted in needs.values() for name in wanted}
        roots += [name for name in needs if name not in needed and name not in names]
        kept = _reached(roots, needs, names)
        freed = _reached(sorted(names), needs, frozenset()) - kept
        return {key: version for key, version in self.versions.items() if key not in freed}


def dump(lock: Lock) -> bytes:
    """Write it: registries and packages by name, keys in one order, one a line."""
    registries = (
        block(
            "[[registry]]",
            {
                "name": one.name,
                "url": one.url,
                "rev": one.rev or None,
                "serial": one.serial,
                "signers": one.signers or None,
            },
        )
        for one in sorted(lock.registries, key=lambda one: one.name)
    )
    packages = (
        block("[[package]]", _values(one))
        for one in sorted(lock.packages, key=lambda one: one.name)
    )
    return "".join((lines({"version": FORMAT}), *registries, *packages)).encode()


def differences(old: Lock, new: Lock) -> tuple[str, ...]:
    """Say what would change, a sentence a package; empty: the locks are byte for byte the same."""
    before, after = _told_by_name(old), _told_by_name(new)
    return tuple(
        f"{name}: {before.get(name, 'not there')} → {after.get(name, 'not there')}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _told_by_name(lock: Lock) -> dict[str, str]:
    registries = {
        f"registry {one.name}": f"serial {one.serial}, {one.url} {one.rev} {one.signers}".rstrip()
        for one in lock.registries
    }
    packages = {
        one.name: ", ".join(
            (f"{value}" if key == "version" else f"{key} {value}")
            for key, value in _values(one).items()
            if key not in {"name", "kind"} and value
        )
        for one in lock.packages
    }
    return registries | packages


def _values(one: Locked) -> Mapping[str, str | tuple[str, ...] | None]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "version": str(one.version),
        "requested": str(one.requested) if one.requested else None,
        "digest": one.digest,
        "capabilities": one.capabilities,
        "signer": one.signer or None,
        "source": one.source,
        "dependencies": tuple(sorted(one.dependencies)),
    }


def _reached(roots: list[str], needs: Mapping[str, list[str]], but: frozenset[str]) -> set[str]:
    reached, waiting = set[str](), list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached and name not in but:
            reached.add(name)
            waiting += needs.get(name, [])
    return reached
