"""Gathers the packages of an index and of the files it includes."""

from __future__ import annotations

from dataclasses import dataclass, field

from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import quoted
from hocket.registry.forms.tables import Misread, Table
from hocket.registry.forms.versions import Version
from hocket.registry.indexes.row_reading import read_row
from hocket.registry.indexes.rows import Hidden, Kind, Package, Row

_KEYS = ("name", "kind", "description", "license", "version")


@dataclass(slots=True)
class Gathered:
    """What the files of a registry hold together, and all that is wrong with it."""

    packages: dict[str, Package] = field(default_factory=dict[str, Package])
    hidden: list[Hidden] = field(default_factory=list[Hidden])
    faults: list[str] = field(default_factory=list[str])

    def take(self, top: Table, file: str) -> None:
        """Add the packages of one file."""
        try:
            tables = top.tables("package")
        except Misread as misread:
            self.faults.append(f"{file}: {misread}")
            return
        for table in tables:
            try:
                self._add(table, file)
            except Misread as misread:
                self.faults.append(f"{file}: {misread}")

    def _add(self, table: Table, file: str) -> None:
        name = table.get("name", names.name)
        table.where = f"package {quoted(name)}"
        if name in self.packages:
            raise table.misread("name", "is there twice")
        kind, unknown = _kind(table)
        rows = self._rows(table, file, kind, unknown)
        self.packages[name] = Package(
            name=name,
            kind=kind,
            description=table.get("description", forms.line),
            license=table.get("license", forms.line),
            rows=tuple(sorted(rows, key=lambda row: row.version, reverse=True)),
        )

    def _rows(self, table: Table, file: str, kind: Kind, unknown: str) -> list[Row]:
        name, rows, seen = str(table.fields["name"]), list[Row](), set[Version]()
        for row in table.tables("version"):
            try:
                read = read_row(row, name, kind, unknown)
                if read.version in seen:
                    raise row.misread("version", "is there twice")
            except Misread as misread:
                self.faults.append(f"{file}: {misread}")
                continue
            seen.add(read.version)
            if isinstance(read, Hidden):
                self.hidden.append(read)
            else:
                rows.append(read)
        return rows


def _kind(table: Table) -> tuple[Kind, str]:
    """Tell the kind, and the first word of the package that this hocket does not know."""
    given = table.get("kind", forms.line)
    extra = sorted(set(table) - set(_KEYS))
    if given not in set(Kind):
        return Kind.BUNDLE, f"kind {quoted(given)}"
    return Kind(given), f"key {quoted(extra[0])}" if extra else ""
