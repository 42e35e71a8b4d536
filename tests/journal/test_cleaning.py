"""What is delivered is what is committed (case 92): a value is mended, or refused, once."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.journal.cleaning import clean
from hocket.journal.records import frame, parse


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    BIG = 3


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("plain", "plain"),
        ("a\ud800b", "a\ufffdb"),
        ("a\udc00", "a\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("nul \0 stays", "nul \0 stays"),
        ({"\ud800": ["\udfff"]}, {"\ufffd": ["\ufffd"]}),
        ((1, (2,)), [1, [2]]),
        ({"a": None, "b": True, "c": 1.5}, {"a": None, "b": True, "c": 1.5}),
        (Colour.RED, "red"),
        (Size.BIG, 3),
        (2**63, 2**63),
        (-(2**200), -(2**200)),
    ],
)
def test_a_value_is_given_as_it_will_be_read(value: object, cleaned: object) -> None:
    assert clean(value) == cleaned


def test_a_negative_zero_keeps_its_sign() -> None:
    assert repr(clean([-0.0])) == "[-0.0]"


def test_plain_types_come_out_of_their_subclasses() -> None:
    assert [type(item) for item in clean([Colour.RED, Size.BIG])] == [str, int]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "nan"),
        ([float("inf")], "inf"),
        ({"a": float("-inf")}, "-inf"),
        ([10**5000], "4,000 digits"),
        ({1: "a"}, "a key that is a int"),
        ({"a": {1, 2}}, "a set"),
        (b"bytes", "a bytes"),
    ],
    ids=lambda _: "",
)
def test_what_json_cannot_carry_is_refused_with_its_reason(value: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        clean(value)


def nested(depth: int) -> object:
    """Give a list in a list in a list."""
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_hundred_levels_are_enough_for_everybody() -> None:
    assert clean(nested(100)) == nested(100)
    for depth in (101, 10_000):
        with pytest.raises(ValueError, match="100 levels"):
            clean(nested(depth))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(ANY)
def test_a_cleaned_value_comes_back_from_its_record_the_same(value: object) -> None:
    cleaned = clean(value)
    record = parse(frame(0, 1, "ended", 0, 0, {"value": cleaned}))

    assert record is not None
    assert repr(record.payload["value"]) == repr(cleaned)
    assert repr(clean(cleaned)) == repr(cleaned)
