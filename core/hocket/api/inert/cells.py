"""CSV that a spreadsheet shows and does not calculate."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hocket.api.inert.characters import stripped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_BEGINS = re.compile(rf"[\t\n]|\s*[{_FORMULA}]")
_BEGINS_AGAIN = re.compile(r"([;\t\n]\s*)(?=[=@\uff1d\uff20\ufe66\ufe6b])")
"""A program that expects other separators would begin a cell there."""
_QUOTED = re.compile(r'[",;\t\n]|^\s|\s$')


def cell(value: JsonValue) -> str:
    """Write a value as a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if not isinstance(value, str):
        said = json.dumps(value, ensure_ascii=False)
        return said if isinstance(value, bool | int | float) else _text(said)
    return _text(value)


def csv_line(values: Iterable[JsonValue]) -> str:
    """Write a line of cells as RFC 4180 has it, with its line end."""
    return ",".join(_quoted(cell(value)) for value in values) + "\r\n"


def _text(raw: str) -> str:
    text = stripped(raw)
    if _NUMBER.fullmatch(text.strip()):
        return text.strip()
    safe = _BEGINS_AGAIN.sub(r"\1'", text)
    return f"'{safe}" if _BEGINS.match(safe) else safe


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
