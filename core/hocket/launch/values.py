"""Values that were typed: read as JSON, fit for a journal, and free of credentials."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from hocket.errors import RefusedError, UsageError
from hocket.journal.cleaning import clean
from hocket.journal.redact import Redactor

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

MOST_BYTES = 4 << 20
_SMALLER = "a smaller value, or a file the agents read"


def read(text: str, here: Path, who: str) -> JsonValue:
    """Read JSON, `@file` with JSON, or `@-` for standard input; UsageError for anything else."""
    if text.startswith("@"):
        text = _from_file(text[1:], here, who)
    try:
        return parse(text)
    except ValueError as error:
        raise refused(who, f"not JSON ({error})", "JSON, or @FILE with JSON") from error


def parse(text: str) -> JsonValue:
    """Read strict JSON: no NaN, no infinity; raises ValueError."""
    try:
        value: JsonValue = json.loads(text, parse_constant=_no_json)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def fit(value: JsonValue, who: str) -> JsonValue:
    """Make a value what a journal can hold and a script may see, or refuse it."""
    try:
        value = clean(value)
    except ValueError as error:
        raise refused(who, str(error), "a value that a journal can hold") from error
    if size(value) > MOST_BYTES:
        raise refused(who, "larger than 4 MiB", _SMALLER)
    name = Redactor.from_environment(os.environ).find(value)
    if name is not None:
        raise RefusedError(
            who,
            found=f"the value of {name} is in the arguments",
            expected="no credentials",
            hint="Tools read credentials themselves, a script never does. Nothing was started.",
        )
    return value


def size(value: JsonValue) -> int:
    """Count the bytes of a value as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def refused(who: str, found: str, expected: str) -> UsageError:
    """Refuse what was typed."""
    return UsageError(who, found=found, expected=expected, hint="Nothing was started.")


def _from_file(name: str, here: Path, who: str) -> str:
    try:
        content = piped() if name == "-" else _start_of(here / name)
        if len(content) <= MOST_BYTES:
            return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        found = f"'{name}' cannot be read ({error})"
        raise refused(who, found, "a text file with JSON") from error
    raise refused(who, f"'{name}' is larger than 4 MiB", _SMALLER)


def piped() -> bytes:
    """Read standard input, no more of it than one byte over what is allowed."""
    # With stdin closed from the start, Python has none.
    return sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""


def _start_of(path: Path) -> bytes:
    """Read no more of a file than is allowed: it may have no end."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _no_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
