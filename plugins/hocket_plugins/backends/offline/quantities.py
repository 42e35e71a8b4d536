"""Numbers with their units, however they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from hocket_plugins.backends.offline.words import MONTHS, STOP, folded, stem

YEAR, MONTH, DAY, SHARE, BARE = "year", "month", "day", "share", ""
DATES = frozenset({YEAR, MONTH, DAY})
_SPACE = "[ \u00a0\u202f\u2009]"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<!\w-)(?P<money>[$\u20ac\u00a3\u00a5]{_SPACE}?)?"
    rf"(?P<digits>\d{{1,3}}(?:(?P<mark>[,.'\u2019]|{_SPACE})\d{{3}})(?:(?P=mark)\d{{3}})*"
    rf"(?:[.,]\d{{1,9}})?(?!\d)|\d{{1,18}}(?:[.,]\d{{1,9}})?(?![\d]))"
    rf"(?P<scale>{_SPACE}?(?:hundred|thousand|millions?|billions?|trillions?|mn|bn)\b|[kK]\b)?"
    rf"(?P<unit>{_SPACE}?(?:%|[$\u20ac\u00a3\u00a5])|(?:{_SPACE}|-)?[^\W\d_]+(?: cents?\b)?)?"
)
_SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "million": 10**6, "millions": 10**6,
    "mn": 10**6, "billion": 10**9, "billions": 10**9, "bn": 10**9, "trillion": 10**12,
    "trillions": 10**12,
}  # fmt: skip
_SIGNS = {"$": "dollar", "\u20ac": "euro", "\u00a3": "pound", "\u00a5": "yen"}
_UNITS: dict[str, tuple[str, Fraction]] = {
    name: (unit, Fraction(factor))
    for unit, names in {
        "metre": {
            "m": "1", "metre": "1", "meter": "1", "metres": "1", "meters": "1", "km": "1000",
            "kilometre": "1000", "kilometres": "1000", "kilometer": "1000", "kilometers": "1000",
            "cm": "0.01", "centimetres": "0.01", "mm": "0.001", "millimetres": "0.001",
            "mile": "1609.344", "miles": "1609.344", "feet": "0.3048", "foot": "0.3048",
            "ft": "0.3048", "yards": "0.9144",
        },
        "gram": {
            "g": "1", "gram": "1", "grams": "1", "kg": "1000", "kilogram": "1000",
            "kilograms": "1000", "tonne": "1000000", "tonnes": "1000000", "t": "1000000",
        },
        "second": {
            "s": "1", "second": "1", "seconds": "1", "min": "60", "minute": "60", "minutes": "60",
            "hour": "3600", "hours": "3600", "h": "3600",
        },
        "euro": {"\u20ac": "1", "euro": "1", "euros": "1", "eur": "1"},
        "dollar": {"$": "1", "dollar": "1", "dollars": "1", "usd": "1"},
        "pound": {"\u00a3": "1", "pound": "1", "pounds": "1", "gbp": "1"},
        SHARE: {"%": "1", "percent": "1", "per cent": "1", "pct": "1"},
    }.items()
    for name, factor in names.items()
}  # fmt: skip
MONEY = frozenset({"euro", "dollar", "pound", "yen", "franc", "crown", "mark"})
_MEASURES = frozenset({"metre", "gram", "second", SHARE, *DATES}) | MONEY
_LEADS_YEAR = frozenset(
    ("in", "since", "from", "until", "till", "by", "before", "after", "year", "around", "about",
     "and", "to", "between")
)  # fmt: skip
_INEXACT = re.compile(
    r"\b(about|around|nearly|almost|roughly|some|approximately|over|than|least|most|up to|under"
    r"|close to|ca\.?|circa|or so)\s+(?:the |a )?$",
    re.IGNORECASE,
)
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH = re.compile(rf"\b(?:{'|'.join(_NAMES)})(?= (?:\d{{1,2}},? )?\d{{4}}\b)")
_LAST_DAY = 31
_EARLIEST, _LATEST = 1000, 2100


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where it stands: all that it may mean, in its unit."""

    text: str
    readings: frozenset[Fraction]
    unit: str
    """`year`, a measure in its smallest form, the stem of what is counted, or nothing."""
    is_inexact: bool = False

    def is_common(self, other: Quantity) -> bool:
        """Whether the other may be the same number of the same."""
        if not self.readings & other.readings:
            return False
        units = {self.unit, other.unit}
        if MONTH in units:
            return len(units) == 1
        return len(units) == 1 or BARE in units or not units & _MEASURES

    def differs(self, other: Quantity) -> bool:
        """Whether the other counts the same and comes to something else."""
        is_same_unit = self.unit == other.unit != BARE
        is_exact = not (self.is_inexact or other.is_inexact)
        return is_same_unit and is_exact and not self.readings & other.readings


def quantities(text: str) -> tuple[Quantity, ...]:
    """Find the numbers of a sentence."""
    numbers = [_quantity(match) for match in _NUMBER.finditer(text)]
    return (*numbers, *(_month(match[0]) for match in _MONTH.finditer(text)))


def _month(name: str) -> Quantity:
    return Quantity(name, frozenset({Fraction(_NAMES.index(name) + 1)}), MONTH)


def _quantity(match: re.Match[str]) -> Quantity:
    before = match.string[max(0, match.start() - 24) : match.start()]
    unit, factor = _unit(match, before)
    scale = _scale(match)
    readings = {value * scale * factor for value in _readings(match["digits"])}
    whole = (match["money"] or "") + match["digits"] + (match["scale"] or "")
    is_inexact = _INEXACT.search(before) is not None
    return Quantity(whole.strip(), frozenset(readings), unit, is_inexact)


def _scale(match: re.Match[str]) -> int:
    """Give what the number is to be multiplied by; m and b are a scale of money alone."""
    told = (match["scale"] or "").strip().lower()
    if not told and match["money"]:
        told = {"m": "million", "b": "billion"}.get((match["unit"] or "").strip().lower(), "")
    return _SCALES.get(told, 1)


def _readings(digits: str) -> set[Fraction]:
    """Give what digits may mean: 1.234 is a thousand and more, or one and a bit."""
    bare = re.sub(r"[ \u00a0\u202f\u2009'\u2019]", "", digits)
    marks = re.findall("[.,]", bare)
    if not marks:
        return {Fraction(bare)}
    last = re.fullmatch(r"(.*)[.,](\d+)", bare)
    whole, rest = (last[1], last[2]) if last else (bare, "")
    joined = Fraction(re.sub("[.,]", "", bare))
    if len(set(marks)) < len(marks):
        return {joined}  # a mark that stands twice parts thousands
    broken = Fraction(f"{re.sub('[.,]', '', whole)}.{rest}")
    return {joined, broken} if len(rest) == 3 and len(marks) == 1 else {broken}  # noqa: PLR2004


def _unit(match: re.Match[str], before: str) -> tuple[str, Fraction]:
    word = folded((match["unit"] or "").strip(" -\u00a0\u202f\u2009"))
    if match["money"]:
        return _SIGNS[match["money"].strip()], Fraction(1)
    if word == "s" and _may_be_year(match):
        return "decade", Fraction(1)
    return _UNITS.get(word) or (_counted(match, word, before), Fraction(1))


def _counted(match: re.Match[str], word: str, before: str) -> str:
    """Name what is counted; a number such as 1921 mostly counts nothing."""
    if word in MONTHS or _follows_month(match["digits"], before):
        return DAY
    is_counted = len(word) > 1 and word not in STOP
    if _may_be_year(match) and not (is_counted and _last(before) not in _LEADS_YEAR):
        return YEAR
    return stem(word) if is_counted else BARE


def _follows_month(digits: str, before: str) -> bool:
    """Whether a number is the day in `May 7`."""
    words = before.split()
    return bool(words) and words[-1] in _NAMES and digits.isdecimal() and int(digits) <= _LAST_DAY


def _may_be_year(match: re.Match[str]) -> bool:
    digits = match["digits"]
    is_plain = len(digits) == 4 and digits.isdecimal() and not match["scale"]  # noqa: PLR2004
    return is_plain and _EARLIEST <= int(digits) <= _LATEST


def _last(before: str) -> str:
    words = before.split()
    return words[-1].lower() if words else ""
