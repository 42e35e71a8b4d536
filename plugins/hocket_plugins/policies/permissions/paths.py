"""Patterns for paths, as in a `.gitignore`: relative to the workspace."""

from __future__ import annotations

import os
import re
from fnmatch import translate
from functools import cache
from unicodedata import normalize

ANY_DEPTH = "**"


@cache
def _segment(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def matches(pattern: str, path: str) -> bool:
    """Say whether a pattern is about a path, or about a folder that it lies in.

    Without a `/` it is about a name at any depth; `//` begins an absolute path, `~/` a home.
    """
    pattern = _at_home(pattern)
    wanted, given = _split(pattern), path.strip("/").split("/")
    if path.startswith("/") != pattern.startswith("//"):
        return False
    return any(_fits(wanted, given[:end]) for end in range(1, len(given) + 1))


def loosely(pattern: str, path: str) -> bool:
    """Say whether a pattern may be about a path: in another case, from another folder."""
    wanted, given = _fold(_at_home(pattern)), _fold(path)
    parts = given.strip("/").split("/")
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    # Where the workspace lies is not known here, so an absolute path may lie in it anywhere.
    may_be = tails if given.startswith(("/", "..", "~")) else [given]
    # What is said of all that is in a folder is said of the folder.
    return any(matches(wanted, one) or matches(wanted, f"{one}/x") for one in [given, *may_be])


def _split(pattern: str) -> list[str]:
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    return parts if "/" in pattern.rstrip("/") else [ANY_DEPTH, *parts]


def _at_home(pattern: str) -> str:
    return f"/{os.path.expanduser(pattern)}" if pattern.startswith("~/") else pattern  # noqa: PTH111


def _fits(wanted: list[str], given: list[str]) -> bool:
    if not wanted:
        return not given
    if wanted[0] == ANY_DEPTH:
        inside = bool(wanted[1:] or given)
        return inside and any(_fits(wanted[1:], given[skip:]) for skip in range(len(given) + 1))
    return (
        bool(given) and bool(_segment(wanted[0]).match(given[0])) and _fits(wanted[1:], given[1:])
    )


def _fold(text: str) -> str:
    return normalize("NFKC", text).casefold()
