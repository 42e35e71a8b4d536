"""What a shell line is made of, and that it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass


class Unclear(Exception):
    """No rule can name this line: the reason, for a person."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, and what it says; `fixed` if it can become no other words."""

    raw: str
    text: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """What stands between two commands."""

    sign: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """A file that a command reads (`<`) or writes (`>`)."""

    sign: str
    file: Word


Token = Word | Operator | Redirect
