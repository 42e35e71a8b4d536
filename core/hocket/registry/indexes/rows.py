"""The rows of a registry: packages, and each version with where its bytes are and what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hocket.api.ceiling import Ceiling
from hocket.registry.forms.ranges import Range, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.forms.versions import Version

ANY = parse("*")


class Kind(StrEnum):
    """What a package is: data for the sandbox, or trusted code."""

    BUNDLE = "bundle"
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of a version lie: in git, beside the index, or in an archive."""

    git: str = ""
    rev: str = ""
    tag: str = ""
    subdir: str = ""
    path: str = ""
    archive: str = ""
    sha256: str = ""
    plugin: str = ""
    """What a person typed that a plugin understands; never of a registry."""

    def __str__(self) -> str:
        """Write it as the lock keeps it; a path is beneath the registry."""
        if self.git:
            return f"git+{self.git}@{self.rev}" + (f"#{self.subdir}" if self.subdir else "")
        if self.plugin:
            return f"plugin:{self.plugin}"
        return f"path:{self.path}" if self.path else f"{self.archive}#sha256={self.sha256}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a version's statement, and the armoured signature."""

    signer: str
    value: str


@dataclass(frozen=True, slots=True)
class Wheels:
    """A Python requirement pinned to one version, and every file that may be used for it."""

    requirement: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One version of a package. Rows never change, but for `yanked`."""

    name: str
    version: Version
    kind: Kind
    published: datetime
    digest: str
    yanked: str | None = None
    """Why it was withdrawn; None: it was not."""
    requires_hocket: Range = ANY
    requires_python: Range = ANY
    size: int = 0
    files: int = 0
    commands: tuple[str, ...] = ()
    dependencies: Mapping[str, Range] = field(default_factory=dict[str, Range])
    capabilities: Ceiling = field(default_factory=Ceiling)
    source: Source | None = None
    """None only for a plugin that is installed by its requirement."""
    signatures: tuple[Signature, ...] = ()
    wheels: tuple[Wheels, ...] = ()
    """Of a plugin: its own first, then the rest of its closure."""
    provides: tuple[str, ...] = ()
    file: str = ""

    @property
    def reference(self) -> str:
        """What the lock keeps as its source."""
        return str(self.source) if self.source else f"requirement:{self.wheels[0].requirement}"

    def __str__(self) -> str:
        """Name it as a person does."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A version that this hocket does not understand; it is never chosen."""

    name: str
    version: Version
    digest: str
    """Empty where the row tells none."""
    word: str
    """The first key or capability that is not known."""

    def sentence(self, registry: str) -> str:
        """Say why it is not offered."""
        return f"{registry}/{self.name} {self.version} needs a newer hocket ({self.word})"


@dataclass(frozen=True, slots=True)
class Package:
    """A package with its versions, the highest first."""

    name: str
    kind: Kind
    description: str
    license: str
    rows: tuple[Row, ...]
