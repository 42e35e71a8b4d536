"""What is wrong with a file of a bundle, as sentences for the person who wrote it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hocket.registry.forms.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "bundle.toml"


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach of one rule; the key is empty where the whole file is meant."""

    key: str
    text: str
    file: str = MANIFEST

    def __str__(self) -> str:
        """Write it as one line: file, key, sentence."""
        return ": ".join(part for part in (self.file, self.key, self.text) if part)


def key_of(*parts: str) -> str:
    """Join the parts of a key as a message names it, whatever a stranger called them."""
    return ".".join(quoted(part)[1:-1] for part in parts)


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Say that nobody knows a key, and which one was probably meant."""
    names = sorted(known)
    near = difflib.get_close_matches(key.casefold()[:64], names, 1)
    meant = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(names)}"
    return f"unknown key {quoted(key)} ({meant})"


def is_giant(value: object) -> bool:
    """Whether a number of more than 64 bits is in a value: Python refuses to write it out."""
    if isinstance(value, dict):
        return any(map(is_giant, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return any(map(is_giant, cast("list[object]", value)))
    return isinstance(value, int) and value.bit_length() >= 64  # noqa: PLR2004
