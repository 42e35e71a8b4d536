"""Whether a version was signed by one whose word counts; unsigned is a fact, forged is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocket.errors import PackageRefused
from hocket.registry.indexes.statement import NAMESPACE, statement
from hocket.registry.signatures.verifying import verify

if TYPE_CHECKING:
    from hocket.registry.indexes.rows import Signature
    from hocket.registry.planning.sought import Keys, Sought
    from hocket.registry.receipts.receipt import Receipt

UNSIGNED = "unsigned"
MISSING = "unsigned, though its registry signs"
AS_LOCKED = "as locked"


class Seal(NamedTuple):
    """Who vouches for a version."""

    told: str
    """The result of the check."""
    signer: str = ""
    fingerprint: str = ""

    @property
    def is_hearsay(self) -> bool:
        """Whether the lock alone says it."""
        return self.told == AS_LOCKED


def verified(sought: Sought, before: Receipt | None) -> Seal:
    """Check the signatures until one holds, that of the installed version's signer first.

    Raises PackageRefused where there are some and none holds.
    """
    if not sought.is_stated and sought.pinned and sought.pinned.signer:
        # Frozen: the digest that was signed is the digest that was just compared.
        return Seal(AS_LOCKED, sought.pinned.signer)
    if sought.keys is None:
        return Seal(MISSING if sought.trusts else UNSIGNED)
    first = before.signer if before else ""
    offered = sorted(sought.row.signatures, key=lambda one: (one.signer != first, one.signer))
    problems: list[str] = []
    for one in offered:
        try:
            return Seal("ok", one.signer, _checked(sought, one, sought.keys))
        except PackageRefused as cause:
            problems += (f"{cause.who}: {text}" for text in cause.problems)
    if problems:
        raise PackageRefused(sought.who, problems, "signature")
    return Seal(MISSING)


def _checked(sought: Sought, one: Signature, keys: Keys) -> str:
    message = statement(sought.called, sought.row)
    return verify(
        message,
        one.value,
        keys.signers,
        one.signer,
        NAMESPACE,
        at=sought.row.published,
        krl=keys.krl,
    )
