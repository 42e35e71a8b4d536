"""S19: what the type checker said, in words that help, and whether the line really fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.scripts import Finding
from hocket.scripts.check.allowed import HOST, may_import
from hocket.scripts.check.known import BUILTINS
from hocket.scripts.check.nearest import nearest, suggest

if TYPE_CHECKING:
    from hocket.scripts.check.known import Known

    Words = tuple[str, str]

UNTYPED_BUILTINS = frozenset(
    (
        *("FileExistsError", "FileNotFoundError", "ImportError", "IsADirectoryError"),
        *("ModuleNotFoundError", "NotADirectoryError", "PermissionError", "UnboundLocalError"),
        *("UnicodeDecodeError", "UnicodeEncodeError", "filter", "format", "getattr", "hasattr"),
        *("map", "setattr"),
    )
)
"""Built-ins that the sandbox has and its type checker does not know; a test asks both."""

CERTAIN = frozenset(
    (
        *("call-non-callable", "index-out-of-bounds", "invalid-argument-type", "invalid-await"),
        *("missing-argument", "no-matching-overload", "not-iterable", "not-subscriptable"),
        *("parameter-already-assigned", "positional-only-parameter-as-kwarg"),
        *("too-many-positional-arguments", "unknown-argument", "unresolved-attribute"),
        *("unresolved-import", "unresolved-reference", "unsupported-operator"),
    )
)
"""The checker's rules that mean: this line fails when it runs. The others are matters of style."""

_DROPPED = "unused-awaitable"
_AWAIT = "write await before it"
_MEMBER = re.compile(r"Module `([\w.]+)` has no member `(\w+)`")
_UNDEFINED = re.compile(r"Name `(\w+)` used when not defined")
_UNKNOWN = re.compile(r"Argument `(\w+)` does not match any known parameter of .*`([\w.]+)`")
_ABSENT = re.compile(r"No argument provided for required parameter `(\w+)` of .*`([\w.]+)`")
_WRONG = re.compile(r"Argument to .*`([\w.]+)` is incorrect: Expected `(.+)`, found `(.+)`")
_READ_ONLY = re.compile(r"read-only property `(\w+)` on object of type `_(Budget|Dollars)`")
_COROUTINE = re.compile(r"(?<!Expected )`Coroutine(?:Type)?\[")
_UNSURE = re.compile(r" \| |in union|`Literal\[[^`]*, |`None`|^None$|^Unresolved attribute")
_PLAIN = {"Iterable[((...) -> Any) | Awaitable[Any]]": "a list of calls or functions"}
_FAILS = re.compile("read-only|to unpack")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing the type checker said about a script."""

    line: int
    column: int
    rule: str
    message: str

    def finding(self, known: Known) -> Finding | None:
        """Put it into our words; None when it is no fault, or one that another check reports."""
        if self._is_known_gap() or self._is_import():
            return None
        message, hint = self._words(known)
        warning = not self._is_certain(known)
        return Finding(self.line, self.column, "S19", message, hint, warning)

    def _is_known_gap(self) -> bool:
        """Whether the checker knows less than the sandbox: a built-in, or a lambda's arguments."""
        name = _UNDEFINED.match(self.message)
        return "`object`" in self.message or (name is not None and name[1] in UNTYPED_BUILTINS)

    def _is_import(self) -> bool:
        """Whether it is about an import that S05 reports with a better hint."""
        member = _MEMBER.match(self.message)
        if member is not None:
            return member[1] == HOST or not may_import(member[1], member[2])
        return self.rule == "unresolved-import"

    def _is_certain(self, known: Known) -> bool:
        if self.rule == _DROPPED:
            return False
        if self._is_not_awaited() or _FAILS.search(self.message) or self.rule == "invalid-await":
            return True
        wrong = _WRONG.match(self.message)
        if wrong is not None:  # an annotation of the script's own is not enforced by anybody
            return wrong[1] not in known.own and not _UNSURE.search(wrong[3])
        return self.rule in CERTAIN and not _UNSURE.search(self.message)

    def _is_not_awaited(self) -> bool:
        return _COROUTINE.search(self.message) is not None

    def _words(self, known: Known) -> Words:
        if self.rule == _DROPPED:
            return "this call does not run: nothing awaits it", _AWAIT
        if self._is_not_awaited():
            return "this call is not awaited: it has no value yet", _AWAIT
        for pattern, words in (
            (_UNKNOWN, _unknown_argument),
            (_UNDEFINED, _undefined),
            (_ABSENT, _absent),
            (_WRONG, _wrong),
            (_READ_ONLY, _read_only),
        ):
            match = pattern.search(self.message)
            if match is not None:
                return words(match, known)
        return self.message.replace("`", "'"), ""


def _unknown_argument(match: re.Match[str], known: Known) -> Words:
    name, function = match.groups()
    if function in known.host and function not in known.own:
        return f"{function}() has no option '{name}'", suggest(name, known.host[function])
    return f"{function}() has no argument '{name}'", suggest(name, known.own.get(function, ()))


def _undefined(match: re.Match[str], known: Known) -> Words:
    name = match[1]
    if name in BUILTINS:
        return f"the sandbox has no '{name}'", ""
    near = nearest(name, known.names)
    if near in known.host:
        return f"the name '{name}' is not defined", f"import it: from {HOST} import {near}"
    return f"the name '{name}' is not defined", f"did you mean '{near}'?" if near else ""


def _absent(match: re.Match[str], _: Known) -> Words:
    return f"{match[2]}() needs its argument '{match[1]}'", ""


def _wrong(match: re.Match[str], _: Known) -> Words:
    return f"{match[1]}() takes {_PLAIN.get(match[2], match[2])} here; found {match[3]}", ""


def _read_only(match: re.Match[str], _: Known) -> Words:
    owner = "budget" if match[2] == "Budget" else "budget.usd"
    return f"{owner}.{match[1]} is read-only", "only a person can set a total"
