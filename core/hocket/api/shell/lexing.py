"""Reads a shell line as bash does, and gives up where its words do not say what will run."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from hocket.api.shell.tokens import Operator, Redirect, Token, Unclear, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_IN_DOUBLE = frozenset('$`"\\')
_SPREAD = frozenset("*?[]{}~")
"""Signs that make other words of a word."""
_BLANKS = frozenset({" ", "\t"})
"""No others: to bash, any other blank is a letter."""
_OPERATORS = ("&&", "||", ";", "|", "\n")
_ALONE = {"&": "it leaves something running", "#": "it has a comment"}
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
_NUMBER = re.compile("[0-9]+")
_TO_A_NUMBER = re.compile(r">&([0-9]+|-)(?=[ \t\n;|]|&&|$)")


class Lexer:
    """Goes through a line once; raises Unclear."""

    def __init__(self, line: str) -> None:
        if any(unicodedata.category(sign) in _HIDDEN and sign not in "\t\n" for sign in line):
            raise Unclear("it has signs that nobody sees")
        self._line = line
        self._at = 0

    def tokens(self) -> Iterator[Token]:
        """Give words, operators and redirections in order."""
        while self._at < len(self._line):
            token = self._token()
            if token is not None:
                yield token

    def _token(self) -> Token | None:
        for unclear, reason in _UNCLEAR.items():
            if self._line.startswith(unclear, self._at):
                raise Unclear(reason)
        sign = self._line[self._at]
        if sign in _BLANKS:
            self._at += 1
            return None
        if sign in "<>":
            return self._redirect(sign)
        return self._operator() or self._number_or_word()

    def _operator(self) -> Operator | None:
        for sign in _OPERATORS:
            if self._line.startswith(sign, self._at):
                self._at += len(sign)
                return Operator(sign)
        if self._line[self._at] in _ALONE:
            raise Unclear(_ALONE[self._line[self._at]])
        return None

    def _number_or_word(self) -> Word | None:
        word = self._word()
        following = self._line[self._at : self._at + 1]
        # `2>` names what is redirected and is no word of the command.
        return None if _NUMBER.fullmatch(word.raw) and following in {"<", ">"} else word

    def _redirect(self, sign: str) -> Redirect | None:
        if found := _TO_A_NUMBER.match(self._line, self._at):
            self._at = found.end()
            return None
        self._at += 2 if self._line.startswith((">>", ">|"), self._at) else 1
        while self._line[self._at : self._at + 1] in _BLANKS:
            self._at += 1
        file = self._word()
        if not file.raw:
            raise Unclear("it redirects in an unusual way")
        return Redirect(sign, file)

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
