"""Makes a value what its record will give back, so that delivered, committed and replayed agree."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

MAX_DEPTH = 100
_MAX_BITS = 14_000
"""Python writes no integer of more than 4,300 digits, and reads none."""


def clean(value: JsonValue) -> JsonValue:
    """Give the value as it comes back from JSON; ValueError when JSON cannot carry it.

    Lone surrogates become U+FFFD and split pairs are joined; integers of any size a
    journal can hold and -0.0 stay as they are; NaN, infinities and more than 100 levels
    are refused.
    """
    return _clean(value, 0)


def _clean(value: JsonValue, depth: int) -> JsonValue:
    if depth > MAX_DEPTH:
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, str):
        return _mend(value)
    if isinstance(value, dict):
        return {_name(key): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item, depth + 1) for item in value]
    return _scalar(value)


def _scalar(value: JsonValue) -> JsonValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            raise ValueError("it has an integer of more than 4,000 digits")
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"it has the number {value!r}")
        return float(value)
    raise ValueError(f"it has a {type(value).__name__}")


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"it has a key that is a {type(key).__name__}")  # noqa: TRY004
    return _mend(key)


def _mend(text: str) -> str:
    if text.isascii():
        return str(text)
    # UTF-16 knows surrogates: a pair that arrived in two pieces is one character again.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
