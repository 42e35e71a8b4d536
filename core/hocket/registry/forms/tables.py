"""Strict reading of TOML: a table is asked key by key, and what is left over is unknown."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Self, TypeVar, cast

from hocket.api.inert import visible
from hocket.errors import StructureError
from hocket.registry.forms.names import Unfit, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")
_LINE = re.compile(r"at line (\d+)")


class Misread(Exception):
    """A key of a table is not what it must be."""

    def __init__(self, where: str, key: str, what: str) -> None:
        self.where, self.key, self.what = where, key, what
        super().__init__(": ".join(part for part in (where, key, what) if part))


class Table:
    """A table of a document; what does not fit raises Misread with its place."""

    def __init__(self, fields: Mapping[str, object], where: str = "") -> None:
        self.fields, self.where = fields, where
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether a key is there."""
        return key in self.fields

    def misread(self, key: str, what: str) -> Misread:
        """Make the error for a key of this table."""
        return Misread(self.where, key, what)

    def get(self, key: str, read: Callable[[object], T]) -> T:
        """Read what has to be there."""
        if key not in self.fields:
            raise self.misread(key, "is missing")
        return self._read(key, read, self.fields[key])

    def find(self, key: str, read: Callable[[object], T], absent: T) -> T:
        """Read what may be absent."""
        self._asked.add(key)
        return self.get(key, read) if key in self.fields else absent

    def every(self, key: str, read: Callable[[object], T]) -> tuple[T, ...]:
        """Read a list; absent is empty."""
        return tuple(self._read(key, read, one) for one in self._list(key))

    def pairs(
        self, key: str, left: Callable[[object], str], right: Callable[[object], T]
    ) -> dict[str, T]:
        """Read a table by names that are free, sorted by them; absent is empty."""
        own = self.table(key)
        return (
            {} if own is None else {self._read(key, left, one): own.get(one, right) for one in own}
        )

    def table(self, key: str) -> Self | None:
        """Take a table inside this one."""
        value = self.find(key, _mapping, None)
        return None if value is None else type(self)(value, self._inside(key))

    def tables(self, key: str) -> list[Self]:
        """Take a list of tables, each named by its place in it; absent is empty."""
        read = (self._read(key, _mapping, one) for one in self._list(key))
        found = (one or {} for one in read)
        return [type(self)(one, self._inside(f"{key} {at}")) for at, one in enumerate(found, 1)]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys in order."""
        return iter(sorted(self.fields))

    def close(self) -> None:
        """Raise Misread if there is a key that nobody asked for."""
        if left := sorted(set(self.fields) - self._asked):
            raise self.misread("", f"unknown key {quoted(left[0])}")

    def _list(self, key: str) -> list[object]:
        value = self.find(key, _as_list, None)
        return value or []

    def _inside(self, key: str) -> str:
        return f"{self.where}: {key}" if self.where else key

    def _read(self, key: str, read: Callable[[object], T], value: object) -> T:
        self._asked.add(key)
        try:
            return read(value)
        except Unfit as cause:
            raise self.misread(key, str(cause)) from cause


def parse(content: bytes, name: str) -> Table:
    """Read TOML; raises StructureError with the line where it stops being TOML."""
    try:
        return Table(tomllib.loads(content.decode()))
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        raise StructureError(f"{name}:{line}", found="not UTF-8", expected="TOML") from cause
    except RecursionError as cause:
        raise StructureError(name, found="nested too deeply", expected="TOML") from cause
    except tomllib.TOMLDecodeError as cause:
        found, why = _LINE.search(str(cause)), str(cause).partition(" (at ")[0]
        last = content.count(b"\n") + (not content.endswith(b"\n"))
        where = f"{name}:{found[1] if found else last}"
        raise StructureError(where, found=f"not TOML ({visible(why)})") from cause


def _as_list(value: object) -> list[object] | None:
    if not isinstance(value, list):
        raise Unfit(f"{quoted(value)} is not a list")
    return cast("list[object]", value)


def _mapping(value: object) -> dict[str, object] | None:
    if not isinstance(value, dict):
        raise Unfit(f"{quoted(value)} is not a table")
    return cast("dict[str, object]", value)
