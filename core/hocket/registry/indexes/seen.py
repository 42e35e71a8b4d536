"""The log of what a registry showed before, by which a later lie is told.

One log for each registry's URL, lines of canonical JSON that are only ever added:
`{"at":TIME,"serial":42,"sha256":HEX}` for each index that was fetched, and `{"at":TIME,
"capabilities":HASH,"digest":HK1,"name":NAME,"version":VERSION}` for each row when it was new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from hocket.errors import StructureError
from hocket.registry.forms import canonical, names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, written
from hocket.registry.forms.tables import Misread, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pydantic import JsonValue

    from hocket.registry.forms.versions import Version


class Fetch(NamedTuple):
    """An index as it was fetched."""

    at: datetime
    serial: int
    sha256: str


class Shown(NamedTuple):
    """A row as it was first seen; a hidden one tells perhaps no digest and no capabilities."""

    at: datetime
    digest: str
    capabilities: str


Key = tuple[str, "Version"]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a registry showed, as far as it was written down."""

    fetches: tuple[Fetch, ...] = ()
    rows: Mapping[Key, Shown] = field(default_factory=dict[Key, Shown])

    @property
    def highest(self) -> Fetch | None:
        """The fetch with the highest serial, the first of them."""
        return max(self.fetches, key=lambda one: one.serial, default=None)

    @property
    def latest(self) -> datetime | None:
        """When the registry was last looked at."""
        return max((one.at for one in self.fetches), default=None)


def read(content: bytes, who: str) -> Seen:
    """Read a log; a last line without its end was never finished and does not count.

    Raises StructureError with the line for anything else that was not written so.
    """
    fetches: list[Fetch] = []
    rows: dict[Key, Shown] = {}
    whole = content[: content.rfind(b"\n") + 1]
    for number, raw in enumerate(whole.splitlines(), 1):
        try:
            _take(_table(raw), fetches, rows)
        except (Unfit, Misread) as cause:
            where = f"{who}:{number}"
            hint = "What a registry showed before cannot be told without it; nothing was installed."
            raise StructureError(where, found=str(cause), hint=hint) from cause
    return Seen(tuple(fetches), rows)


def finished(content: bytes) -> int:
    """Say where the next line begins: what a killed process left behind it is to be cut off."""
    return content.rfind(b"\n") + 1


def fetch_line(fetch: Fetch) -> bytes:
    """Write that an index was fetched."""
    at = written(fetch.at)
    return _line({"at": at, "serial": fetch.serial, "sha256": fetch.sha256})


def row_line(key: Key, shown: Shown) -> bytes:
    """Write that a row was there for the first time."""
    told = {"at": written(shown.at), "digest": shown.digest, "capabilities": shown.capabilities}
    return _line({**told, "name": key[0], "version": str(key[1])})


def _line(told: Mapping[str, JsonValue]) -> bytes:
    return canonical.canonical(dict(told)) + b"\n"


def _table(raw: bytes) -> Table:
    told = canonical.parse(raw)
    if not isinstance(told, dict):
        raise Unfit("not an object")
    return Table(cast("dict[str, object]", told))


def _take(line: Table, fetches: list[Fetch], rows: dict[Key, Shown]) -> None:
    at = line.get("at", names.time)
    if "serial" in line:
        fetches.append(Fetch(at, line.get("serial", forms.whole), line.get("sha256", forms.hex256)))
    else:
        key = line.get("name", names.name), line.get("version", names.version)
        digest = line.get("digest", _or_none(names.digest))
        rows.setdefault(key, Shown(at, digest, line.get("capabilities", _or_none(names.sha256))))
    line.close()


def _or_none(read_it: Callable[[object], str]) -> Callable[[object], str]:
    return lambda value: read_it(value) if value else ""
