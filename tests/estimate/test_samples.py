"""What is known of a kind of calls: lengths, values, and what they took."""

from __future__ import annotations

from collections import Counter

from hocket.api.calls import Usage
from hocket.estimate.samples import Experience, Sample, leaves, lengths

ANSWER = {
    "files": ["a", "b", "c"],
    "groups": [{"name": "x", "pages": [1, 2]}, {"name": "y", "pages": []}],
    "done": True,
    "note": "n" * 100,
}


def test_every_list_has_a_place():
    assert [*lengths(ANSWER)] == [
        (("files",), 3),
        (("groups",), 2),
        (("groups", "*", "pages"), 2),
        (("groups", "*", "pages"), 0),
    ]
    assert [*lengths([[1], [2, 3]])] == [((), 2), (("*",), 1), (("*",), 2)]
    assert [*lengths("text")] == []


def test_short_values_have_one_too_and_long_ones_say_nothing():
    found = [*leaves(ANSWER)]
    assert (("done",), "true") in found
    assert (("groups", "*", "name"), '"x"') in found
    assert not [place for place, _ in found if place == ("note",)]


def test_answers_and_ends_add_up():
    known = Experience()
    known.took("m", Sample(Usage(output=3), 1, 2.0), failed=False)
    known.took("m", Sample(Usage(output=9), 1, 2.0), failed=True)
    known.answered({"items": [1, 2], "ok": True})
    known.answered({"items": [1], "ok": False})
    assert (known.ended, known.failed, len(known.samples)) == (2, 1, 1)
    assert known.lengths == {("items",): [2, 1]}
    assert known.shares["ok",] == Counter({"true": 1, "false": 1})


def test_weights_compare_calls_as_price_lists_do():
    assert Sample(Usage(10, 100, 8, 2), 1, 5.0).weight == 10 + 10 + 10 + 10
    assert Sample(Usage(), 1, 5.0).weight == 5.0
