"""Splits SKILL.md into its front matter and its body, and reads the front matter.

YAML of plain values only. What no honest file has (tags, aliases, a key twice) refuses the file;
what is merely broken leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from hocket.registry.skills.plain_yaml import Forbidden, Scalar, load
from hocket.registry.skills.quoting import quoted_values

if TYPE_CHECKING:
    from hocket.registry.skills.plain_yaml import Value

MOST_FRONT = 16 << 10
_BORDER = "---"


class Refused(Exception):
    """Nothing of the package may be used; the text is the reason."""


class Skipped(Exception):
    """A file that is no skill; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Front:
    """What stands between the borders, and what follows them."""

    fields: dict[str, Value]
    body: str
    was_quoted: bool = False
    """It was YAML only after values with a colon had been quoted."""


def text_of(raw: bytes) -> str:
    """Decode a file; raises Refused for what is not UTF-8 or has a NUL."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as cause:
        raise Refused("not UTF-8") from cause
    if "\0" in text:
        raise Refused("holds a NUL")
    return text


def read(text: str) -> Front:
    """Split and read a text; raises Refused or Skipped."""
    front, body = _split(text)
    if len(front.encode()) > MOST_FRONT:
        raise Refused(f"front matter of more than {MOST_FRONT >> 10} KiB")
    try:
        return Front(_mapping(front), body)
    except yaml.YAMLError:
        pass
    try:
        return Front(_mapping(quoted_values(front)), body, was_quoted=True)
    except yaml.YAMLError as cause:
        mark = getattr(cause, "problem_mark", None)
        place = "" if mark is None else f" (line {mark.line + 2})"
        raise Skipped(f"front matter is no YAML{place}") from cause


def _split(text: str) -> tuple[str, str]:
    first, *others = text.split("\n")
    if first != _BORDER:
        raise Skipped("no front matter")
    if _BORDER not in others:
        raise Skipped("front matter without an end")
    end = others.index(_BORDER)
    return "\n".join([*others[:end], ""]), "\n".join(others[end + 1 :])


def _mapping(front: str) -> dict[str, Value]:
    try:
        found = load(front)
    except Forbidden as cause:
        raise Refused(f"front matter with {cause}") from cause
    if not isinstance(found, dict):
        raise Skipped("front matter is no mapping")
    return found


__all__ = ["MOST_FRONT", "Front", "Refused", "Scalar", "Skipped", "read", "text_of"]
