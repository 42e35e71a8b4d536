"""Globs of files whose words come from outside, read as strictly as an ignore file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

ANY_DEPTH = "**"
_BRACES = re.compile(r"\{([^{}]*)\}")
_WILD = re.compile(r"([*?\[])")
MOST_FORMS = 256


@dataclass(frozen=True, slots=True)
class Doubts:
    """What `outside_paths` says."""

    globs: tuple[str, ...] = ()

    def hold(self, name: str) -> bool:
        """Say whether a glob is about a file, by its name from the root on, or a folder above."""
        parts = _spelled(name).split("/")
        ways = [parts[:count] for count in range(1, len(parts) + 1)]
        return any(_fits(glob, way) for glob in self._parted for way in ways)

    @property
    def _parted(self) -> list[list[str]]:
        return [_parts(form) for glob in self.globs for form in _forms(_spelled(glob))]


def literal(name: str) -> str:
    """Write a path as a glob that is about it alone, and all beneath it."""
    plain = _WILD.sub(r"[\1]", name)
    return f"/{plain}"


def _forms(glob: str) -> set[str]:
    """Expand braces; one with too many forms means everything, since it may hide no file."""
    forms = {glob}
    while any(map(_BRACES.search, forms)):
        forms = {each for form in forms for each in _once(form)}
        if len(forms) > MOST_FORMS:
            return {ANY_DEPTH}
    return {glob, *forms}


def _once(form: str) -> list[str]:
    found = _BRACES.search(form)
    if found is None:
        return [form]
    return [form[: found.start()] + word + form[found.end() :] for word in found[1].split(",")]


def _parts(glob: str) -> list[str]:
    named = [part for part in glob.replace("[^", "[!").split("/") if part not in {"", "."}]
    if not named:
        return [ANY_DEPTH]
    return named if "/" in glob.rstrip("/") else [ANY_DEPTH, *named]


def _fits(glob: list[str], path: list[str]) -> bool:
    if not glob:
        return not path
    if glob[0] == ANY_DEPTH:
        return any(_fits(glob[1:], path[skip:]) for skip in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], glob[0]) and _fits(glob[1:], path[1:])


def _spelled(text: str) -> str:
    """Write names alike that may be one file somewhere: in another case, or composed."""
    return normalize("NFC", text).casefold()
