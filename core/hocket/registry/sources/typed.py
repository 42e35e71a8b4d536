"""What a person types for a package that no registry lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.registry.forms.names import quoted
from hocket.registry.indexes.rows import Source
from hocket.registry.sources import addresses
from hocket.registry.sources.failing import refused

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.protocols import Tree

_FORMS = "./FOLDER, git+https://…@REV#SUBDIR or https://….zip#sha256=…"


@dataclass(frozen=True, slots=True)
class Typed:
    """A package by its address."""

    name: str
    """Of its folder, or of what stands for one."""
    reference: str
    """Where it came from, as the lock keeps it."""
    source: Source
    tree: Tree


@dataclass(frozen=True, slots=True)
class Spec:
    """What was typed, read but not fetched."""

    name: str
    source: Source
    folder: Path | None = None


def read(text: str, project: Path | None) -> Spec:
    """Read it; raises PackageRefused for a folder outside the project and for other forms."""
    if text.startswith("git+"):
        return _git(text.removeprefix("git+"))
    if text.startswith("https://"):
        url, _, hashed = text.partition("#sha256=")
        source = addresses.checked("source", Source(archive=url, sha256=hashed))
        return Spec(addresses.stem(url), source)
    return _folder(text, project)


def _git(text: str) -> Spec:
    where, _, subdir = text.partition("#")
    url, _, rev = where.rpartition("@")
    source = addresses.checked("source", Source(git=url, rev=rev, subdir=subdir))
    return Spec(addresses.stem(subdir or url), source)


def _folder(text: str, project: Path | None) -> Spec:
    real = addresses.folder_at(text)
    if real is None:
        raise UsageError(quoted(text), found="is no folder here", expected=_FORMS)
    if project is None:
        return Spec(real.name, Source(path=str(real)), real)
    root = project.resolve()
    if not real.is_relative_to(root) or real == root:
        hint = "hocket.lock is committed, so it can name only what is in the project; try --user."
        raise refused(quoted(text), "is outside the project", hint)
    return Spec(real.name, Source(path=real.relative_to(root).as_posix()), real)
