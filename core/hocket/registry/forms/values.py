"""Readers of values beyond names and versions; each raises Unfit with the end of a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.registry.forms import names
from hocket.registry.forms.names import Unfit, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 1024
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?"
_REST = r"(?:/[A-Za-z0-9._~%+,=/-]*)?"
# A login name is part of an ssh address (`git@`); a password never is.
_GIT = rf"https://{_HOST}{_REST}|ssh://(?:[A-Za-z0-9_][A-Za-z0-9_-]*@)?{_HOST}{_REST}"
_REQUIREMENT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?==[A-Za-z0-9.+!]+(?: ; [ -~]+)?"
_ARMOUR = r"-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+\n-----END SSH SIGNATURE-----\n?"


def _matching(pattern: str, otherwise: str) -> Callable[[object], str]:
    form = re.compile(pattern, re.ASCII)

    def read(value: object) -> str:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise Unfit(f"{quoted(value)} is not {otherwise}")
        return value

    return read


hex256 = _matching("[0-9a-f]{64}", "64 hex digits")
https = _matching(f"https://{_HOST}{_REST}", "an https URL without credentials")
git = _matching(_GIT, "an https or ssh URL without credentials")
requirement = _matching(_REQUIREMENT, "NAME==VERSION, with or without a marker")
armour = _matching(_ARMOUR, "an armoured SSH signature")
module = _matching(r"[A-Za-z_][A-Za-z0-9_]*\.py", "the file of a Python module")
tag = _matching(r"[A-Za-z0-9][\w.@+/-]{0,199}", "the name of a tag")


def line(value: object) -> str:
    """Read one line that hides nothing and steers nothing."""
    if not isinstance(value, str):
        raise Unfit(f"{quoted(value)} is not a text")
    if len(value) > LONGEST:
        raise Unfit(f"{len(value)} characters, {LONGEST} allowed")
    if not value or visible(value) != value:
        raise Unfit(f"{quoted(value)} is not one line of plain characters")
    return value


def path(value: object) -> str:
    """Read a path that leads down from a folder, and nowhere else."""
    text = line(value)
    if {"", ".", ".."} & set(text.split("/")) or set('\\:*?"<>|') & set(text):
        raise Unfit(f"{quoted(text)} is not a path inside its folder")
    return text


def whole(value: object) -> int:
    """Read a number that counts something."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise Unfit(f"{quoted(value)} is not a whole number from 0")
    return value


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Unfit(f"{quoted(value)} is not true or false")
    return value


def registry(value: object) -> str:
    """Read the name of a registry, which may be hocket's own."""
    return names.name(value, reserved=value == "core")


def qualified(value: object) -> str:
    """Read REGISTRY/NAME."""
    left, slash, right = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not slash or "/" in right:
        raise Unfit(f"{quoted(value)} is not REGISTRY/NAME")
    return f"{registry(left)}/{names.name(right)}"


def dependency(value: object) -> str:
    """Read NAME or REGISTRY/NAME."""
    if not isinstance(value, str) or value.count("/") > 1:
        raise Unfit(f"{quoted(value)} is not NAME or REGISTRY/NAME")
    return qualified(value) if "/" in value else names.name(value)


def reference(value: object) -> str:
    """Read where a locked package came from."""
    text = line(value)
    kind, _, rest = text.partition(":")
    if kind == "path":
        # What somebody typed for themselves may lie anywhere on their machine.
        path(rest.removeprefix("/"))
    elif kind == "requirement":
        requirement(rest)
    elif kind == "plugin":
        line(rest)
    elif text.startswith("git+"):
        _git_reference(text.removeprefix("git+"))
    else:
        url, _, hashed = text.partition("#sha256=")
        https(url)
        hex256(hashed)
    return text


def _git_reference(text: str) -> None:
    where, sign, subdir = text.partition("#")
    url, _, commit = where.rpartition("@")
    git(url)
    names.rev(commit)
    if sign:
        path(subdir)
