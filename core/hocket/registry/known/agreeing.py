"""Compares the keys a registry serves with those a person agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused, RefusedError
from hocket.registry.indexes.index import FILE
from hocket.registry.indexes.statement import INDEX_NAMESPACE
from hocket.registry.known.looking import INDEX_SIGNATURE, SIGNATURE
from hocket.registry.signatures import signers, verifying

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hocket.registry.known.keyring import Keys
    from hocket.registry.known.looking import Look


def fingerprints(keys: Keys) -> tuple[tuple[str, str], ...]:
    """List the signers with the fingerprints of their keys, in the order of the file."""
    if not keys.signers:
        return ()
    found = signers.read(keys.signers, "allowed_signers")
    return tuple((who, key) for who, keys in found.fingerprints.items() for key in keys)


def agreed(
    look: Look, pinned: str, kept: Keys, now: datetime, accepted: Collection[str] = ()
) -> tuple[Keys, tuple[str, ...]]:
    """Give the keys that hold from now on, with notes; `pinned` is the hash in the pin.

    Raises RefusedError for signers nobody vouched for, and PackageRefused for an index that is
    not signed as it has to be.
    """
    notes: tuple[str, ...] = ()
    if look.keys.hash != pinned:
        notes = (_changed(look, pinned, kept, now, accepted),)
    elif kept.signs_index and not look.keys.signs_index:
        what = "its index was signed, and says now that it is not"
        hint = f"If that is meant: hocket registry remove {look.name}, and add it again."
        raise PackageRefused(look.who, [what], "signature", hint)
    check_index(look, now, kept.krl)
    return still_revoked(look.keys, kept), notes


def still_revoked(keys: Keys, kept: Keys) -> Keys:
    """Keep the list of revoked keys where it is gone: that does not make them good again."""
    return replace(keys, krl=keys.krl or kept.krl)


def check_index(look: Look, at: datetime, older_krl: bytes = b"") -> None:
    """Raise PackageRefused unless the index is signed, where it has to be."""
    if not look.keys.signs_index:
        return
    armoured = look.served.files.get(INDEX_SIGNATURE)
    if armoured is None:
        raise PackageRefused(look.who, [f"{INDEX_SIGNATURE} is not there"], "signature")
    for krl in _krls(look.keys.krl, older_krl):
        try:
            _verify(look.served.files[FILE], armoured, look.keys.signers, at, krl)
        except PackageRefused as cause:
            problems = [f"{INDEX_SIGNATURE}: {one}" for one in cause.problems]
            raise PackageRefused(look.who, problems, cause.code) from cause


def _changed(look: Look, pinned: str, kept: Keys, now: datetime, accepted: Collection[str]) -> str:
    if look.keys.consent in accepted:
        return f"{look.name}: its signers changed, as was accepted"
    if pinned and kept.hash == pinned and _is_vouched(look, kept, now):
        return f"{look.name}: its signers changed, and one of those before signed the change"
    meant = f"If the change is meant: --accept={look.keys.consent}"
    raise RefusedError(
        look.who,
        found="its signers are not those you agreed to",
        hint="\n".join((*difference(kept, look.keys), meant, "Nothing was changed.")),
    )


def difference(before: Keys, now: Keys) -> list[str]:
    """Show which signers went and which came, a line each."""
    old, new = fingerprints(before), fingerprints(now)
    gone = [f"- {who}  {key}" for who, key in old if (who, key) not in new]
    came = [f"+ {who}  {key}" for who, key in new if (who, key) not in old]
    lines = gone + came or ["the same keys, under other rules"]
    return lines if now.signers else [*gone, "it has no signers any more"]


def _is_vouched(look: Look, kept: Keys, now: datetime) -> bool:
    trust = look.index.trust
    path = trust.signers if trust else ""
    armoured = look.served.files.get(f"{path}{SIGNATURE}")
    if not trust or armoured is None:
        return False
    try:
        for krl in _krls(kept.krl, look.keys.krl):
            _verify(look.keys.signers, armoured, kept.signers, now, krl)
    except PackageRefused:
        return False
    return True


def _krls(*lists: bytes) -> list[bytes]:
    return [one for one in dict.fromkeys(lists) if one] or [b""]


def _verify(message: bytes, armoured: bytes, signed_by: bytes, at: datetime, krl: bytes) -> None:
    text = armoured.decode("ascii", "replace")
    verifying.find_principal(message, text, signed_by, INDEX_NAMESPACE, at=at, krl=krl or None)
