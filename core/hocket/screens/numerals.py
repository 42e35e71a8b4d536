"""The value of one number as it is written: with separators, a fraction, or in words."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod

SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES, TENS = [*SMALL.split(), *TEENS.split()], ROUND.split()
UNITS = {word: at for at, word in enumerate(ONES)} | {
    "a": 1,
    "an": 1,
    **{word: 10 * at for at, word in enumerate(TENS, 2)},
}
SCALES = {"hundred": 100, "thousand": 10**3, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
LONGEST = 40
"""Digits of a number; longer ones are compared as they are written."""


def spoken(text: str) -> Fraction:
    """Give the value of number words, as in `two hundred and fifty thousand`."""
    total = current = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in UNITS:
            current += UNITS[word]
        elif word == "hundred":
            current *= 100
        elif word != "and":
            total, current = total + current * scale(word), 0
    return Fraction(total + current)


def scale(text: str) -> int:
    """Give the factor that words or letters such as `thousand`, `mn` or `bn` stand for."""
    words = re.findall(r"[a-z]+", text.lower())
    return prod(SCALES.get(word) or SCALES[word[0]] for word in words)


def values(digits: str) -> frozenset[Fraction | str]:
    """Give what a number may mean: 1.234 is a bit more than one, or a thousand and more.

    What is no number in any convention, such as 1.2.3, means itself.
    """
    bare = re.sub(r"(?<=\d)[ '](?=\d{3})", "", digits)
    if len(bare) > LONGEST:
        return frozenset((bare,))
    if "/" in bare:
        return frozenset((_fraction(bare),))
    marks = re.findall("[.,]", bare)
    found: set[Fraction | str] = set()
    if len(marks) <= 1:
        found.add(Fraction(bare.replace(",", ".")))
    if marks and re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", bare):
        found.add(Fraction(re.sub("[.,]", "", bare)))
    if len(set(marks)) > 1 and re.fullmatch(
        r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d+", bare
    ):
        whole, decimal = re.split("[.,](?=\\d+$)", bare)
        found.add(Fraction(re.sub("[.,]", "", whole) + "." + decimal))
    return frozenset(found or (bare,))


def _fraction(text: str) -> Fraction | str:
    whole, _, part = text.rpartition(" ")
    return text if int(part.split("/")[1]) == 0 else Fraction(part) + int(whole or 0)
