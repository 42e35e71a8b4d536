"""What a report says of words that nobody vouches for, and of links that lead elsewhere."""

from __future__ import annotations

import pytest

from hocket.launch import origins

LYING = "See [https://bank.example](https://evil.example/x)."


def test_sources_are_named_once_and_the_rest_is_counted():
    outside = {"/0": ("b.example", "a.example"), "/1": ("a.example",)}
    assert [*origins.notes(["x", "y"], outside)] == [
        "the result holds words from outside (a.example, b.example): nobody vouches for them"
    ]
    many = {"": tuple(f"s{n}" for n in range(7))}
    assert next(origins.notes("x", many)).endswith("s4 and 2 more): nobody vouches for them")
    assert next(origins.notes("x", {"": ()})).startswith("the result holds words from outside:")


@pytest.mark.parametrize("result", [LYING, [LYING], {"a": {"b": [1, None, LYING, LYING]}}])
def test_a_link_that_lies_is_named_wherever_it_stands(result):
    assert [*origins.notes(result, {})] == [
        "a link in the result shows bank.example and leads to evil.example"
    ]


def test_many_of_them_are_counted():
    text = " ".join(f"[https://b{n}.example](https://e{n}.example)" for n in range(8))
    *_, last = told = [*origins.notes(text, {})]
    assert (len(told), last) == (6, "3 more links in the result lead elsewhere than they say")


@pytest.mark.parametrize(
    "result", [None, 3, "plain", "a[0] < b", "[docs](https://docs.example)", {"k]": 1}]
)
def test_of_all_else_nothing_is_said(result):
    assert [*origins.notes(result, {})] == []
