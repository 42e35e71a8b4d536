"""One JSON object, read field by field: what does not fit is kept, to be shown as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Odd:
    """A value that is not what its place is for."""

    where: str
    value: JsonValue


@dataclass(slots=True)
class Fields:
    """The fields of an object; a misfit reads as if it were absent, and is noted."""

    value: Mapping[str, JsonValue]
    where: str = ""
    odd: list[Odd] = field(default_factory=list[Odd])

    def text(self, name: str) -> str:
        """Give a text; a number or a yes is written as JSON writes it."""
        found = self.value.get(name)
        if isinstance(found, dict | list):
            self._misfit(name, found)
            return ""
        return _scalar(found)

    def number(self, name: str) -> float | None:
        """Give a number; None where there is none."""
        found = self.value.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
        if found is not None:
            self._misfit(name, found)
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts; one alone is a list of one."""
        found = self.value.get(name)
        if not isinstance(found, list):
            alone = self.text(name)
            return (alone,) if alone else ()
        if any(isinstance(one, dict | list) for one in found):
            self._misfit(name, found)
            return ()
        return tuple(_scalar(one) for one in found if one is not None)

    def counts(self, name: str) -> tuple[tuple[str, int], ...]:
        """Give what was counted, with how often."""
        found = self.value.get(name)
        if found is None:
            return ()
        if isinstance(found, dict):
            pairs = [(key, n) for key, n in found.items() if _is_count(n)]
            if len(pairs) == len(found):
                return tuple((key, int(str(n))) for key, n in pairs)
        self._misfit(name, found)
        return ()

    def inside(self, name: str) -> Fields | None:
        """Give an object that lies in this one."""
        found = self.value.get(name)
        if isinstance(found, dict):
            return Fields(found, self._at(name), self.odd)
        if found is not None:
            self._misfit(name, found)
        return None

    def each(
        self, name: str, read: Callable[[Fields], _Read], *, needs: str = ""
    ) -> tuple[_Read, ...]:
        """Read every object of a list; one without the text it is about is noted instead."""
        found = self.value.get(name)
        if found is None:
            return ()
        if not isinstance(found, list):
            self._misfit(name, found)
            return ()
        whole = [self._item(f"{name}[{at}]", one, needs) for at, one in enumerate(found)]
        return tuple(read(one) for one in whole if one is not None)

    def rows(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Give rows of cells."""
        found = self.value.get(name)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
            self._misfit(name, found)
            return ()
        return tuple(tuple(_cell(one) for one in row) for row in found if isinstance(row, list))

    def _item(self, name: str, found: JsonValue, needs: str) -> Fields | None:
        scalar = isinstance(found, dict) and not isinstance(found.get(needs), dict | list)
        if isinstance(found, dict) and (not needs or (scalar and _scalar(found.get(needs)))):
            return Fields(found, self._at(name), self.odd)
        self._misfit(name, found)
        return None

    def _at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def _misfit(self, name: str, value: JsonValue) -> None:
        self.odd.append(Odd(self._at(name), value))


def written(value: JsonValue) -> str:
    """Write a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def _scalar(value: JsonValue) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else written(value)


def _cell(value: JsonValue) -> str:
    return written(value) if isinstance(value, dict | list) else _scalar(value)


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
