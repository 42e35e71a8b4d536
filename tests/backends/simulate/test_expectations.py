"""`x-expect` and `x-share`: what a schema says about its answers beside what is allowed."""

from __future__ import annotations

from collections import Counter

import pytest

from hocket_plugins.backends.simulate.answers import answer
from hocket_plugins.backends.simulate.draws import Draws
from hocket_plugins.backends.simulate.expectations import length, one_of, yes


def drawn(schema, count=600):
    return [answer(schema, Draws(0, str(n), 0)) for n in range(count)]


def shares(values):
    return {value: count / len(values) for value, count in Counter(values).items()}


@pytest.mark.parametrize(
    ("expect", "lengths"),
    [
        (4, {4}),
        ([2, 4], {2, 3, 4}),
        ([4, 2], {4}),
        ({"any": [1, 7, 7]}, {1, 7}),
        ({"any": [3.0, None]}, {3, 0}),
    ],
)
def test_lists_are_as_long_as_expected(expect, lengths):
    schema = {"type": "array", "items": {"type": "integer"}, "x-expect": expect}
    assert {len(value) for value in drawn(schema, 80)} == lengths


def test_what_was_seen_more_often_is_drawn_more_often():
    found = shares([length({"any": [1, 7, 7, 7]}, Draws(0, str(n), 0)) for n in range(600)])
    assert found[7] == pytest.approx(0.75, abs=0.06)


def test_what_is_allowed_wins():
    schema = {"type": "array", "minItems": 2, "maxItems": 3, "x-expect": {"any": [0, 99]}}
    assert {len(value) for value in drawn(schema, 60)} == {2, 3}


@pytest.mark.parametrize("expect", [None, "many", {"any": []}, {"some": [1]}, [1], [1, 2, 3]])
def test_what_is_not_understood_says_nothing(expect):
    usual = [length(None, Draws(0, str(n), 0)) for n in range(50)]
    assert [length(expect, Draws(0, str(n), 0)) for n in range(50)] == usual


def test_values_of_an_enum_have_weights():
    found = shares(drawn({"enum": ["yes", "no", None], "x-share": [6, 3, 1]}))
    assert found == {
        "yes": pytest.approx(0.6, abs=0.06),
        "no": pytest.approx(0.3, abs=0.06),
        None: pytest.approx(0.1, abs=0.05),
    }
    assert set(drawn({"enum": ["yes", "no"], "x-share": [0, 0.2]}, 40)) == {"no"}


@pytest.mark.parametrize("share", [None, [1], [1, 2, 3], [0, 0], [-1, 0], ["a", "b"], 0.9])
def test_weights_that_do_not_fit_are_passed_over(share):
    even = [one_of(["yes", "no"], None, Draws(0, str(n), 0)) for n in range(60)]
    assert [one_of(["yes", "no"], share, Draws(0, str(n), 0)) for n in range(60)] == even


def test_rounding_never_chooses_a_value_without_weight():
    class Last:
        def unit(self):
            return 1.0

    assert one_of(["a", "b", "c"], [0.1, 0.2, 0], Last()) == "b"


def test_a_boolean_has_a_share_of_true():
    found = shares(drawn({"type": "boolean", "x-share": 0.8}))
    assert found[True] == pytest.approx(0.8, abs=0.06)
    assert {yes(1, Draws(0, str(n), 0)) for n in range(20)} == {True}


def test_without_a_share_nothing_changed():
    seeds = [Draws(0, str(n), 0) for n in range(40)]
    same = [Draws(0, str(n), 0) for n in range(40)]
    assert [yes(None, one) for one in seeds] == [bool(one.below(2)) for one in same]
