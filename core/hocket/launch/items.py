"""A list from a file: JSON, a JSON value a line, CSV with a head, or lines of text."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue


def read(place: str, here: Path) -> list[JsonValue]:
    """Read the items in a file, or `-` for standard input; raises UsageError saying where."""
    return parsed(_text(place, here), place)


def parsed(text: str, place: str) -> list[JsonValue]:
    """Read items by the suffix of their place; without a known one by how the text looks."""
    suffix = PurePath(place).suffix.lower()
    if suffix == ".csv":
        return [{**row} for row in csv.DictReader(io.StringIO(text))]
    if suffix in {".jsonl", ".ndjson"}:
        return [_json(line, f"{place}:{number}") for number, line in _lines(text)]
    if suffix == ".json" or text.lstrip().startswith("["):
        value = _json(text, place)
        if not isinstance(value, list):
            kind = "an object" if isinstance(value, dict) else json.dumps(value)[:40]
            raise UsageError(place, found=f"it holds {kind}", expected="a JSON list of items")
        return value
    return [line.strip() for _, line in _lines(text)]


def _lines(text: str) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _json(text: str, place: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError as error:
        raise UsageError(place, found=f"it is no JSON: {error}", expected="JSON") from None
    return value


def _text(place: str, here: Path) -> str:
    try:
        return sys.stdin.read() if place == "-" else (here / place).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(place, found=error.strerror or "it cannot be read") from None
    except UnicodeDecodeError as error:
        raise UsageError(place, found=f"it is no UTF-8 text: {error.reason}") from None
