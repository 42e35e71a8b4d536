"""Keys: the digest of everything that changes an answer, in canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    Named = Callable[[str], str]

VERSION = 1
_EXPONENT_FROM, _EXPONENT_BELOW = 1e21, 1e-6


def canonical(value: JsonValue) -> str:
    """Write a value so that equal values are equal texts, in any language."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        names = sorted(value, key=_utf16)
        return "{" + ",".join(f"{encode_basestring(n)}:{canonical(value[n])}" for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)


def as_it_is(text: str) -> str:
    """Leave a text: where nothing is sealed, it names itself."""
    return text


def prompt_key(prompt: str, named: Named = as_it_is) -> str:
    """Give the key of a call without options: the common case, so it builds no dictionary."""
    text = f'{{"prompt":{encode_basestring(named(prompt))},"v":{VERSION}}}'
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def key(fields: Mapping[str, JsonValue], named: Named = as_it_is) -> str:
    """Give the key of a host call; fields at their default must be left out by the caller.

    `named` puts the digest of its content in the place of every handle: the same in all runs.
    """
    return digest(named(canonical({**fields, "v": VERSION})))


def digest(text: str) -> str:
    """Give the hex SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """Write a float as ECMAScript does: 1.0 is 1, and exponents start at 1e21 and below 1e-6."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no JSON")
    if value == 0.0:
        return "0"
    if _EXPONENT_BELOW <= abs(value) < _EXPONENT_FROM:
        return f"{Decimal(repr(value)).normalize():f}"
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent):+d}"
