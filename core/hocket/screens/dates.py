"""Dates in a text, in the usual English and numeric forms; what may mean two days is said so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hocket.screens.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = "January February March April May June July August September October November December"
MONTHS = {name: at for at, whole in enumerate(NAMES.split(), 1) for name in (whole, whole[:3])} | {
    "Sept": 9
}
DAYS = {None, *range(1, 32)}
MONTH = "(?P<name>" + "|".join(f"{name}|{name.upper()}" for name in MONTHS) + r")\b\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!,\d{3}\b)"
YEAR = r"(?P<year>\d{4})\b(?![.,]\d)"
FORMS = tuple(
    re.compile(rf"(?<![\w.])(?<!\d[-/])(?:{form})")
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d])",
        rf"{DAY}(?: of)?[ -]{MONTH}(?:,?[ -]{YEAR})?",
        rf"{MONTH} {DAY}(?:(?:, ?| ){YEAR})?",
        rf"{MONTH},? {YEAR}",
        rf"(?P<one>\d{{1,2}})([./-])(?P<two>\d{{1,2}})\2{YEAR}",
    )
)


class Day(NamedTuple):
    """A date as far as it is given."""

    year: int | None
    month: int
    day: int | None

    def is_told_by(self, other: Day) -> bool:
        """Whether another date says all that this one says."""
        return all(ours in (None, theirs) for ours, theirs in zip(self, other, strict=True))


class Date(NamedTuple):
    """A date as it stands, with all days it may mean: 3.4.2024 is in March or in April."""

    text: str
    readings: frozenset[Day]

    def is_told_by(self, offered: Iterable[Date]) -> bool:
        """Whether one of these dates says it, in every way both can be read."""
        return any(self.readings == other.readings or self._is_surely(other) for other in offered)

    def _is_surely(self, other: Date) -> bool:
        return all(mine.is_told_by(theirs) for mine in self.readings for theirs in other.readings)


def dates(text: str) -> tuple[list[Date], str]:
    """Take the dates out of a folded text; what is left has a null where one stood."""
    found: list[Date] = []

    def take(match: re.Match[str]) -> str:
        if readings := _readings(match.groupdict()):
            found.append(Date(match[0], readings))
        return "\0" if readings else match[0]

    for form in FORMS:
        text = form.sub(take, text)
    return found, text


def missing_dates(text: str, offered: Iterable[str]) -> bool:
    """Whether a date of a text stands in none of those offered."""
    known = [date for other in offered for date in _told(other)]
    return any(not date.is_told_by(known) for date in _told(text))


@lru_cache(maxsize=32)
def _told(text: str) -> frozenset[Date]:
    return frozenset(dates(fold(text))[0])


def _readings(parts: dict[str, str | None]) -> frozenset[Day]:
    numbers = {name: int(value) for name, value in parts.items() if value and value.isdigit()}
    year, day = numbers.get("year"), numbers.get("day")
    if name := parts.get("name"):
        return _valid(Day(year, MONTHS[name.capitalize()], day))
    if "one" in numbers:
        one, two = numbers["one"], numbers["two"]
        return _valid(Day(year, two, one), Day(year, one, two))
    return _valid(Day(year, numbers["month"], day))


def _valid(*days: Day) -> frozenset[Day]:
    return frozenset(day for day in days if day.month in MONTHS.values() and day.day in DAYS)
