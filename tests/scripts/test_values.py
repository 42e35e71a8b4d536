"""Values on their way out of the sandbox: JSON, or the place of what is none."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.scripts.values import NotJson, to_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_what_comes_out_is_json_and_infinities_are_noted(value):
    notes = []
    found = to_json(value, "result", notes)

    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert len(notes) == str(value).count("inf") - json.dumps(found).count("inf")


def test_tuples_are_lists_and_what_is_no_number_is_null_with_its_place():
    notes = []

    assert to_json({"a": (1, [math.nan], -math.inf)}, "result", notes) == {"a": [1, [None], None]}
    assert notes == [
        "result.a[1][0] was nan and became null",
        "result.a[2] was -inf and became null",
    ]


class Named:
    """A value that the sandbox tells by a name."""

    name = "function"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1}, "r: set"),
        ([1, {"a": (2, b"x")}], "r[1].a[1]: bytes"),
        ({"a": Named()}, "r.a: function"),
        ({5: 1}, "r: a key is int, not a text"),
        ({"a": {Named(): 1}}, "r.a: a key is function, not a text"),
    ],
)
def test_what_is_no_json_is_named_with_its_place(value, message):
    with pytest.raises(NotJson) as caught:
        to_json(value, "r", [])

    assert str(caught.value) == message
