"""Canonical JSON: one text for one value, so that it can be hashed and signed.

ASCII only, keys sorted, separators `,` and `:`, no spaces, no final newline, no floats.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit

if TYPE_CHECKING:
    from pydantic import JsonValue


def canonical(value: JsonValue) -> bytes:
    """Write a value; raises Unfit for what has no one form: floats, and halves of characters."""
    _judge(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def parse(raw: bytes) -> JsonValue:
    """Read a value that was written so; raises Unfit for every other way of writing it."""
    try:
        value: JsonValue = json.loads(raw.decode("ascii"))
        is_same = canonical(value) == raw
    except (ValueError, RecursionError) as cause:
        raise Unfit("not canonical JSON") from cause
    if not is_same:
        raise Unfit("not canonical JSON")
    return value


def fingerprint(value: JsonValue) -> str:
    """Give the hash that stands for a value in rows, locks and statements."""
    return f"sha256:{sha256(canonical(value)).hexdigest()}"


def _judge(value: JsonValue) -> None:
    if isinstance(value, float):
        raise Unfit(f"{value} is a float, whole numbers allowed")
    if isinstance(value, str):
        _judge_text(value)
    elif isinstance(value, list):
        for one in value:
            _judge(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            _judge_text(key)
            _judge(one)


def _judge_text(text: str) -> None:
    # Two halves written one after the other would read as the character they make.
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        raise Unfit("a text holds half a character")
