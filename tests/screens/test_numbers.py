"""Numbers are compared by value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.numbers import missing_numbers
from hocket.screens.table import run

SAME = [
    ("1234567", "1,234,567", "1.234.567", "1 234 567", "1\u00a0234\u00a0567", "1'234'567"),
    ("1234.5", "1,234.5", "1.234,5", "1 234,50"),
    ("3.5", "3,5", "3\u00bd", "3 1/2", "7/2"),
    ("5,300,000", "5.3 million", "5.3m", "\u20ac5,3 Mio", "$5.3 m", "5300k", "5.3 mn"),
    ("2 bn", "2,000 million", "2B", "two billion", "2 000 000 000"),
    ("250,000", "two hundred and fifty thousand", "250 thousand", "250K", "0.25M"),
    ("\u22125", "-5", "minus 5", "minus five"),
    ("12 %", "12%", "12 percent", "twelve per cent", "12.0 pct"),
    ("100,000", "a hundred thousand", "one hundred thousand", "100 thousand"),
    ("21", "twenty-one", "twenty one", "21st"),
    ("0.5", ".5", "1/2", "0,50"),
    ("3 trillion", "3 tn", "3,000 bn"),
]


@pytest.mark.parametrize(("one", "same"), [(one, same) for same in SAME for one in same])
def test_a_number_may_be_written_otherwise(one: str, same: tuple[str, ...]) -> None:
    told = [f"There {other} stand" for other in same]
    assert not [other for other in told if missing_numbers(f"It was {one} here", [other])]


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("cost 5", "cost 50"),
        ("cost 5", "cost 5.3"),
        ("5 %", "a share of 5"),
        ("-5 degrees", "5 degrees"),
        ("5 million", "$5 bn"),
        ("$5m", "5"),
        ("1.2.3", "1.23"),
        ("1.2.3", "1.2.4"),
        ("two died", "three died"),
        ("1,234.5", "12,345"),
        ("1/2", "2"),
        ("1/0", "1"),
        ("300 K", "300 thousand"),
        ("5 and 6", "5"),
    ],
)
def test_another_number_is_missing(claim: str, quote: str) -> None:
    assert missing_numbers(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("one of the largest", "a large one"),
        ("one bridge", "the bridge"),
        ("Q3 and H2O", "nothing"),
        ("about 1", "just one"),
        ("5 metres", "5 m"),
        ("5 million", "5 m"),
        ("1.234", "1,234"),
        ("5 million to 10 million", "5 to 10 million"),
        ("5 % or 10 %", "5-10 %"),
        ("5 million", "$5\u201310 million"),
        ("COVID-19", "COVID-19"),
        ("2010 to 2015", "2010\u20132015"),
        ("version 1.2.3", "1.2.3"),
        ("12,34,567", "12,34,567"),
        ("in 1921", "on 12 March 1921"),
        ("in 1921", "1921-03-12"),
        ("on 12 March 1921", "no number: dates are left to dates"),
        ("9" * 50, "9" * 50),
        ("1/0", "1/0"),
    ],
)
def test_nothing_is_missing(claim: str, quote: str) -> None:
    assert not missing_numbers(claim, [quote])


def test_several_texts_may_tell_them_together() -> None:
    assert not missing_numbers("5 of 7", ["there are 5", "there are 7"])
    assert missing_numbers("5 of 7", [])


def judge(item: object, text: str | None = None) -> object:
    return run("numbers_match", item, {"s": text}.get)


def test_the_quote_goes_before_the_text_of_the_source() -> None:
    item = {"claim": "It cost 5 million.", "quote": "cost 5 million", "source": "s"}
    assert judge(item, "other") == "ok"
    assert judge({**item, "quote": "cost much"}, "cost 5 million") == "differs"
    assert judge({**item, "quote": " "}, "cost 5m") == "ok"
    assert judge({**item, "quote": None}, "cost 6m") == "differs"


def test_without_evidence_a_number_is_absent() -> None:
    assert judge({"claim": "It cost 5.", "source": "s"}) == "absent"
    assert judge({"claim": "It cost much.", "source": "s"}) == "ok"
    assert judge({"text": "It cost 5."}) == "absent"
    assert judge("It cost 5.") == "ok"


NUMBERS = st.decimals(0, 10**9, places=2).map("{:,}".format)


@settings(deadline=None)
@given(st.lists(NUMBERS, max_size=6), st.lists(NUMBERS, max_size=6), st.data())
def test_white_space_changes_no_verdict(
    claim: list[str], quote: list[str], data: st.DataObject
) -> None:
    def spaced(written: str) -> str:
        return re.sub(
            " ", lambda _: data.draw(st.sampled_from([" ", "\n", " \t", "\u00a0"])), written
        )

    one, other = " and ".join(claim), " and ".join([*quote, *claim[1:]])
    assert missing_numbers(spaced(one), [spaced(other)]) == missing_numbers(one, [other])


@settings(deadline=None)
@given(st.text())
def test_a_text_misses_nothing_of_itself(text: str) -> None:
    assert not missing_numbers(text, [text])


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789.,/- '%kmb\u00bdone hundredmillion")))
def test_a_strange_text_misses_nothing_of_itself(text: str) -> None:
    assert not missing_numbers(text, [text])
