"""What a script of a bundle may do, and the bytes that it runs from: those that were verified.

An installed bundle runs from the tree that was digested a moment ago, its other files from the
store, which nobody edits. One that the lock names and nobody here agreed to does not run. A bundle
that a person wrote, or that came with hocket, is held to what its own manifest declares.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import bundled, paths
from hocket.errors import RefusedError, StructureError
from hocket.launch.receipts import scopes
from hocket.registry.bundles import manifest as manifests
from hocket.registry.bundles.manifest import MANIFEST, Around
from hocket.registry.installing.store import PREFIX, Store
from hocket.registry.installing.verifying import sealed
from hocket.registry.locks import reading
from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling
    from hocket.launch.project import Project
    from hocket.registry.installing.verifying import Sealed
    from hocket.registry.scopes import Scope

_EDITED = (
    "edited: restore with hocket install --frozen, or move the script to .hocket/workflows/ "
    "as your own"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The bundle a script belongs to, and what it holds the script to."""

    name: str
    ceiling: Ceiling | None
    content: bytes | None = None
    """The script as it was verified; None: a person wrote the bundle, the file counts."""


@dataclass(frozen=True, slots=True)
class _Home:
    """Where in a folder of workflows a script lies."""

    base: Path
    name: str
    inside: str

    @property
    def folder(self) -> Path:
        return self.base / self.name

    def scope(self, project: Project) -> Scope | None:
        """Give the scope that installs into this folder, if one does."""
        real = os.path.realpath(self.base)
        known = scopes(project.root, project.typed.env)
        return next((one for one in known if os.path.realpath(_base(one)) == real), None)


def bound(project: Project, path: Path) -> Bound | None:
    """Give the bundle of a script and what was verified of it; None for a file by itself.

    Raises StructureError for an edited or broken bundle, and RefusedError for one that the lock
    names and that nobody agreed to on this machine.
    """
    home = _home(project, path)
    if home is None:
        return None
    if scope := home.scope(project):
        if found := sealed(scope, home.name):
            return _verified(scope, home, found)
        _not_locked(scope, home.name)
    if not (home.folder / MANIFEST).is_file():
        return None
    return Bound(home.name, declared(home.folder))


def declared(folder: Path) -> Ceiling:
    """Give what a bundle declares itself; raises StructureError with what is wrong with it."""
    found = manifest(folder)
    if isinstance(found, manifests.Manifest):
        return found.ceiling
    raise StructureError(
        f"bundle '{folder.name}'",
        found="; ".join(found),
        hint=f"Mend {folder / MANIFEST}. Nothing was started.",
    )


def manifest(folder: Path) -> manifests.Manifest | tuple[str, ...]:
    """Read the manifest of a folder, or say all that is wrong with it."""
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as cause:
        return (f"{MANIFEST}: it cannot be read: {cause.strerror}",)
    found = manifests.read(raw, Around(folder.name, paths=_files(folder)))
    return found if isinstance(found, manifests.Manifest) else tuple(map(str, found))


def kept(root: Path, path: Path, bundle: str) -> Path:
    """Say where the files of a bundle are that a run reads: in the store, once it was installed."""
    for scope in scopes(root) if bundle else ():
        folder = Path(os.path.realpath(_base(scope) / bundle))
        real = Path(os.path.realpath(path))
        if real.is_relative_to(folder) and (found := sealed(scope, bundle)):
            return _stored(scope, found) / real.relative_to(folder)
    return path


def _base(scope: Scope) -> Path:
    return scope.base(Place.WORKFLOWS)


def _home(project: Project, path: Path) -> _Home | None:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    bases = paths.workflow_dirs(project.here, home, project.typed.env)
    for base in (*bases, bundled.root() / "skills"):
        for one, above in ((path, base), _real(path, base)):
            with suppress(ValueError):
                name, slash, inside = one.relative_to(above).as_posix().partition("/")
                if slash:
                    return _Home(base, name, inside)
    return None


def _real(path: Path, base: Path) -> tuple[Path, Path]:
    return Path(os.path.realpath(path)), Path(os.path.realpath(base))


def _verified(scope: Scope, home: _Home, found: Sealed) -> Bound:
    content = {path: content for _kind, path, content in found.tree.entries}.get(home.inside)
    if content is None:
        raise StructureError(f"bundle '{home.name}'", found=_EDITED, hint="Nothing was started.")
    _stored(scope, found)
    return Bound(home.name, found.receipt.consent.ceiling, content)


def _stored(scope: Scope, found: Sealed) -> Path:
    """Give the folder of the store with these very bytes; what is gone is put there again."""
    store = Store(scope.store)
    if store.get(found.receipt.digest) is None:
        store.put(found.tree)
    return scope.store / found.receipt.digest.replace("hk1:", PREFIX, 1)


def _not_locked(scope: Scope, name: str) -> None:
    if not scope.lock.is_file():
        return
    lock = reading.read(scope.lock.read_bytes())
    if name in {one.name.partition("/")[2] for one in lock.packages}:
        raise RefusedError(
            f"bundle '{name}'",
            found="hocket.lock names it, and nobody agreed to it on this machine",
            expected="your consent",
            hint="See what it may do, and agree: hocket install --frozen. Nothing was started.",
        )


def _files(folder: Path) -> frozenset[str]:
    """List the files of a bundle, links left out: a script that leads elsewhere is none of it."""
    found: set[str] = set()
    for top, _folders, names in os.walk(folder):
        inside = Path(top).relative_to(folder)
        found |= {(inside / name).as_posix() for name in names if not Path(top, name).is_symlink()}
    return frozenset(found)
