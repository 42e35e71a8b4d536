"""Words, names and numbers as rules see them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.backends.offline.meaning import meaning
from hocket_plugins.backends.offline.quantities import quantities
from hocket_plugins.backends.offline.vocabulary import Vocabulary
from hocket_plugins.backends.offline.words import COLOURS, folded, stem, stems


@pytest.mark.parametrize(
    "forms",
    ["open opens opened opening", "visit visits visitor visitors", "design designed designer",
     "paint painted painting", "long length", "build built builder buildings", "cost costs",
     "city cities", "plan planned planning", "metre metres", "grey", "carry carried carries"]
)  # fmt: skip
def test_forms_of_a_word_are_one(forms: str):
    assert len({stem(folded(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("class", "clash"), ("bridge", "bread"), ("open", "opera"), ("sing", "s")]
)
def test_other_words_stay_apart(one: str, other: str):
    assert stem(one) != stem(other)


def test_accents_case_and_owners_do_not_count():
    assert folded("Zoë's") == folded("ZOE") == "zoe"
    assert folded("Müller\u2019s") == folded("Muller")
    assert stems("The bridge of the town, and it is old") == ["bridg", "town", "old"]


def test_colours_are_known_in_all_their_letters():
    assert {stem(one) for one in ("grey", "orange", "turquoise", "white")} <= COLOURS


@given(st.text(max_size=80))
def test_any_text_can_be_reduced(text: str):
    assert all(stems(text))
    assert all(one.readings for one in quantities(text))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("It was opened in 1921.", 1921, "year"),
        ("In the spring of 1921 it rained.", 1921, "year"),
        ("It has 1921 steps.", 1921, "step"),
        ("It is 340 metres long.", 340, "metre"),
        ("It is 340m long.", 340, "metre"),
        ("It is 0.34 km long.", 340, "metre"),
        ("a 340-metre span", 340, "metre"),
        ("It cost 4.2 million euros.", 4_200_000, "euro"),
        ("It cost \u20ac4.2 million.", 4_200_000, "euro"),
        ("It cost $3.2m.", 3_200_000, "dollar"),
        ("It cost 4,200,000 \u20ac.", 4_200_000, "euro"),
        ("111,200 visitors came.", 111_200, "visit"),
        ("111 200 visitors came.", 111_200, "visit"),
        ("111.200.000 visitors came.", 111_200_000, "visit"),
        ("111'200 visitors came.", 111_200, "visit"),
        ("40 % of them", 40, "share"),
        ("40 per cent of them", 40, "share"),
        ("on 12 May", 12, "day"),
        ("in the 1920s", 1920, "decade"),
        ("two hundred of 5", 5, ""),
        ("It weighs 2 tonnes.", 2_000_000, "gram"),
        ("It took 3 hours.", 10_800, "second"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: int, unit: str):
    (found,) = quantities(text)
    assert Fraction(value) in found.readings
    assert found.unit == unit


@pytest.mark.parametrize(
    ("one", "other", "common", "differs"),
    [
        ("340 metres", "0.34 km", True, False),
        ("340 metres", "355 metres", False, True),
        ("340 metres", "340 euros", False, False),
        ("in 1921", "in 1922", False, True),
        ("in 1921", "1921 metres", False, False),
        ("about 340 metres", "355 metres", False, False),
        ("1,234 visitors", "1234 visitors", True, False),
        ("1.234 visitors", "1,234 visitors", True, False),
        ("12 lamps", "3 lamps", False, True),
        ("12 lamps", "3 doors", False, False),
        ("12 lamps", "12", True, False),
    ],
)
def test_numbers_are_compared_by_value_and_unit(one, other, *, common: bool, differs: bool):
    (left,), (right,) = quantities(one), quantities(other)
    assert (left.is_common(right), left.differs(right)) == (common, differs)
    assert (right.is_common(left), right.differs(left)) == (common, differs)


@pytest.mark.parametrize("text", ["CANARY-1683", "v1.2.3.4x", "doc-07a", "a1b2", "H2O", ""])
def test_what_is_part_of_a_word_is_no_number(text: str):
    assert quantities(text) == ()


TEXTS = (
    "The Velora bridge lies near the old Market of the town.",
    "Nobody knows why the Velora was never painted, not even Ada Holm.",
    "They met at the market, and Zoë Müller sang there for hours.",
)


def read(text: str):
    return meaning(text, Vocabulary(TEXTS))


def test_names_are_what_the_folder_writes_as_names():
    assert read("when was the velora bridge opened?").names == {"velora"}
    assert read("Who painted the Velora?").names == {"velora"}
    assert read("The Market is old.").names == set()
    assert read("ZOE MULLER sang.").names == read("Zoë Müller sang.").names


def test_a_name_that_the_folder_lacks_is_a_name_all_the_same():
    assert read("What did the Kasvik pier cost?").names == {"kasvik"}
    assert read("Kasvik is where?").names == {"kasvik"}
    assert "mai" not in read("Was it in May that they sang?").names


@pytest.mark.parametrize(
    ("text", "negated"),
    [("It was never opened.", True), ("It isn't open.", True), ("It is open.", False),
     ("Nobody came to it.", True), ("It is notable.", False)]
)  # fmt: skip
def test_a_negation_is_seen(text: str, *, negated: bool):
    assert read(text).is_negated is negated
