"""Reads one version row: a word it does not know hides the row, a wrong value is Misread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hocket.api.ceiling import KEYS
from hocket.registry.capabilities import table as capabilities
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.ranges import parse
from hocket.registry.indexes.rows import ANY, Hidden, Kind, Row, Signature, Source, Wheels

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling
    from hocket.registry.forms.tables import Table

MOST_DEPENDENCIES = 50
_NO_WORDS = frozenset[str]()
_SHARED = {
    **dict.fromkeys(("version", "published", "yanked", "digest", "requires-hocket"), _NO_WORDS),
    "source": frozenset(("git", "rev", "tag", "subdir", "path", "archive", "sha256")),
    "signature": frozenset(("signer", "value")),
    "capabilities": frozenset(KEYS),
}
_BUNDLE = ("size", "files", "commands", "dependencies")
_PLUGIN = ("requires-python", "requirement", "hashes", "provides", "file")
_WORDS = {
    Kind.BUNDLE: {**_SHARED, **dict.fromkeys(_BUNDLE, _NO_WORDS)},
    Kind.PLUGIN: {
        **_SHARED,
        **dict.fromkeys(_PLUGIN, _NO_WORDS),
        "needs": frozenset(("requirement", "hashes")),
    },
}
_FREE = "dependencies"
"""The one table whose keys are names."""


def read_row(row: Table, name: str, kind: Kind, unknown: str = "") -> Row | Hidden:
    """Read a row of a package; `unknown` is a word of its package that nobody knows."""
    version = row.get("version", names.version)
    row.where = f"{name} {version}"
    if word := unknown or _unknown(kind, row.fields):
        return Hidden(name, version, _digest(row), word)
    common = Row(
        name=name,
        version=version,
        kind=kind,
        published=row.get("published", names.time),
        digest=row.get("digest", names.digest),
        yanked=row.find("yanked", forms.line, None),
        requires_hocket=row.find("requires-hocket", parse, ANY),
        capabilities=row.get("capabilities", _ceiling) if "capabilities" in row else _ceiling({}),
        signatures=tuple(_signature(one) for one in row.tables("signature")),
    )
    return _bundle(row, common) if kind is Kind.BUNDLE else _plugin(row, common)


def _unknown(kind: Kind, fields: object) -> str:
    for key, value in sorted(cast("dict[str, object]", fields).items()):
        if key not in _WORDS[kind]:
            return f"key {quoted(key)}"
        inner = cast("list[object]", value) if isinstance(value, list) else [value]
        used = {word for one in inner if isinstance(one, dict) for word in cast("set[str]", one)}
        if (extra := used - _WORDS[kind][key]) and key != _FREE:
            what = "capability" if key == "capabilities" else f"key in {key}"
            return f"{what} {quoted(min(extra))}"
    return ""


def _digest(row: Table) -> str:
    try:
        return names.digest(row.fields.get("digest"))
    except Unfit:
        return ""


def _bundle(row: Table, common: Row) -> Row:
    dependencies = row.pairs("dependencies", forms.dependency, parse)
    if len(dependencies) > MOST_DEPENDENCIES:
        found = f"{len(dependencies)} given, {MOST_DEPENDENCIES} allowed"
        raise row.misread("dependencies", found)
    if common.name in dependencies:
        raise row.misread("dependencies", "it depends on itself")
    if common.capabilities.python:
        raise row.misread("capabilities", "python is for plugins only")
    return replace(
        common,
        size=row.get("size", forms.whole),
        files=row.get("files", forms.whole),
        commands=row.every("commands", names.name),
        dependencies=dependencies,
        source=_source(row),
    )


def _plugin(row: Table, common: Row) -> Row:
    if ("file" in row) == ("requirement" in row):
        raise row.misread("requirement", "exactly one of requirement and file is needed")
    common = replace(
        common,
        requires_python=row.find("requires-python", parse, ANY),
        provides=row.every("provides", forms.line),
    )
    if "file" in row:
        return replace(common, file=row.get("file", forms.module), source=_source(row))
    if "source" in row:
        raise row.misread("source", "a requirement has its hashes instead")
    return replace(common, wheels=tuple(_wheels(one) for one in (row, *row.tables("needs"))))


def _wheels(one: Table) -> Wheels:
    hashes = one.every("hashes", names.sha256)
    if not hashes:
        raise one.misread("hashes", "none given: every file that may be used needs one")
    return Wheels(one.get("requirement", forms.requirement), tuple(sorted(set(hashes))))


def _source(row: Table) -> Source:
    own = row.table("source")
    if own is None:
        raise row.misread("source", "is missing")
    given = [key for key in ("git", "path", "archive") if key in own]
    if len(given) != 1:
        raise own.misread("", "exactly one of git, path and archive is needed")
    if given == ["git"]:
        url, rev = own.get("git", forms.git), own.get("rev", names.rev)
        tag, subdir = own.find("tag", forms.tag, ""), own.find("subdir", forms.path, "")
        source = Source(git=url, rev=rev, tag=tag, subdir=subdir)
    elif given == ["path"]:
        source = Source(path=own.get("path", forms.path))
    else:
        archive, sha256 = own.get("archive", forms.https), own.get("sha256", forms.hex256)
        source = Source(archive=archive, sha256=sha256)
    own.close()
    return source


def _signature(one: Table) -> Signature:
    return Signature(one.get("signer", forms.line), one.get("value", forms.armour))


def _ceiling(value: object) -> Ceiling:
    read = capabilities.read(value)
    if read.problems:
        raise Unfit(read.problems[0].text)
    return read.ceiling
