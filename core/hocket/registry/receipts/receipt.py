"""What was installed in one scope, what a person agreed to, and every file that was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS, FLAGS, LISTS, Ceiling
from hocket.registry.forms.toml_text import block, lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.forms.toml_text import Value
    from hocket.registry.forms.versions import Version

FORMAT = 1
USER = "user"
"""The scope that is no project."""
GIVERS = ("tty", "flag", "policy")


class Place(StrEnum):
    """What a target is for, which says beneath which folder of the scope it lies."""

    WORKFLOWS = "workflows"
    PLUGINS = "plugins"
    AGENTS = "agents"
    CLAUDE = "claude"
    CLAUDE_WORKFLOW = "claude-workflow"


@dataclass(frozen=True, slots=True)
class Consent:
    """What was allowed, by whom, when."""

    ceiling: Ceiling
    accepted: tuple[str, ...]
    """The ids that were given."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """A file that was written: its path beneath the target, its kind, its hash."""

    path: str
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Target:
    """A folder that was filled, with all its files; or one file where the place holds files."""

    place: Place
    path: str
    """Beneath the folder of that place."""
    files: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Python package that was installed, with its code as it was then."""

    name: str
    version: str
    files: tuple[Placed, ...] = ()
    """Beneath the folder of installed packages."""


@dataclass(frozen=True, slots=True)
class Previous:
    """What was there before."""

    version: Version
    digest: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One installed package."""

    name: str
    """REGISTRY/NAME."""
    version: Version
    digest: str
    source: str
    installed_at: datetime
    hocket: str
    consent: Consent
    signer: str = ""
    checks: Mapping[str, str] = field(default_factory=dict[str, str])
    """The result of each check, by its name."""
    targets: tuple[Target, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    """Of a plugin: its own first, then the rest of its closure."""
    previous: Previous | None = None


def scope_id(project: str | None) -> str:
    """Name a scope by the real path of its project; None: the user's."""
    return sha256(project.encode("utf-8", "surrogateescape")).hexdigest()[:16] if project else USER


def file_name(name: str) -> str:
    """Name the receipt of REGISTRY/NAME; no two share one, a name has no double hyphen."""
    return f"{name.replace('/', '--')}.toml"


def untouched(target: Target, found: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the files of a target by the hashes found there: ours to delete, edited ones to keep.

    What is gone is in neither; what was never ours is not spoken of.
    """
    here = [one for one in target.files if one.path in found]
    ours = tuple(one.path for one in here if found[one.path] == one.sha256)
    return ours, tuple(one.path for one in here if one.path not in ours)


def dump(receipt: Receipt) -> bytes:
    """Write it; equal receipts give equal bytes."""
    head: dict[str, Value | None] = {
        "format": FORMAT,
        "name": receipt.name,
        "version": str(receipt.version),
        "digest": receipt.digest,
        "source": receipt.source,
        "signer": receipt.signer or None,
        "installed-at": receipt.installed_at,
        "hocket": receipt.hocket,
    }
    consent, before = receipt.consent, receipt.previous
    given: dict[str, Value | None] = {
        "by": consent.by,
        "at": consent.at,
        "accepted": tuple(sorted(set(consent.accepted))),
    }
    declared = consent.ceiling.is_declared
    parts = [
        lines(head),
        block("[checks]", dict(sorted(receipt.checks.items()))),
        block("[consent]", {**given, "declared": declared}),
        block("[consent.capabilities]", _capabilities(consent.ceiling)),
    ]
    if before:
        parts.append(block("[previous]", {"version": str(before.version), "digest": before.digest}))
    for target in sorted(receipt.targets, key=lambda one: (one.place, one.path)):
        parts.append(block("[[target]]", {"place": target.place, "path": target.path}))
        parts += _files("target", target.files)
    for one in receipt.distributions:
        parts.append(block("[[distribution]]", {"name": one.name, "version": one.version}))
        parts += _files("distribution", one.files)
    return "".join(parts).encode()


def _files(table: str, files: tuple[Placed, ...]) -> list[str]:
    return [
        block(f"[[{table}.file]]", {"path": one.path, "kind": one.kind, "sha256": one.sha256})
        for one in sorted(files, key=lambda one: one.path.encode())
    ]


def _capabilities(ceiling: Ceiling) -> dict[str, int | bool | tuple[str, ...]]:
    told: dict[str, int | bool | tuple[str, ...]] = {key: ceiling.items(key) for key in LISTS}
    told |= {key: True for key in FLAGS if ceiling.has(key)}
    told |= {AGENTS: ceiling.agents} if ceiling.agents else {}
    return dict(sorted(told.items()))
