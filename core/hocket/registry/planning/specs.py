"""Reads what a person types for a package: a name with a range, or the place of its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.registry.forms import names, ranges
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted

if TYPE_CHECKING:
    from hocket.registry.forms.ranges import Range

_FORMS = (
    "NAME, REGISTRY/NAME, either with @RANGE, ./folder, git+https://…@REV#subdir or "
    "https://….zip#sha256=…"
)


_SCHEME = re.compile(r"[a-z][a-z0-9+-]*")
_NEVER = frozenset({"ext", "file", "ftp", "git", "http", "ssh"})


@dataclass(frozen=True, slots=True)
class Wish:
    """A package of a registry."""

    name: str
    """NAME or REGISTRY/NAME."""
    within: Range | None = None
    """None: no range was typed."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A package that no registry offers, by the place of its files."""

    text: str


def parse(text: str) -> Wish | Elsewhere:
    """Read a SPEC; raises UsageError for what is none."""
    if text.startswith((".", "/", "~", "git+", "https:")) or _may_be_known(text):
        return Elsewhere(text)
    name, at, within = text.partition("@")
    try:
        return Wish(_name(name), ranges.parse(_spelled(within)) if at else None)
    except Unfit as cause:
        raise UsageError(quoted(text), found=str(cause), expected=_FORMS) from cause


def _may_be_known(text: str) -> bool:
    """Say whether a plugin might understand it; what nobody should fetch is no such place."""
    scheme, colon, _ = text.partition(":")
    return bool(colon) and bool(_SCHEME.fullmatch(scheme)) and scheme not in _NEVER


def _name(text: str) -> str:
    if "/" in text:
        return forms.qualified(text)
    return names.name(text)


def _spelled(within: str) -> str:
    """Take a bare version for exactly this one, as people type it."""
    return f"=={within}" if within[:1].isdigit() else within
