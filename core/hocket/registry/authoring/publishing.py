"""Publishes a bundle: its files, its row for ever, and an index that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import HocketError, PackageRefused
from hocket.registry.authoring import editing
from hocket.registry.authoring.change import Change
from hocket.registry.authoring.reading import load
from hocket.registry.authoring.rows import package_text, row_of, row_text
from hocket.registry.bundles.agreement import row_problems
from hocket.registry.indexes.rows import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.authoring.change import Ground
    from hocket.registry.authoring.packing import Packed
    from hocket.registry.authoring.reading import Shop
    from hocket.registry.indexes.rows import Row


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing came to."""

    registry: str
    row: Row
    serial: int
    files: tuple[str, ...] = ()
    """What was written, or would be; nothing where the version was there already."""
    commit: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the version was not there before."""
        return bool(self.files)


def publish(
    packed: Packed, ground: Ground, now: datetime, key: Path | None = None, *, dry: bool = False
) -> Published:
    """Add the version, and commit where there are commits; raises PackageRefused with all faults.

    A version that is there with the same digest is left as it is.
    """
    shop = load(ground)
    # An edit that was killed wrote its time into the index: with it, it comes to the same bytes.
    now = editing.resumed(ground, now)
    _judge(shop, packed)
    name, version = packed.manifest.name, packed.manifest.version
    there = shop.index.row(name, version)
    if there is not None:
        return Published(shop.index.name, there, shop.index.serial)
    folder = f"bundles/{version}/{name}"
    pen = editing.pen(ground, shop, key, now)
    row = row_of(packed, folder, now)
    if pen is not None:
        row = replace(row, signatures=(pen.row(shop.index.name, row),))
    path = f"packages/{name}.toml"
    files = {path: _with_row(shop, path, packed, row)}
    message = f"publish {name} {version}"
    change = Change(message, now, b"", files=files, folder=folder, tree=packed.tree)
    change = editing.finished(shop, change, pen)
    _proved(shop, change, row)
    commit = "" if dry else ground.settle(change)
    return Published(
        shop.index.name,
        row,
        shop.index.serial + 1,
        tuple(change.paths),
        commit,
        tuple(_warnings(shop, packed, row)),
    )


def _judge(shop: Shop, packed: Packed) -> None:
    """Refuse what would break a promise of the registry; tells all that is wrong."""
    name, version = packed.manifest.name, packed.manifest.version
    who = f"{shop.index.name}/{name} {version}"
    there = shop.index.row(name, version)
    if there is not None and there.digest != packed.digest:
        raise PackageRefused(
            who,
            [f"was published with {there.digest}; the folder has {packed.digest}"],
            "digest",
            "Nothing was published. A version never changes: raise `version` in bundle.toml.",
        )
    if problems := [*_faults(shop, packed)]:
        raise PackageRefused(who, problems, "manifest", "Nothing was published.")


def _faults(shop: Shop, packed: Packed) -> Iterator[str]:
    manifest, index = packed.manifest, shop.index
    name = manifest.name
    if not manifest.license:
        yield "bundle.toml: license: missing, and a registry tells it of every package"
    if name in index.renames:
        yield (
            f"was renamed to {index.renames[name]!r} here"
            if index.renames[name]
            else ("was withdrawn here")
        )
    if any((one.name, one.version) == (name, manifest.version) for one in index.hidden):
        yield "was published in a form that this hocket does not understand"
    package = index.packages.get(name)
    if package is None:
        return
    if package.kind is not Kind.BUNDLE:
        yield f"is a {package.kind} here"
    row = row_of(packed, name, index.updated)
    yield from map(str, row_problems(row, package.license, manifest, packed.tree))


def _with_row(shop: Shop, path: str, packed: Packed, row: Row) -> bytes:
    """Write the file of the package: a row goes behind those that are there."""
    old = shop.included.get(path)
    if old is None and row.name in shop.index.packages:
        raise HocketError(
            f"{shop.index.name}/{row.name}",
            found=f"its rows are in another file than {path}",
            expected="one file a package",
            hint=f"Nothing was published. Move its [[package]] to {path} first.",
        )
    text = package_text(packed).lstrip("\n") if old is None else old.decode().rstrip("\n") + "\n"
    return (text + row_text(row)).encode()


def _proved(shop: Shop, change: Change, row: Row) -> None:
    """Read what will be written: all that was there, and this row."""
    new = editing.read_again(shop, change)
    before, after = shop.index.packages, new.packages
    rest = [one for one in new.rows(row.name) if one != row]
    others = {name: one for name, one in before.items() if name != row.name}
    if (
        new.row(row.name, row.version) != row
        or rest != [*shop.index.rows(row.name)]
        or others != {name: one for name, one in after.items() if name != row.name}
    ):
        raise editing.unwritable(change.message, "the row would not be read as it is written")


def _warnings(shop: Shop, packed: Packed, row: Row) -> Iterator[str]:
    yield from packed.warnings
    for needed, wanted in sorted(row.dependencies.items()):
        offered = shop.index.rows(needed)
        if "/" not in needed and not any(wanted.contains(one.version) for one in offered):
            yield f"bundle.toml: dependencies.{needed}: {shop.index.name} has no {wanted.text}"
    if shop.index.trust is not None and not row.signatures:
        yield "unsigned, in a registry of signers: who installs it is asked (publish with --sign)"
