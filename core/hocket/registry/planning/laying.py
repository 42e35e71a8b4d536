"""Says what of a package is put where in a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import UsageError
from hocket.registry.exports import skills
from hocket.registry.forms import names
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.installing.plan import Copy
from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from hocket.registry.installing.plan import Parcel
    from hocket.registry.planning.checking import Ground
    from hocket.registry.receipts.receipt import Receipt


def copies(parcel: Parcel, ground: Ground) -> tuple[Copy, ...]:
    """Give the bundle's folder and its exports, or the one file of a plugin.

    What was installed under another name, or exported, stays so.
    """
    row, before = parcel.row, ground.receipts.get(parcel.key)
    if row.file:
        files = tuple(one for one in parcel.tree.entries if one[1] == row.file)
        return (Copy(Place.PLUGINS, row.file, Tree(files)),)
    if row.wheels:
        return ()
    is_named = parcel.key in ground.named
    folder = (ground.demand.as_name if is_named else "") or _folder(before) or row.name
    own = Copy(Place.WORKFLOWS, folder, parcel.tree)
    if parcel.bundle is None:
        return (own,)
    places = set(_exported(before))
    if is_named:
        places |= places_of(ground.demand.exports)
    ceiling = parcel.bundle.manifest.ceiling
    return (own, *skills.copies(parcel.bundle, parcel.tree, sorted(places), ceiling))


def places_of(words: tuple[str, ...]) -> frozenset[Place]:
    """Read the places that a person named."""
    for word in words:
        if word not in set(skills.TARGETS):
            expected = f"one of {', '.join(skills.TARGETS)}"
            raise UsageError("--export", found=f"{quoted(word)} is no place", expected=expected)
    return frozenset(Place(word) for word in words)


def judge_name(as_name: str, count: int) -> None:
    """Raise UsageError unless `--as` gives one bundle a name."""
    if not as_name:
        return
    if count != 1:
        raise UsageError("--as", found=f"{count} packages are named", expected="exactly one")
    try:
        names.name(as_name)
    except Unfit as cause:
        raise UsageError("--as", found=str(cause), expected="a name") from cause


def _folder(before: Receipt | None) -> str:
    targets = before.targets if before else ()
    return next((one.path for one in targets if one.place is Place.WORKFLOWS), "")


def _exported(before: Receipt | None) -> frozenset[Place]:
    targets = before.targets if before else ()
    return frozenset(one.place for one in targets if one.place in skills.TARGETS)
