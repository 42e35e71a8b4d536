"""Invariants between answers: that they agree, do not repeat each other, and leave nothing out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue

from hocket.api.patterns.templates import canonical
from hocket_plugins.patterns.fan_out.invariant import MOST_SHOWN, Invariant, add

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.fan_out.invariant import Reasons
    from hocket_plugins.patterns.fan_out.units import Unit


class Agree(Invariant):
    """Records with the same `by` have the same value in each field of `agree`.

    Who differs from most is asked again; without a majority all of them are. Nobody is told what
    others said: an answer that only follows them would be worth nothing.
    """

    agree: list[str] = Field(min_length=1)
    by: str

    async def broken(self, context: PatternContext, units: Sequence[Unit]) -> Reasons:
        """Compare record by record, field by field."""
        del context
        reasons: Reasons = {}
        for name in self.agree:
            groups: dict[str, list[tuple[int, str]]] = {}
            for index, record in _records(units):
                if self.by in record and name in record:
                    told = (index, canonical(record[name]))
                    groups.setdefault(canonical(record[self.by]), []).append(told)
            for key, answers in groups.items():
                where = f"`{name}` where `{self.by}` is {key[:MOST_SHOWN]}"
                add(reasons, _outvoted(answers), f"{where} differs from what others answered")
        return reasons


class Unique(Invariant):
    """No two records have the same value in this field; all that share one are asked again."""

    unique: str

    async def broken(self, context: PatternContext, units: Sequence[Unit]) -> Reasons:
        """Count values."""
        del context
        holders: dict[str, list[int]] = {}
        for index, record in _records(units):
            if self.unique in record:
                holders.setdefault(canonical(record[self.unique]), []).append(index)
        reasons: Reasons = {}
        for value, indexes in holders.items():
            if len(indexes) > 1:
                add(reasons, indexes, f"`{self.unique}` = {value[:MOST_SHOWN]} was given twice")
        return reasons


class Covers(Invariant):
    """Every value of `covers` stands in the field `in` of some record.

    A missing one is asked of the units whose item is it or has it in a field. Where no item says
    whose it is, all are asked: any of them may have overlooked it.
    """

    covers: list[JsonValue]
    field: str = Field(alias="in")

    async def broken(self, context: PatternContext, units: Sequence[Unit]) -> Reasons:
        """Look for what no record has."""
        del context
        there = {canonical(record.get(self.field)) for _, record in _records(units)}
        reasons: Reasons = {}
        for value in self.covers:
            if canonical(value) not in there:
                owners = [unit for unit in units if _is_about(unit.item, value)] or units
                answered = [unit.index for unit in owners if unit.answered]
                add(reasons, answered, f"no answer has `{self.field}` = {_brief(value)}")
        return reasons


def _records(units: Sequence[Unit]) -> Iterator[tuple[int, dict[str, JsonValue]]]:
    """Give the records of all answers: an answer itself, and the objects in its lists."""
    for unit in units:
        value = unit.value if unit.answered else None
        lists = [value, *(value.values() if isinstance(value, dict) else ())]
        rows = [row for each in lists if isinstance(each, list) for row in each]
        for record in (value, *rows):
            if isinstance(record, dict):
                yield unit.index, record


def _outvoted(told: Sequence[tuple[int, str]]) -> list[int]:
    """Give who is not with the majority; all, where there is none."""
    counts = Counter(value for _, value in told).most_common(2)
    if len(counts) == 1:
        return []
    leader = counts[0][0] if counts[0][1] > counts[1][1] else None
    return [index for index, value in told if value != leader]


def _is_about(item: JsonValue, value: JsonValue) -> bool:
    fields = item.values() if isinstance(item, dict) else ()
    return canonical(value) in {canonical(each) for each in (item, *fields)}


def _brief(value: JsonValue) -> str:
    return canonical(value)[:MOST_SHOWN]
