"""Dates are compared by day."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.dates import NAMES, missing_dates
from hocket.screens.table import run

FORMS = [
    "2024-03-12", "2024/3/12", "2024.03.12", "2024-03-12T10:00:00Z", "12 March 2024",
    "12th of March, 2024", "12th March 2024", "March 12, 2024", "March 12th, 2024",
    "March 12 2024", "MARCH 12, 2024", "12 Mar 2024", "Mar. 12, 2024", "12-Mar-2024",
    "12\u00a0March\n2024", "March 12,2024",
]  # fmt: skip


@pytest.mark.parametrize("one", FORMS)
def test_a_date_may_be_written_otherwise(one: str) -> None:
    assert not [other for other in FORMS if missing_dates(f"It opened on {one}.", [f"({other})"])]


@pytest.mark.parametrize("one", FORMS)
@pytest.mark.parametrize(
    "other", ["13 March 2024", "2024-12-03", "12 March 2023", "March 2024", "12 March", "2024"]
)
def test_another_or_a_vaguer_date_does_not_tell_it(one: str, other: str) -> None:
    assert missing_dates(f"It opened on {one}.", [f"({other})"])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("in March 2024", "on 12 March 2024"),
        ("on 12 March", "on 2024-03-12"),
        ("on 13.3.2024", "on 13 March 2024"),
        ("on 3/13/2024", "on 13 March 2024"),
        ("on 3.4.2024", "on 3.4.2024"),
        ("on 3.4.2024", "on 3/4/2024"),
        ("on 5.5.2024", "on 5 May 2024"),
        ("in 2024", "nothing: a year alone is a number"),
        ("you may 5 times", "nothing"),
        ("1.2.2024.7", "nothing"),
        ("2024-13-40", "nothing"),
        ("40 March 2024", "in March 2024"),
        ("May 99", "nothing"),
    ],
)
def test_nothing_is_missing(claim: str, quote: str) -> None:
    assert not missing_dates(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"), [("on 3.4.2024", "on 3 April 2024"), ("on 3 April 2024", "on 3/4/2024")]
)
def test_what_may_be_two_days_tells_neither(claim: str, quote: str) -> None:
    assert missing_dates(claim, [quote])


def test_thousands_are_no_days() -> None:
    assert not missing_dates("In March 12,000 people came.", ["nothing"])


def judge(item: object, text: str | None = None) -> object:
    return run("dates_match", item, {"s": text}.get)


def test_as_a_screen() -> None:
    item = {"text": "It opened on 12 March 2024.", "source": "s"}
    assert judge({**item, "quote": "opened 2024-03-12"}) == "ok"
    assert judge({**item, "quote": "opened 2024-03-13"}) == "differs"
    assert judge(item, "opened 2024-03-12") == "ok"
    assert judge(item) == "absent"


@settings(deadline=None)
@given(st.dates())
def test_all_forms_of_a_day_tell_each_other(day: object) -> None:
    year, month, number = (int(part) for part in str(day).split("-"))
    name = NAMES.split()[month - 1]
    forms = [str(day), f"{number} {name} {year:04}", f"{name} {number}, {year:04}"]
    for one in forms:
        assert not any(missing_dates(one, [other]) for other in forms)


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789-/. MayMarch,th")))
def test_a_text_misses_nothing_of_itself(text: str) -> None:
    assert not missing_dates(text, [text])
