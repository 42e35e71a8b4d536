"""What a person agreed to of a registry's keys, kept whole, since a pin has only their hash."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from hocket.errors import StructureError
from hocket.registry.forms import canonical
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.forms.tables import Misread, Table

if TYPE_CHECKING:
    from pydantic import JsonValue

NO_SIGNERS = "none"


@dataclass(frozen=True, slots=True)
class Keys:
    """A registry's file of signers, its revoked keys, and whether its index is signed."""

    signers: bytes = b""
    """Empty: it has none."""
    krl: bytes = b""
    signs_index: bool = False

    @property
    def hash(self) -> str:
        """Give what a pin and a lock keep; empty without signers."""
        return f"sha256:{sha256(self.signers).hexdigest()}" if self.signers else ""

    @property
    def consent(self) -> str:
        """Give the id that accepts these signers in the place of others."""
        return f"signers:{self.hash or NO_SIGNERS}"


def read(content: bytes, who: str) -> Keys:
    """Read what was kept; nothing kept is no keys. Raises StructureError for what is damaged."""
    if not content:
        return Keys()
    try:
        told = canonical.parse(content)
        top = Table(cast("dict[str, object]", told) if isinstance(told, dict) else {})
        keys = Keys(
            top.get("signers", _bytes),
            top.get("krl", _bytes),
            top.get("signs-index", forms.flag),
        )
        top.close()
    except (Unfit, Misread) as cause:
        hint = "Remove the registry and add it again, if its signers are the right ones."
        raise StructureError(who, found=str(cause), hint=hint) from cause
    return keys


def dump(keys: Keys) -> bytes:
    """Write them."""
    told: dict[str, JsonValue] = {
        "signers": b64encode(keys.signers).decode(),
        "krl": b64encode(keys.krl).decode(),
        "signs-index": keys.signs_index,
    }
    return canonical.canonical(told)


def _bytes(value: object) -> bytes:
    try:
        return b64decode(str(value), validate=True)
    except ValueError as cause:
        raise Unfit("is not base64") from cause
