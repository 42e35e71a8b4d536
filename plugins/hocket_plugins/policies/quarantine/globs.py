"""Globs for paths as people write them, in the parts that stand between slashes."""

from __future__ import annotations

import re

ANY_DEPTH = "**"
MOST_FORMS = 256
_BRACES = re.compile(r"\{([^{}]*)\}")
_PLAIN = re.compile(r"\\(.)", re.DOTALL)


def parts(glob: str) -> list[tuple[str, ...]]:
    """Split a glob as in a `.gitignore`: without a `/` in it, it means a name at any depth.

    `{a,b}` makes several of it. One with too many forms means everything: it may hide no file.
    """
    # As it stands it counts too: braces may be meant as such.
    forms = {glob, *_forms(glob)}
    return [(ANY_DEPTH,)] if len(forms) > MOST_FORMS else sorted(map(_split, forms))


def _forms(glob: str) -> set[str]:
    forms = {glob}
    while any(map(_BRACES.search, forms)) and len(forms) <= MOST_FORMS:
        forms = {each for form in forms for each in _once(form)}
    return forms


def _once(form: str) -> list[str]:
    """Expand the first braces that hold no others."""
    first = [*_BRACES.finditer(form)][:1]
    return [
        form[: found.start()] + word + form[found.end() :]
        for found in first
        for word in found[1].split(",")
    ]


def _split(glob: str) -> tuple[str, ...]:
    # As `fnmatch` writes it: a sign taken as it is, and a set of what is left out.
    said = _PLAIN.sub(r"[\1]", glob).replace("[^", "[!")
    named = tuple(part for part in said.split("/") if part not in {"", "."})
    return named if "/" in said.rstrip("/") else (ANY_DEPTH, *named)
