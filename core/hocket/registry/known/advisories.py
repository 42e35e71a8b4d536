"""Reads `advisories.toml`: what a registry warns of in packages that it offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import StructureError
from hocket.registry.forms import names, ranges
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.tables import Misread, Table, parse

if TYPE_CHECKING:
    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version

FILE = "advisories.toml"
SCHEMA = 1
SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Advisory:
    """A known fault of some versions of a package."""

    id: str
    package: str
    versions: Range
    severity: str
    text: str
    fixed: Version | None = None
    """The first version without it; None: there is none yet."""

    def concerns(self, package: str, version: Version) -> bool:
        """Whether a version has the fault."""
        return self.package == package and self.versions.contains(version, pre=True)


def read(content: bytes, who: str = FILE) -> tuple[Advisory, ...]:
    """Read the file; raises StructureError, since a warning that is lost warns nobody."""
    top = parse(content, who)
    try:
        if (schema := top.find("schema", forms.whole, SCHEMA)) != SCHEMA:
            raise top.misread("schema", f"{schema} is not {SCHEMA}")
        found = tuple(_advisory(one) for one in top.tables("advisory"))
        top.close()
    except Misread as misread:
        raise StructureError(who, found=str(misread)) from misread
    ids = [one.id for one in found]
    if twice := next((one for at, one in enumerate(ids) if one in ids[:at]), ""):
        raise StructureError(who, found=f"{quoted(twice)} is there twice")
    return found


def _advisory(one: Table) -> Advisory:
    read_it = Advisory(
        id=one.get("id", forms.line),
        package=one.get("package", names.name),
        versions=one.get("versions", ranges.parse),
        severity=one.get("severity", _severity),
        text=one.get("text", forms.line),
        fixed=one.find("fixed", names.version, None),
    )
    one.close()
    return read_it


def _severity(value: object) -> str:
    if value not in SEVERITIES:
        raise Unfit(f"{quoted(value)} is not one of {', '.join(SEVERITIES)}")
    return str(value)
