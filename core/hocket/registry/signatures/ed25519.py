"""Checks a signature where there is no OpenSSH: Ed25519 only, by `cryptography`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit
from hocket.registry.signatures.wire import Wire

if TYPE_CHECKING:
    from hocket.registry.signatures.signers import Signer
    from hocket.registry.signatures.sshsig import Sshsig

TYPE = "ssh-ed25519"
MISSING = "neither ssh-keygen nor the extra hocket[sshsig] is installed, so nothing was checked"


def judge(signature: Sshsig, message: bytes, lines: list[Signer], krl: bytes | None) -> None:
    """Raise Unfit unless the key signed these bytes; `lines` are what allows it to."""
    if krl is not None:
        raise Unfit("there are revoked keys, which only ssh-keygen can read")
    if not lines:
        raise Unfit("its key is not that of the signer, for this purpose")
    if any(one.limits for one in lines):
        raise Unfit("its key holds for a time only, which only ssh-keygen can judge")
    _judge(_raw(signature.key), _raw(signature.value), signature.covered(message))


def _raw(blob: bytes) -> bytes:
    wire = Wire(blob)
    if (kind := wire.string()) != TYPE.encode():
        named = kind.decode("ascii", "backslashreplace")
        raise Unfit(f"is by a key of kind {named!r}, without ssh-keygen only {TYPE} is checked")
    raw = wire.string()
    wire.end()
    return raw


def _judge(key: bytes, value: bytes, covered: bytes) -> None:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (an extra)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PublicKey,
        )
    except ImportError as cause:
        raise Unfit(MISSING) from cause
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, covered)
    except (InvalidSignature, ValueError) as cause:
        raise Unfit("does not hold: these are not the bytes that were signed") from cause
