"""Handles: opaque, stable within a run, and never made by anybody else."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.policies.quarantine import handles

SECRET = b"s" * 32


def handle(text, secret=SECRET):
    return handles.minted(secret, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def test_a_handle_has_one_length_and_says_nothing():
    assert len(handle("a")) == len(handle("a" * 10_000)) == handles.LENGTH + 4
    assert handle("a") == handle("a")
    assert len({handle("a"), handle("b"), handle("a", b"t" * 32)}) == 3


def test_handles_are_found_and_replaced_wherever_they_stand():
    one, two = handle("one"), handle("two")
    value = {"list": [f"see {one} and {two}{one}"], two: 3}

    assert handles.found(f"{one}{two} {one}") == [one, two]
    assert handles.holds_one(value)
    assert handles.replaced_within(value, lambda it: {one: "1", two: "2"}[it]) == {
        "list": ["see 1 and 21"],
        "2": 3,
    }


def test_a_sliced_or_changed_handle_is_ordinary_text():
    one = handle("one")
    for text in (one[1:], one[:-1], one[:10] + "_" + one[10:], one.upper(), one.replace("h", "g")):
        assert handles.found(text) == []


def test_what_is_put_in_is_not_looked_at_again():
    one, two = handle("one"), handle("two")

    assert handles.replaced(one, lambda _it: two) == two


@given(st.text())
def test_outside_text_never_holds_a_handle_once_it_is_escaped(text):
    forged = handles.escaped(f"{text}{handle('x')}{text}")

    assert not handles.holds_one({"a": [forged], forged: None})
