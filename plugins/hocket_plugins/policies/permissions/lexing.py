"""Reads a shell line as bash does, and gives up where its words do not say what will run."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_IN_DOUBLE = frozenset('$`"\\')
_SPREAD = frozenset("*?[]{}~")
"""Signs that make other words of a word."""
_SEPARATORS = ("&&", "||", ";", "|", "\n")
_UNCLEAR = {
    "$": "it has a substitution",
    "`": "it has a substitution",
    "(": "it has a subshell or a function",
    ")": "it has a subshell or a function",
    "<<": "it has a here-document",
    "<(": "it has a substitution",
    ">(": "it has a substitution",
    "<&": "it redirects in an unusual way",
    "<>": "it redirects in an unusual way",
    "&>": "it redirects in an unusual way",
    ";;": "it has shell syntax",
    ";&": "it has shell syntax",
    "|&": "it redirects in an unusual way",
    "\\\n": "it goes on over the end of a line",
}
_TO_A_NUMBER = re.compile(r">&(\d+|-)(?=[\s;|]|&&|$)")


class Unclear(Exception):
    """No rule can name this line: the reason, for a person."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, and what it says; `fixed` if it can become no other words."""

    raw: str
    text: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One simple command: its words, and the files it is redirected from and to."""

    words: tuple[Word, ...]
    sources: tuple[Word, ...] = ()
    targets: tuple[Word, ...] = ()


class Lexer:
    """Goes through a line once."""

    def __init__(self, line: str) -> None:
        if any(unicodedata.category(sign) in _HIDDEN and sign not in "\t\n" for sign in line):
            raise Unclear("it has signs that nobody sees")
        self._line = line
        self._at = 0
        self._parts: list[Part] = []
        self._words: list[Word] = []
        self._files: dict[str, list[Word]] = {"<": [], ">": []}

    def parts(self) -> list[Part]:
        """Give the commands of the line; raises Unclear."""
        last = "\n"
        while self._at < len(self._line):
            last = self._step() or last
        self._end(last if last in ";\n" else "")
        return self._parts

    def _step(self) -> str | None:
        """Read one word, blank or operator; gives the separator that stood last."""
        sign = self._line[self._at]
        for unclear, reason in _UNCLEAR.items():
            if self._line.startswith(unclear, self._at):
                raise Unclear(reason)
        if sign in " \t":
            self._at += 1
            return None
        if sign in "<>":
            self._redirect(sign)
            return ""
        for separator in _SEPARATORS:
            if self._line.startswith(separator, self._at):
                self._at += len(separator)
                self._end(separator)
                return separator
        if sign == "&":
            raise Unclear("it leaves something running")
        if sign == "#":
            raise Unclear("it has a comment")
        self._words.append(self._word())
        return ""

    def _end(self, separator: str) -> None:
        if not self._words and any(self._files.values()):
            raise Unclear("it redirects nothing")
        if self._words:
            files = {sign: tuple(words) for sign, words in self._files.items()}
            self._parts.append(Part(tuple(self._words), files["<"], files[">"]))
            self._words, self._files = [], {"<": [], ">": []}
        elif separator not in {";", "\n"} or (separator == ";" and self._at < len(self._line)):
            raise Unclear("an operator has nothing beside it")

    def _redirect(self, sign: str) -> None:
        number = self._words[-1] if self._words else None
        if number and number.raw.isdecimal() and self._line[self._at - 1].isdecimal():
            self._words.pop()
        if found := _TO_A_NUMBER.match(self._line, self._at):
            self._at = found.end()
            return
        self._at += 2 if self._line.startswith((">>", ">|"), self._at) else 1
        while self._line[self._at : self._at + 1] in {" ", "\t"}:
            self._at += 1
        word = self._word()
        if not word.raw:
            raise Unclear("it redirects in an unusual way")
        self._files[sign].append(word)

    def _word(self) -> Word:
        start, text, fixed = self._at, "", True
        while self._at < len(self._line) and (sign := self._line[self._at]) not in " \t\n;|&<>()":
            if sign in "$`":
                raise Unclear(_UNCLEAR[sign])
            fixed = fixed and sign not in _SPREAD
            text += self._quoted(sign) if sign in "'\"\\" else sign
            self._at += sign not in "'\"\\"
        return Word(self._line[start : self._at], text, fixed)

    def _quoted(self, sign: str) -> str:
        self._at += 1
        if sign == "\\":
            return self._escaped()
        if sign == "'":
            end = self._line.find("'", self._at)
            if end < 0:
                raise Unclear("a quote is not closed")
            text, self._at = self._line[self._at : end], end + 1
            return text
        return self._double()

    def _double(self) -> str:
        text = ""
        while (sign := self._line[self._at : self._at + 1]) != '"':
            if sign in {"", "$", "`"}:
                raise Unclear(_UNCLEAR.get(sign, "a quote is not closed"))
            self._at += 1
            if sign == "\\" and self._line[self._at : self._at + 1] in _IN_DOUBLE | {"\n"}:
                sign = self._escaped()
            text += sign
        self._at += 1
        return text

    def _escaped(self) -> str:
        sign = self._line[self._at : self._at + 1]
        if sign in {"", "\n"}:
            raise Unclear(_UNCLEAR["\\\n"])
        self._at += 1
        return sign
