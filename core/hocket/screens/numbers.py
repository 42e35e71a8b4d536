"""Whether every number of one text stands in others, however it is written there."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hocket.screens.dates import dates
from hocket.screens.folding import fold
from hocket.screens.numerals import ONES, TENS, scale, spoken, values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    Value = tuple[Fraction | str, bool]
    """A value, and whether it is a share in per cent."""

LARGE = r"hundred|thousand|[mb]illions?|trillions?|mn|mio|mln|bn|tn"
TWO_WORDS = rf"(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(ONES[1:10])}))?"
UNIT = rf"(?:{TWO_WORDS}|{'|'.join(ONES)}|an?(?= (?:{LARGE})\b))\b"
SPOKEN = rf"{UNIT}(?: (?:{LARGE})\b(?:(?: and)? {UNIT})?){{0,8}}"
DIGITS = r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?: \d+)?/\d+|\d+(?:[.,]\d+)*|[.,]\d+"
SCALE = rf"(?P<scale>(?: ?(?:{LARGE})\b){{1,2}}| ?[kmb]\b)"
NUMBER = re.compile(
    rf"(?<!\w)(?<!\d[.,])(?P<sign>-|minus )?(?P<money>[$€£¥] ?)?"
    rf"(?:(?P<digits>{DIGITS}){SCALE}?|(?P<spoken>{SPOKEN}))"
    r"(?P<share> ?(?:%|per ?cent\b|pct\b))?",
    re.IGNORECASE,
)
TO = re.compile(r" ?(?:-|to|and|or) ?")


class Number(NamedTuple):
    """A number where it stands, with all it may mean."""

    start: int
    end: int
    readings: frozenset[Value]
    factor: int
    is_share: bool


def missing_numbers(text: str, offered: Iterable[str]) -> bool:
    """Whether a number of a text stands in none of those offered; dates are left to dates."""
    known = {value for other in offered for value in _told(other)}
    _, undated = dates(fold(text))
    return any(not number.readings & known for number in _numbers(undated))


@lru_cache(maxsize=32)
def _told(text: str) -> frozenset[Value]:
    """Give what a text tells: the parts of its dates too, so that a year alone is found."""
    dated, undated = dates(fold(text))
    parts = [digits for date in dated for digits in re.findall(r"\d+", date.text)]
    told = {(value, False) for digits in parts for value in values(digits)}
    told |= {(spoken(one), False) for one in re.findall(r"\bone\b", undated, re.IGNORECASE)}
    return frozenset(told).union(*(number.readings for number in _numbers(undated)))


def _numbers(text: str) -> list[Number]:
    """Find the numbers; "one" alone is none: it mostly says that there is something."""
    found = [_number(match) for match in NUMBER.finditer(text) if match[0].lower() != "one"]
    for at, (low, high) in enumerate(pairwise(found)):
        if TO.fullmatch(text[low.end : high.start]) and low.factor == 1 and not low.is_share:
            # In "5 to 10 million" the five may be five million.
            more = {(_times(value, high.factor), high.is_share) for value, _ in low.readings}
            found[at] = low._replace(readings=low.readings | more)
    return found


def _number(match: re.Match[str]) -> Number:
    read = frozenset((spoken(match["spoken"]),)) if match["spoken"] else values(match["digits"])
    factors = _factors(match["scale"] or "", is_money=match["money"] is not None)
    sign = -1 if match["sign"] else 1
    share = match["share"] is not None
    readings = {(_times(value, sign * factor), share) for value in read for factor in factors}
    return Number(*match.span(), frozenset(readings), max(factors), share)


def _factors(text: str, *, is_money: bool) -> set[int]:
    """Give what a scale may mean: 5m are millions where it is money, else metres or millions."""
    if not text or (text in {" k", " K", " M", " B"} and not is_money):
        return {1}
    doubtful = text.strip() in {"m", "b"} and not is_money
    return {1, scale(text)} if doubtful else {scale(text)}


def _times(value: Fraction | str, factor: int) -> Fraction | str:
    return value if isinstance(value, str) else value * factor
