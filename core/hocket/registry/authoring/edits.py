"""Edits a registry's files line by line, so that comments and order stay as people wrote them.

Who edits reads the result again: what was not written line by line is found there.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from hocket.registry.forms.toml_text import lines

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.registry.forms.versions import Version

_TABLE = re.compile(r"[ \t]*\[")
_PACKAGE = re.compile(r"[ \t]*\[\[[ \t]*package[ \t]*\]\]")
_VERSION = re.compile(r"[ \t]*\[\[[ \t]*package[ \t]*\.[ \t]*version[ \t]*\]\]")


class Unwritable(Exception):
    """A file is not written in a way that can be edited line by line; its text says what lacks."""


def with_head(text: str, serial: int, updated: datetime, digest: str) -> str:
    """Set serial, time and the digest of the included files; the digest may be empty."""
    head, rest = _split(text)
    for key, value in (("serial", serial), ("updated", updated)):
        head = _set(head, key, lines({key: value}))
    if digest:
        head = _set(head, "include-digest", lines({"include-digest": digest}), after="include")
    return "".join((*head, *rest))


def with_yank(text: str, name: str, version: Version, reason: str) -> str:
    """Say in the row of a version that it was withdrawn, and why."""
    found = text.splitlines(keepends=True)
    at = _row(found, name, str(version))
    end = next((n for n in range(at, len(found)) if _TABLE.match(found[n])), len(found))
    row = _set(found[at:end], "yanked", lines({"yanked": reason}), after="version")
    return "".join((*found[:at], *row, *found[end:]))


def _split(text: str) -> tuple[list[str], list[str]]:
    """Part what stands above the first table from the rest."""
    found = text.splitlines(keepends=True)
    end = next((n for n, line in enumerate(found) if _TABLE.match(line)), len(found))
    return found[:end], found[end:]


def _set(found: list[str], key: str, line: str, after: str = "") -> list[str]:
    """Replace the one line of a key, or put it behind another one."""
    for n, old in enumerate(found):
        if _key(old) == key:
            return [*found[:n], line.rstrip("\n") + _remark(old), *found[n + 1 :]]
    for n, old in enumerate(found):
        if after and _key(old) == after:
            own = old if old.endswith("\n") else f"{old}\n"
            return [*found[:n], own, line, *found[n + 1 :]]
    raise Unwritable(f"there is no line for {after or key!r}")


def _key(line: str) -> str:
    return line.partition("=")[0].strip().strip("\"'") if "=" in line else ""


def _remark(line: str) -> str:
    """Keep a comment behind a value that holds none itself."""
    value, sign, remark = line.rstrip("\r\n").partition("#")
    is_comment = sign and _is_toml(value)
    blanks = value[len(value.rstrip()) :]
    return f"{blanks}#{remark}\n" if is_comment else "\n"


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _row(found: list[str], name: str, version: str) -> int:
    """Find the first line inside the row of a version."""
    inside = False
    for n, line in enumerate(found):
        if _PACKAGE.match(line):
            inside = _says(found, n + 1, "name") == name
        elif inside and _VERSION.match(line) and _says(found, n + 1, "version") == version:
            return n + 1
    raise Unwritable(f"{name} {version} has no [[package.version]] of its own")


def _says(found: list[str], start: int, key: str) -> str:
    """Read the value of a key in the table that begins here."""
    for line in found[start:]:
        if _TABLE.match(line):
            return ""
        if _key(line) == key:
            value: object = tomllib.loads(line).get(key, "") if _is_toml(line) else ""
            return str(value)
    return ""
