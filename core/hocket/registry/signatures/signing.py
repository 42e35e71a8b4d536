"""Signs with a person's own key, as `publish --sign` does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError, UsageError
from hocket.registry.signatures import keygen

if TYPE_CHECKING:
    from pathlib import Path

_NEEDED = "a private key, or the public one of a key that the agent holds"


def sign(key: Path, namespace: str, message: bytes) -> str:
    """Sign and give the armoured signature; the terminal or the agent may ask for a passphrase."""
    who = f"key {visible(key.name)}"
    program = keygen.find(None)
    if not program:
        hint = "Install OpenSSH; nothing was signed."
        raise HocketError(who, found="there is no program 'ssh-keygen' on PATH", hint=hint)
    if not key.is_file():
        raise UsageError(who, found="there is no such file", expected=_NEEDED)
    words = [program, "-Y", "sign", "-f", str(key.resolve()), "-n", namespace]
    try:
        # A person may take their time with a passphrase or a security key.
        ended = keygen.run(words, message, {**os.environ, "LC_ALL": "C"}, longest_s=None)
    except OSError as cause:
        raise HocketError(who, found=f"ssh-keygen did not start: {cause.strerror}") from cause
    if ended.code != 0:
        raise HocketError(who, found=ended.words, expected=_NEEDED, hint="Nothing was signed.")
    return ended.out.decode("ascii")
