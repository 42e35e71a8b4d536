"""One entry of a marketplace: what it offers and where that lies, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hocket.registry.forms import names, values
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.imports.naming import made
from hocket.registry.indexes.rows import Source

if TYPE_CHECKING:
    from collections.abc import Callable

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9_][\w.-]*", re.ASCII)
_RUNS = {
    "npm": "an npm package, which would have to be installed",
    "command": "it comes by running a command",
    "headersHelper": "it comes by running a command",
}
ALONGSIDE = ("hooks", "mcpServers", "lspServers", "outputStyles", "monitors")
"""What other hosts take from a plugin and hocket does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A plugin of a marketplace."""

    name: str
    description: str
    source: Source | None
    """None where it cannot be taken."""
    why: str = ""
    """The reason."""
    version: object = None
    license: str = ""
    ignored: tuple[str, ...] = ()
    """What of it hocket does not take, by its kinds."""


def read(told: object) -> Entry:
    """Read an entry; whatever is wrong with it is told in `why`, and spoils no other."""
    if not isinstance(told, Mapping):
        return Entry("", "", None, "it is not a table")
    fields = cast("Mapping[str, object]", told)
    name = made(str(fields.get("name", "")))
    entry = Entry(
        name=name,
        description=_line(fields.get("description")) or name,
        source=None,
        version=fields.get("version"),
        license=_line(fields.get("license")),
        ignored=tuple(kind for kind in ALONGSIDE if fields.get(kind)),
    )
    try:
        return _located(entry, _source(fields.get("source")))
    except Unfit as why:
        return _barred(entry, str(why))


def _located(entry: Entry, source: Source) -> Entry:
    if not entry.name:
        return _barred(entry, "nothing of its name can be one")
    return Entry(
        entry.name, entry.description, source, "", entry.version, entry.license, entry.ignored
    )


def _barred(entry: Entry, why: str) -> Entry:
    return Entry(entry.name, entry.description, None, why)


def _source(told: object) -> Source:
    if isinstance(told, str):
        return Source(path=_inside(told))
    if not isinstance(told, Mapping):
        raise Unfit("it does not say where it lies")
    fields = cast("Mapping[str, object]", told)
    kind = str(fields.get("source", ""))
    if kind in _RUNS or "headersHelper" in fields:
        raise Unfit(_RUNS.get(kind, _RUNS["headersHelper"]))
    if kind not in _KINDS:
        raise Unfit(f"its source is of a kind nobody here knows: {quoted(kind)}")
    return _KINDS[kind](fields)


def _inside(text: str) -> str:
    bare = text.removeprefix("./").rstrip("/")
    return values.path(bare) if bare not in {"", "."} else ""


def _github(fields: Mapping[str, object]) -> Source:
    repository = fields.get("repo")
    if not isinstance(repository, str) or not _REPOSITORY.fullmatch(repository):
        raise Unfit(f"{quoted(repository)} is not OWNER/NAME")
    return _git(f"https://github.com/{repository}.git", fields)


def _url(fields: Mapping[str, object]) -> Source:
    return _git(fields.get("url"), fields)


def _archive(fields: Mapping[str, object]) -> Source:
    hashed = values.hex256(fields.get("sha256"))
    return Source(archive=values.https(fields.get("url")), sha256=hashed)


def _git(url: object, fields: Mapping[str, object]) -> Source:
    """Take a commit if one is named; a ref alone is looked up once, when it is installed."""
    commit, ref = fields.get("sha"), fields.get("ref")
    folder = fields.get("path")
    return Source(
        git=values.git(url),
        rev=names.rev(commit) if commit is not None else "",
        tag=values.tag(ref) if ref is not None else "",
        subdir=_inside(folder) if isinstance(folder, str) else "",
    )


_KINDS: Mapping[str, Callable[[Mapping[str, object]], Source]] = {
    "github": _github,
    "url": _url,
    "git": _url,
    "git-subdir": _url,
    "archive": _archive,
}


def _line(value: object) -> str:
    """Take what is said in words as one line; what hides something is not taken."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    try:
        return values.line(text[: values.LONGEST])
    except Unfit:
        return ""
