"""What an install, an update or a removal is going to do; nothing was written yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.protocols import Tree
    from hocket.registry.bundles.bundle import Bundle
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row
    from hocket.registry.locks.lock import Lock
    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.scopes import Scope


class Action(StrEnum):
    """What happens to a package."""

    ADD = "add"
    UPDATE = "update"
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check noticed and a person should see; it refuses nothing by itself."""

    id: str
    level: str
    """`note`, `warn`, `high` or `critical`."""
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Files that are put somewhere: a folder, or a file where the place holds files."""

    place: Place
    path: str
    """The name of the folder or of the file, beneath the folder of the place."""
    tree: Tree
    """For a file: the one entry, whose own path does not matter."""

    @property
    def is_file(self) -> bool:
        """Whether it is put as one file."""
        return self.place in {Place.PLUGINS, Place.CLAUDE_WORKFLOW}


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package as it was fetched, with every check behind it."""

    key: str
    """REGISTRY/NAME."""
    row: Row
    tree: Tree
    bundle: Bundle | None = None
    """None for a plugin, and for an import without a manifest."""
    signer: str = ""
    """Who signed it; empty: it is unsigned."""
    fingerprint: str = ""
    """Of the key, as `SHA256:…`."""
    checks: Mapping[str, str] = field(default_factory=dict[str, str])
    """The result of each check, by its name, for the receipt."""
    findings: tuple[Finding, ...] = ()
    is_hearsay: bool = False
    """That somebody signed it only the lock says: no index was read, so nothing was verified."""
    copies: tuple[Copy, ...] = ()
    """What is put where: a bundle among the workflows under its name or what `--as` says, exports,
    a plugin that is one file. Nothing for a Python package."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one package."""

    action: Action
    key: str
    parcel: Parcel | None = None
    """What is there afterwards; None for a removal."""
    before: Receipt | None = None
    """What was there by our own doing."""
    why: str = "requested"
    """`requested`, or `needed by NAME`."""

    @property
    def version_before(self) -> Version | None:
        """The version that is replaced or removed."""
        return self.before.version if self.before else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one command in one scope, and the lock they lead to."""

    command: str
    scope: Scope
    steps: tuple[Step, ...]
    lock: Lock
    """What `hocket.lock` will say."""
    lock_before: bytes | None
    """What it said when the plan was made; None: there was none."""
    notes: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.action is not Action.KEEP)
