"""Flags for the arguments a script declares: `--angles 3`, `--sources docs --sources web`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.launch import values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import JsonValue

    Schema = Mapping[str, JsonValue]

_KINDS = ("boolean", "array", "object", "integer", "number", "string")
_METAVAR = {"integer": "N", "number": "X", "array": "VALUE", "object": "JSON", "string": "TEXT"}
_STANDS_FOR = {
    "folders": "FOLDER|web|TOOL",
    "git-diff": "REF|RANGE",
    "glob": "GLOB",
    "json": "FILE|-",
    "lines": "FILE|-",
    "text": "FILE",
    "texts": "FOLDER",
}
"""What is typed for an argument that is expanded, by its kind."""
_SHORT = re.compile(r"-[A-Za-z]")
_TRUE, _FALSE = ("true", "yes"), ("false", "no")


@dataclass(frozen=True, slots=True)
class Flag:
    """One declared argument as a flag."""

    name: str
    schema: Schema

    @property
    def option(self) -> str:
        """How it is typed."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def kind(self) -> str:
        """Its type: of several that are allowed the one that takes a text as it is."""
        told = self.schema.get("type", "string")
        named = told if isinstance(told, list) else [told]
        return next((kind for kind in reversed(_KINDS) if kind in named), "string")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may have, as they are typed; none where it may have any."""
        items = self.schema.get("items") if self.kind == "array" else self.schema
        told = items.get("enum") if isinstance(items, dict) else self.schema.get("enum")
        return tuple(str(value) for value in told) if isinstance(told, list) else ()

    @property
    def metavar(self) -> str:
        """What stands for its value in a usage line."""
        stands_for = _STANDS_FOR.get(str(self.schema.get("x-expand")))
        return stands_for or "|".join(self.choices) or _METAVAR.get(self.kind, "")

    @property
    def usage(self) -> str:
        """How it stands in a usage line."""
        return f"{self.option} {self.metavar}".rstrip() + (" …" if self.kind == "array" else "")

    def value(self, text: str, who: str) -> JsonValue:
        """Read its value; raises UsageError that names the flag."""
        if self.choices and text not in self.choices:
            raise _unfit(who, self, text, f"one of {', '.join(self.choices)}")
        if self.kind == "array":
            items = self.schema.get("items")
            inner = Flag(self.name, items if isinstance(items, dict) else {})
            return inner.value(text, who)
        return _READERS.get(self.kind, _text)(text, self, who)


@dataclass
class Typed:
    """What was typed after a command, apart: texts, and flags with their values."""

    who: str
    flags: Mapping[str, Flag]
    texts: list[str] = field(default_factory=list[str])
    values: dict[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])

    def take(self, words: Sequence[str]) -> None:
        """Take words one by one; raises UsageError for a flag that nobody declared."""
        rest = iter(words)
        for word in rest:
            if word.startswith("--") or _SHORT.fullmatch(word):
                self._flag(word, rest)
            else:
                self.texts.append(word)

    def _flag(self, word: str, rest: Iterator[str]) -> None:
        option, equals, text = word.partition("=")
        flag, switch = self._meant(option)
        if flag.kind == "boolean" and not equals:
            value: JsonValue = switch
        else:
            given = text if equals else next(rest, None)
            if given is None:
                raise _unfit(self.who, flag, None, flag.metavar)
            value = flag.value(given, self.who)
        self._put(flag, value)

    def _put(self, flag: Flag, value: JsonValue) -> None:
        if flag.kind == "array":
            had = self.values.setdefault(flag.name, [])
            if isinstance(had, list):
                had.append(value)
        elif flag.name in self.values:
            raise values.refused(self.who, f"{flag.option} is given twice", "it once")
        else:
            self.values[flag.name] = value

    def _meant(self, option: str) -> tuple[Flag, bool]:
        if option in self.flags:
            return self.flags[option], True
        positive = option.replace("--no-", "--", 1)
        if positive in self.flags and self.flags[positive].kind == "boolean":
            return self.flags[positive], False
        near = get_close_matches(option, self.flags, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(
            self.who,
            found=f"there is no option '{option}'",
            expected=f"one of {', '.join(self.flags)}" if self.flags else "words alone",
            hint=f"{meant}A text that begins with a hyphen comes after --. "
            "What hocket itself takes: hocket run --help. Nothing was started.",
        )


def declared(schema: Mapping[str, JsonValue] | None) -> dict[str, Flag]:
    """Give the flags of a schema, by how they are typed."""
    properties = (schema or {}).get("properties")
    parts = properties if isinstance(properties, dict) else {}
    flags = [Flag(name, part if isinstance(part, dict) else {}) for name, part in parts.items()]
    return {flag.option: flag for flag in flags}


def _integer(text: str, flag: Flag, who: str) -> JsonValue:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise _unfit(who, flag, text, "a whole number")
    return int(text)


def _number(text: str, flag: Flag, who: str) -> JsonValue:
    try:
        number = float(text)
    except ValueError:
        raise _unfit(who, flag, text, "a number") from None
    return int(number) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else number


def _boolean(text: str, flag: Flag, who: str) -> JsonValue:
    if text not in (*_TRUE, *_FALSE):
        raise _unfit(who, flag, text, "true or false")
    return text in _TRUE


def _json(text: str, flag: Flag, who: str) -> JsonValue:
    try:
        return values.parse(text)
    except ValueError:
        raise _unfit(who, flag, text, "JSON") from None


def _text(text: str, _flag: Flag, _who: str) -> JsonValue:
    return text


_READERS = {"integer": _integer, "number": _number, "boolean": _boolean, "object": _json}


def _unfit(who: str, flag: Flag, text: str | None, expected: str) -> UsageError:
    found = "has no value" if text is None else f"'{text}'"
    return values.refused(who, f"{flag.option}: {found}", expected)
