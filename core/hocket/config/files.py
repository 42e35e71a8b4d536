"""A settings file: read once, and able to say on which line a key stands."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hocket.errors import UsageError
from hocket.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import JsonValue

    Table = dict[str, JsonValue]


_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The text of a TOML file and the table of it that holds settings."""

    name: str
    text: str
    table: Table
    inside: tuple[str, ...] = ()
    raw: bytes = b""

    @property
    def pinned(self) -> bytes:
        """What a person's trust is pinned to: all of the file, or what its one table says."""
        return canonical(self.table, *self.inside) if self.inside else self.raw

    @classmethod
    def read(cls, path: Path, project: Path, *inside: str) -> SettingsFile | None:
        """Read a file, or one table of it; None when there is no such file or table."""
        name = shown(path, project)
        raw = _raw(path, name)
        if raw is None:
            return None
        text = _text(raw, name)
        table = _parsed(text, name)
        for key in inside:
            table = _subtable(table, key, name)
        return cls(name, text, table, inside, raw) if table else None

    def place(self, *keys: str) -> str:
        """Say where a key stands, as `file:line`; one that is not there belongs into its table."""
        path = (*self.inside, *keys)
        lines = (self._line(path[:depth]) for depth in range(len(path), 0, -1))
        return f"{self.name}:{next((line for line in lines if line), 1)}"

    def _line(self, path: tuple[str, ...]) -> int | None:
        # tomllib tells no lines. A statement ends where the lines so far are valid TOML again,
        # and it starts after the last place where they were; so no TOML is read by hand.
        begun = 0
        for count, table in self._prefixes():
            if _holds(table, path):
                return begun + 1
            begun = count
        return None

    def _prefixes(self) -> Iterator[tuple[int, Table]]:
        lines = self.text.split("\n")
        for count in range(1, len(lines) + 1):
            try:
                yield count, cast("Table", tomllib.loads("\n".join(lines[:count])))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of a value of several lines


def canonical(table: Table, *inside: str) -> bytes:
    """Write what a table says, and nothing of how: one line for each key, in one order."""
    return "".join(f"{line}\n" for line in sorted(_flat(table, inside))).encode()


def section(raw: bytes, *inside: str) -> bytes | None:
    """Give one table of a TOML text in that form, None without it; raises ValueError."""
    table: JsonValue = cast("Table", tomllib.loads(raw.decode("utf-8-sig")))
    for key in inside:
        table = table.get(key) if isinstance(table, dict) else None
    return canonical(table, *inside) if isinstance(table, dict) and table else None


def _flat(value: JsonValue, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, (*path, key))
        return
    dotted = ".".join(key if _BARE.fullmatch(key) else json.dumps(key) for key in path)
    yield f"{dotted} = {json.dumps(value, default=str, sort_keys=True)}"


def _raw(path: Path, name: str) -> bytes | None:
    try:
        # A cloned project may bring a link to a device, which has no end.
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise _unreadable(name, "it is no regular file")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as cause:
        raise _unreadable(name, str(cause.strerror)) from cause


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as cause:
        raise _unreadable(name, "it is not UTF-8") from cause


def _unreadable(name: str, what: str) -> UsageError:
    return UsageError(name, found=f"it cannot be read: {what}", hint="Nothing was started.")


def _parsed(text: str, name: str) -> Table:
    try:
        return cast("Table", tomllib.loads(text))
    except RecursionError as cause:
        raise _unreadable(name, "it is nested too deeply") from cause
    except tomllib.TOMLDecodeError as cause:
        what, _, where = str(cause).rpartition(" (at ")
        lines = text.rstrip("\n").split("\n")
        # Python says "end of document" where an editor wants a place to go to.
        place = re.findall(r"\d+", where) or [len(lines), len(lines[-1]) + 1]
        found = f"not valid TOML: {what[:1].lower()}{what[1:]}"
        raise UsageError(
            f"{name}:{place[0]}:{place[1]}", found=found, hint="Nothing was started."
        ) from cause


def _subtable(table: Table, key: str, name: str) -> Table:
    inner = table.get(key, {})
    if isinstance(inner, dict):
        return inner
    raise UsageError(name, found=f"'{key}' is no table", expected=f"a table [{key}]")


def _holds(table: Table, path: tuple[str, ...]) -> bool:
    here: JsonValue = table
    for key in path:
        if not isinstance(here, dict) or key not in here:
            return False
        here = here[key]
    return True
