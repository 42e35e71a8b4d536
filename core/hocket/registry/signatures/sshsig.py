"""An armoured SSH signature: which key made it, for which namespace, over which bytes."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.signatures.wire import Wire, string

MAGIC = b"SSHSIG"
VERSION = 1
HASHES = frozenset(("sha256", "sha512"))


@dataclass(frozen=True, slots=True)
class Sshsig:
    """What a signature says of itself; nothing of it was checked yet."""

    key: bytes
    """The public key as ssh writes it."""
    namespace: str
    hash_name: str
    value: bytes

    @property
    def fingerprint(self) -> str:
        """Name its key as ssh does."""
        return fingerprint(self.key)

    def covered(self, message: bytes) -> bytes:
        """Give the bytes that the key signed, if it signed this message."""
        hashed = hashlib.new(self.hash_name, message).digest()
        parts = (self.namespace.encode(), b"", self.hash_name.encode(), hashed)
        return MAGIC + b"".join(map(string, parts))


def fingerprint(key: bytes) -> str:
    """Name a public key as `ssh-keygen -l` does."""
    return "SHA256:" + b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def read(armoured: str) -> Sshsig:
    """Read an armoured signature; raises Unfit with what is wrong."""
    lines = forms.armour(armoured).strip("\n").split("\n")
    try:
        wire = Wire(b64decode("".join(lines[1:-1]), validate=True))
    except Error as cause:
        raise Unfit("is not base64") from cause
    if wire.take(len(MAGIC)) != MAGIC or wire.number() != VERSION:
        raise Unfit("is no SSHSIG of version 1")
    key, namespace = wire.string(), wire.word()
    wire.string()
    found = Sshsig(key, namespace, wire.word(), wire.string())
    wire.end()
    if found.hash_name not in HASHES:
        raise Unfit(f"is over a hash that is not {' or '.join(sorted(HASHES))}")
    return found
