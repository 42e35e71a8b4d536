"""Takes the fields of a table one by one; what is wrong is noted and yields an empty value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar, cast

from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.problem import Problem, key_of, unknown_key
from hocket.registry.forms.texts import misfits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")
_BREAK = re.compile(r"[\n\r\x85\u2028\u2029]")
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Fields:
    """A table below a key of a file, with the list of problems that the whole file shares."""

    def __init__(
        self, values: Mapping[str, object], problems: list[Problem], path: tuple[str, ...] = ()
    ) -> None:
        self.values, self.problems, self.path = values, problems, path

    def complain(self, key: str, text: str) -> None:
        """Note a problem with a key; with the table itself where the key is empty."""
        path = (*self.path, key) if key else self.path
        self.problems.append(Problem(key_of(*path), text))

    def only(self, known: Iterable[str]) -> None:
        """Complain of every key that is not known."""
        names = tuple(known)
        for key in self.values:
            if key not in names:
                self.complain(key, unknown_key(key, names))

    def required(self, *keys: str) -> None:
        """Complain of every key that is not there."""
        for key in keys:
            if key not in self.values:
                self.complain(key, "missing")

    def read(self, key: str, reader: Callable[[object], T], otherwise: T) -> T:
        """Take a value by a reader that raises Unfit; absent or unfit it is `otherwise`."""
        if key not in self.values:
            return otherwise
        try:
            return reader(self.values[key])
        except Unfit as why:
            self.complain(key, str(why))
            return otherwise

    def table(self, key: str) -> Fields:
        """Take a table; absent it is empty."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.complain(key, f"{quoted(value)} is not a table")
            value = {}
        return Fields(cast("dict[str, object]", value), self.problems, (*self.path, key))

    def list(self, key: str, most: int) -> list[object]:
        """Take a list of no more than so many things; absent it is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.complain(key, f"{quoted(value)} is not a list")
            return []
        found = cast("list[object]", value)
        self.limit(key, len(found), most)
        return found

    def limit(self, key: str, given: int, most: int) -> None:
        """Complain of more than is allowed."""
        if given > most:
            self.complain(key, f"{given} given, {most} allowed")


def line(most: int) -> Callable[[object], str]:
    """Make the reader of one line of text that hides nothing from who reads it."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit(f"{quoted(value)} is not a text")
        if len(value) > most:
            raise Unfit(f"{len(value)} characters, {most} allowed")
        if not value.strip():
            raise Unfit("empty")
        if _BREAK.search(value):
            raise Unfit("more than one line")
        if hidden := _HIDDEN.search(value):
            raise Unfit(f"holds the control character U+{ord(hidden[0]):04X}")
        if next(misfits("", value.encode()), None):
            raise Unfit("holds a character that nobody sees")
        return value

    return read
