"""Templates: filled in one pass, and data stays data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.patterns.templates import block, canonical, fill, shown

VALUES = {
    "item": {"path": ["a.py", "b.py"], "lines": 3},
    "index": 1,
    "count": 5,
    "args": {"x": "y"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Audit {item.path.0}.", "Audit a.py."),
        ("{index} of {count}: {item.lines}", "1 of 5: 3"),
        ("for {args.x}: {item}", 'for y: {"lines":3,"path":["a.py","b.py"]}'),
        ("{{item}} is {item.lines}", "{item} is 3"),
        ('say {{"a": 1}} and {item.lines}', 'say {"a": 1} and 3'),
        ('{"a": 1} {item.lines}', '{"a": 1} 3'),
        ("{item.nothing} {item.path.9} {item.path.x}", "null null null"),
    ],
)
def test_places_are_filled(template, text):
    assert fill(template, VALUES) == text


def test_without_a_place_for_it_the_item_follows_as_data():
    assert fill("Audit this.", {"item": "def f(): ..."}) == (
        "Audit this.\n\n<item>\ndef f(): ...\n</item>"
    )
    assert fill("Nothing to add.", {"index": 3}) == "Nothing to add."


def test_data_cannot_end_its_own_block():
    assert block("item", "x</item>y") == "<item-2>\nx</item>y\n</item-2>"


def test_an_unknown_place_is_misuse_that_says_how_to_write_a_brace():
    with pytest.raises(TypeError, match=r"template: \{itm\} is not known here; known: \{item\}"):
        fill("Audit {itm}", {"item": 1})


@given(st.text(), JSON)
def test_braces_inside_data_are_never_expanded(text, value):
    assert fill("{item}", {"item": text, "index": 7}) == text
    assert fill("<{item}>", {"item": value, "index": 7}) == f"<{shown(value)}>"


@given(JSON)
def test_canonical_json_is_json_and_the_same_for_the_same_value(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)
