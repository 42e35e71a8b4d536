"""Yanks a version: it stays for who has it, and is chosen by nobody anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import NotFound, UsageError
from hocket.registry.authoring import editing, edits
from hocket.registry.authoring.change import Change
from hocket.registry.authoring.reading import load
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.indexes.index import FILE

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.authoring.change import Ground
    from hocket.registry.authoring.reading import Shop
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row


@dataclass(frozen=True, slots=True)
class Wish:
    """Which version to withdraw, and why; raises UsageError for a reason that is no line."""

    name: str
    version: Version
    reason: str

    def __post_init__(self) -> None:
        """Judge the reason as those who read the row will."""
        try:
            forms.line(self.reason)
        except Unfit as why:
            raise UsageError("--reason", found=str(why), expected="one line of text") from why


@dataclass(frozen=True, slots=True)
class Yanked:
    """What came of it."""

    registry: str
    row: Row
    serial: int
    files: tuple[str, ...] = ()
    """What was edited; nothing where the row said so already."""
    commit: str = ""


def yank(wish: Wish, ground: Ground, now: datetime, key: Path | None = None) -> Yanked:
    """Write the reason into the one row; raises NotFound where there is no such version."""
    shop = load(ground)
    now = editing.resumed(ground, now)
    row = _row(shop, wish)
    if row.yanked == wish.reason:
        return Yanked(shop.index.name, row, shop.index.serial)
    pen = editing.pen(ground, shop, key, now)
    change = Change(f"yank {wish.name} {wish.version}", now, b"")
    shop, change = _edited(shop, change, wish)
    change = editing.finished(shop, change, pen)
    new = editing.read_again(shop, change).row(wish.name, wish.version)
    if new is None or new != replace(row, yanked=wish.reason):
        raise editing.unwritable(change.message, "the row would not be read as it is written")
    return Yanked(shop.index.name, new, shop.index.serial + 1, change.paths, ground.settle(change))


def _row(shop: Shop, wish: Wish) -> Row:
    row = shop.index.row(wish.name, wish.version)
    if row is None:
        have = ", ".join(str(one.version) for one in shop.index.rows(wish.name))
        raise NotFound(
            f"{shop.index.name}/{wish.name} {wish.version}",
            found="there is no such version",
            expected=f"one of {have}" if have else "a package of this registry",
            hint="Nothing was changed.",
        )
    return row


def _edited(shop: Shop, change: Change, wish: Wish) -> tuple[Shop, Change]:
    """Edit the file that has the row: an included one, or the index itself."""
    told = ""
    for path, content in {**shop.included, FILE: shop.content}.items():
        try:
            text = edits.with_yank(content.decode(), wish.name, wish.version, wish.reason)
        except edits.Unwritable as why:
            told = str(why)
            continue
        if path == FILE:
            return replace(shop, content=text.encode()), change
        return shop, replace(change, files={path: text.encode()})
    raise editing.unwritable(change.message, told)
