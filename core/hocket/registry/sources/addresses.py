"""Addresses of registries and packages: what they may look like, and what each of them is.

An address comes from a person, a lock or a stranger's file, and git takes much more than a URL for
one. So everything is refused that is not in one of a few forms, before any program sees it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.sources.failing import on_disk, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.registry.indexes.rows import Source

_ENDINGS = (".zip", ".tar.gz", ".tgz")
_SHORT = re.compile(r"gh:([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})", re.ASCII)
_NO_FOLDER = re.compile(r"-|gh:|[A-Za-z][A-Za-z0-9+.-]*:|[^/]*@[^/]*:", re.ASCII)
_WHO = "registry"
_FORMS = "https://…, ssh://…, gh:OWNER/NAME or a folder"


class Kind(StrEnum):
    """What is behind an address."""

    GIT = "git"
    ARCHIVE = "archive"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is, in its one form."""

    url: str
    kind: Kind
    folder: Path | None = None
    """For what lies on this machine, by its real path."""


def read(text: str) -> Address:
    """Read the address of a registry; raises PackageRefused for any other form."""
    short = _SHORT.fullmatch(text)
    url = f"https://github.com/{short[1]}/{short[2].removesuffix('.git')}.git" if short else text
    if not _NO_FOLDER.match(url):
        return _local(url)
    kind, form = (Kind.ARCHIVE, forms.https) if is_archive(url) else (Kind.GIT, forms.git)
    try:
        return Address(form(url), kind)
    except Unfit as unfit:
        raise refused(_WHO, f"{unfit}; expected {_FORMS}") from unfit


def is_archive(url: str) -> bool:
    """Whether an address is that of one file."""
    return url.startswith("https://") and url.endswith(_ENDINGS)


def stem(url: str) -> str:
    """Give the last part of an address without what says only its form."""
    name = PurePosixPath(url).name
    ending = next((one for one in (*_ENDINGS, ".git") if name.endswith(one)), "")
    return name.removesuffix(ending)


def checked(who: str, source: Source) -> Source:
    """Give a source whose every word is in its form; raises PackageRefused otherwise."""
    fit(who, forms.git, source.git)
    fit(who, names.rev, source.rev, needed=bool(source.git))
    fit(who, forms.tag, source.tag)
    fit(who, forms.path, source.subdir)
    fit(who, forms.path, source.path)
    fit(who, forms.https, source.archive)
    fit(who, forms.hex256, source.sha256, needed=bool(source.archive))
    if sum(map(bool, (source.git, source.path, source.archive))) != 1:
        raise refused(who, "exactly one of git, path and archive is needed")
    return source


def fit(who: str, form: Callable[[object], str], text: str, *, needed: bool = False) -> str:
    """Read a word of an address; an empty one is none, unless it is needed."""
    if not text and not needed:
        return text
    try:
        return form(text)
    except Unfit as unfit:
        raise refused(who, str(unfit)) from unfit


def folder_at(text: str) -> Path | None:
    """Find the folder that a person names, by its real path; None: there is none."""
    with on_disk(text):
        try:
            folder = Path(text).expanduser()
        except RuntimeError:
            # A home of nobody: what stays is a name like others.
            folder = Path(text)
        return folder.resolve() if text.isprintable() and folder.is_dir() else None


def _local(text: str) -> Address:
    real = folder_at(text)
    if real is None:
        raise refused(_WHO, f"{names.quoted(text)} is no folder here; expected {_FORMS}")
    with on_disk(text):
        kind = Kind.GIT if is_repository(real) else Kind.FOLDER
    return Address(str(real), kind, real)


def is_repository(folder: Path) -> bool:
    """Whether a folder is the root of a git repository, with files beside it or bare."""
    if (folder / ".git").exists():
        return True
    return (folder / "HEAD").is_file() and all(
        (folder / one).is_dir() for one in ("objects", "refs")
    )
