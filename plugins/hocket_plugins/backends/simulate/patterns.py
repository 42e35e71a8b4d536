"""Texts that match a regular expression, where it is one of the plain kind."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket_plugins.backends.simulate.draws import Draws

    Piece = Callable[[Draws, int], str]

_LETTERS, _DIGITS = string.ascii_lowercase, string.digits
_WORD = _LETTERS + _DIGITS + "_"
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": " ", "D": _LETTERS, "W": "-", "S": _LETTERS}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_ALL = string.ascii_letters + string.digits + " -_.,:;!?/#@+*()[]{}<>=%&$'\"\\^|~`"
_EMPTY_ESCAPES, _EMPTY = "AZz", "^$"
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d+)(,(\d*))?\})[?+]?")
_ONCE = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class Hard(Exception):
    """The expression is not of the plain kind."""


def compiled(pattern: str) -> Piece:
    """Give a function from draws and a spread of repeats to texts; raises Hard."""
    reader = _Reader(pattern)
    piece = reader.choice()
    if reader.rest:
        raise Hard(pattern)
    return piece


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def choice(self) -> Piece:
        branches = [self._row()]
        while self.rest.startswith("|"):
            self.rest = self.rest[1:]
            branches.append(self._row())
        return lambda draws, spread: draws.choice(branches)(draws, spread)

    def _row(self) -> Piece:
        pieces: list[Piece] = []
        while self.rest and self.rest[0] not in "|)":
            pieces.append(self._repeated(self._atom()))
        return lambda draws, spread: "".join(piece(draws, spread) for piece in pieces)

    def _repeated(self, piece: Piece) -> Piece:
        found = _QUANTIFIER.match(self.rest)
        if found is None:
            return piece
        self.rest = self.rest[found.end() :]
        sign, least, comma, most = found.groups()
        if sign:
            low, high = _ONCE[sign]
        else:
            low = int(least)
            high = low if comma is None else int(most) if most else None
        return _times(piece, low, high)

    def _atom(self) -> Piece:
        sign, self.rest = self.rest[0], self.rest[1:]
        if sign == "(":
            return self._group()
        if sign == "[":
            return _one_of(self._set())
        if sign == "\\":
            return self._escape()
        if sign in "*+?":
            self._hard()
        if sign in _EMPTY:
            return _text("")
        return _one_of(_LETTERS) if sign == "." else _text(sign)

    def _group(self) -> Piece:
        found = re.match(r"\?:|\?P?<\w+>", self.rest)
        if found:
            self.rest = self.rest[found.end() :]
        elif self.rest.startswith("?"):
            self._hard()
        piece = self.choice()
        self._take(")")
        return piece

    def _escape(self) -> Piece:
        sign = self._next()
        if sign in _CLASSES:
            return _one_of(_CLASSES[sign])
        if sign in _EMPTY_ESCAPES:
            return _text("")
        if sign.isalnum() and sign not in _CONTROLS:
            self._hard()
        return _text(_CONTROLS.get(sign, sign))

    def _set(self) -> str:
        negated = self.rest.startswith("^")
        self.rest = self.rest[negated:]
        chosen = self._member()
        while not self.rest.startswith("]"):
            member = self._member()
            if member == "-" and len(chosen) == 1 and not self.rest.startswith("]"):
                raise Hard(self.rest)
            chosen += member
        self.rest = self.rest[1:]
        return "".join(sign for sign in _ALL if sign not in chosen) if negated else chosen

    def _member(self) -> str:
        """Read one sign, class or range of a set."""
        first = self._sign()
        if len(first) != 1 or not self.rest.startswith("-") or self.rest.startswith("-]"):
            return first
        self.rest = self.rest[1:]
        last = self._sign()
        if len(last) != 1 or last < first:
            self._hard()
        return "".join(map(chr, range(ord(first), min(ord(last), ord(first) + 255) + 1)))

    def _sign(self) -> str:
        sign = self._next()
        if sign == "[":
            self._hard()
        if sign != "\\":
            return sign
        sign = self._next()
        if sign.isalnum() and sign not in _CLASSES and sign not in _CONTROLS:
            self._hard()
        return _CLASSES.get(sign) or _CONTROLS.get(sign, sign)

    def _next(self) -> str:
        if not self.rest:
            self._hard()
        sign, self.rest = self.rest[0], self.rest[1:]
        return sign

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            self._hard()

    def _hard(self) -> NoReturn:
        raise Hard(self.rest)


def _text(text: str) -> Piece:
    return lambda _draws, _spread: text


def _one_of(signs: str) -> Piece:
    if not signs:
        raise Hard(signs)
    return lambda draws, _spread: draws.choice(signs)


def _times(piece: Piece, low: int, high: int | None) -> Piece:
    def repeat(draws: Draws, spread: int) -> str:
        most = low + spread if high is None else min(high, low + spread)
        return "".join(piece(draws, spread) for _ in range(draws.between(low, max(low, most))))

    return repeat
