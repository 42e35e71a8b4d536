"""`meta.checks`: the commands that `check=` may name, constant so that the card shows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Check
from hocket.scripts.check.reader import kind

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.scripts.check.reader import Object, Reader

TRIES = 3
TIMEOUT_S = 600.0

_CHECK = ("run", "tries", "timeout")


def read_checks(reader: Reader, meta: Object) -> dict[str, Check]:
    """Read all checks by name; one that is wrong is reported and left out."""
    entries = reader.mapping(meta.get("checks"), "meta.checks")
    found = {name: _check(reader, name, entry) for name, entry in entries.items()}
    return {name: check for name, check in found.items() if check is not None}


def _check(reader: Reader, name: str, value: JsonValue) -> Check | None:
    path = f"meta.checks.{name}"
    if not isinstance(value, dict):
        run = _run(reader, value, path)
        return Check(name, run) if run else None
    entry = reader.mapping(value, path, _CHECK)
    if "run" not in entry:
        reader.wrong(f"{path}.run", "is missing")
        return None
    run = _run(reader, entry["run"], f"{path}.run")
    tries = reader.count(entry, path, "tries") or TRIES
    return Check(name, run, tries, _timeout(reader, entry, path)) if run else None


def _run(reader: Reader, value: JsonValue, path: str) -> str | tuple[str, ...] | None:
    if isinstance(value, str) and value.strip():
        return value
    words = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    if words and words[0] and isinstance(value, list) and len(words) == len(value):
        return tuple(words)
    found = "an empty one" if value in ("", []) else kind(value)
    reader.wrong(path, f"must be a command: a text or a list of texts; found {found}")
    return None


def _timeout(reader: Reader, entry: Object, path: str) -> float:
    value = entry.get("timeout", TIMEOUT_S)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    reader.wrong(f"{path}.timeout", f"must be seconds, more than 0; found {kind(value)}")
    return TIMEOUT_S
