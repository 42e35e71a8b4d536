"""Handles: what a script may pass on, join, compare and return, and whose content it never sees.

The same content has the same handle in one run, on any machine: it is keyed with a secret of the
run. Only handles that were issued open; a guessed or a sliced one is ordinary text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from pydantic import JsonValue

OPENING, CLOSING = "\u27e6h:", "\u27e7"
LENGTH = 26
_HANDLE = re.compile(rf"{OPENING}([a-z2-7]{{{LENGTH}}}){CLOSING}")
ESCAPED = "\u27e6\u200b"
"""How an opening bracket in outside text is kept: it can never be read as the start of a handle."""
_BARE = re.compile("\u27e6(?!\u200b)")


def minted(secret: bytes, digest: str) -> str:
    """Give the handle of a content by its digest."""
    name = hmac.new(secret, digest.encode("ascii"), hashlib.sha256).digest()
    return f"{OPENING}{base64.b32encode(name).decode('ascii').lower()[:LENGTH]}{CLOSING}"


def found(text: str) -> list[str]:
    """List the handles in a text, issued or not, each once."""
    if OPENING not in text:
        return []
    return list(dict.fromkeys(match.group() for match in _HANDLE.finditer(text)))


def holds_one(value: JsonValue) -> bool:
    """Say whether a handle stands anywhere in a value, in a key too."""
    return any(_HANDLE.search(text) for text in texts(value))


def has_pieces(text: str, issued: Container[str]) -> bool:
    """Say whether something begins like a handle and is none that was issued: it opens nothing."""
    return OPENING in text and OPENING in replaced(text, lambda one: "" if one in issued else one)


def escaped(text: str) -> str:
    """Make what looks like the beginning of a handle in outside text inert; once is enough."""
    return _BARE.sub(ESCAPED, text)


def replaced(text: str, put: Callable[[str], str]) -> str:
    """Put something in the place of every handle; what that holds is not looked at again."""
    return _HANDLE.sub(lambda match: put(match.group()), text)


def replaced_within(value: JsonValue, put: Callable[[str], str]) -> JsonValue:
    """Replace handles in every text of a value, in keys too."""
    if isinstance(value, str):
        return replaced(value, put)
    if isinstance(value, list):
        return [replaced_within(one, put) for one in value]
    if isinstance(value, dict):
        return {replaced(name, put): replaced_within(one, put) for name, one in value.items()}
    return value


def texts(value: JsonValue) -> Iterator[str]:
    """Walk over every text of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from texts(one)
