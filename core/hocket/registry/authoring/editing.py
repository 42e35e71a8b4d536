"""What every edit of a registry has in common: time, signer, serial, and the proof at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hocket.errors import HocketError, StructureError, UsageError
from hocket.registry.authoring import edits
from hocket.registry.authoring.signing import Pen
from hocket.registry.forms import names
from hocket.registry.forms.tables import Misread, parse
from hocket.registry.indexes import index as indexes
from hocket.registry.indexes.index import FILE

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.authoring.change import Change, Ground
    from hocket.registry.authoring.reading import Shop
    from hocket.registry.indexes.index import Index


def resumed(ground: Ground, now: datetime) -> datetime:
    """Give the time of the edit that was not finished, else the time it is."""
    content = ground.half_done()
    if content is None:
        return now.replace(microsecond=0)
    try:
        return parse(content, FILE).get("updated", names.time)
    except (Misread, StructureError):
        return now.replace(microsecond=0)


def pen(ground: Ground, shop: Shop, key: Path | None, now: datetime) -> Pen | None:
    """Take the key to sign with; raises UsageError where one is needed, or counts for nothing."""
    trust = shop.index.trust
    if key is None:
        if trust is not None and trust.index_signature:
            raise UsageError(
                f"registry {shop.index.name}",
                found="its index is signed",
                expected="--sign KEY, to sign the new one",
                hint="Nothing was changed.",
            )
        return None
    signers = ground.read(trust.signers) if trust is not None else None
    if trust is None or signers is None:
        raise UsageError(
            "--sign",
            found=f"registry {shop.index.name} names no signers",
            expected='trust = { signers = "allowed_signers" } in registry.toml, and that file',
            hint="Nothing was changed.",
        )
    return Pen(key, signers, ground.read(_beside(trust.signers)), now)


def finished(shop: Shop, change: Change, pen: Pen | None) -> Change:
    """Add the index that belongs to the change: the next serial, its time, its digest."""
    index, text = shop.index, shop.content.decode()
    try:
        written = edits.with_head(text, index.serial + 1, change.now, shop.digest(change.files))
    except edits.Unwritable as cause:
        raise unwritable(FILE, str(cause)) from cause
    content = written.encode()
    signs = index.trust is not None and index.trust.index_signature
    signature = pen.index(content) if pen is not None and signs else None
    return replace(change, index=content, signature=signature)


def read_again(shop: Shop, change: Change) -> Index:
    """Read what would be written; raises HocketError if it does not hold."""
    try:
        new = indexes.read(change.index, shop.with_files(_included(shop, change)))
    except StructureError as cause:
        raise unwritable(change.message, cause.found) from cause
    expected = replace(
        shop.index, serial=shop.index.serial + 1, updated=change.now, sha256=new.sha256
    )
    if replace(new, packages=expected.packages, hidden=expected.hidden) != expected:
        raise unwritable(FILE, "serial and time cannot be set line by line")
    return new


def unwritable(who: str, why: str) -> HocketError:
    """Make the error for a registry that is written in a way of its own."""
    return HocketError(
        who,
        found=why,
        expected='a registry as `hocket registry init` makes it: include = ["packages/*.toml"]',
        hint="Nothing was changed. Edit it by hand.",
    )


def _beside(signers: str) -> str:
    return str(PurePosixPath(signers).with_name("revoked.krl"))


def _included(shop: Shop, change: Change) -> dict[str, bytes]:
    """Give the files of a change that the index takes in: another one would be read by nobody."""
    return dict(change.files) if shop.globs else {}
