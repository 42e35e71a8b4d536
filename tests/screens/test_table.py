"""Screens are run by name, over anything."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.table import SCREENS, run

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ("quote", "source", "sources", "text", "claim", "cite", "order", "of")
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON))


def test_an_unknown_screen_is_named_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=re.escape('screen: there is no "quotes"; known: citations, dates_match')
    ):
        run("quotes", {}, {}.get)


def test_a_key_is_a_screen() -> None:
    assert run("text_key", "The bridge.", {}.get) == run("text_key", "the bridge", {}.get)


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        (["C", "A", "B"], "ok"),
        (["A", "B"], "differs"),
        (["A", "B", "B"], "differs"),
        (["A", "B", "C", "C"], "differs"),
        (["A", "B", "D"], "differs"),
        ("CAB", "absent"),
        (None, "absent"),
    ],
)
def test_an_order_is_a_permutation(order: object, verdict: str) -> None:
    assert run("same_order", {"order": order, "of": ["A", "B", "C"]}, {}.get) == verdict


def test_no_item_has_no_order() -> None:
    assert run("same_order", None, {}.get) == "absent"


@pytest.mark.parametrize("name", SCREENS)
@settings(deadline=None)
@given(item=FIELDS | JSON, text=st.none() | st.text())
def test_anything_gets_a_bounded_answer_and_always_the_same(
    name: str, item: object, text: str | None
) -> None:
    answer = run(name, item, lambda _: text)
    assert answer == run(name, json.loads(json.dumps(item)), lambda _: text)
    assert (
        isinstance(answer, dict) or answer in {"ok", "absent", "differs"} or len(str(answer)) == 16
    )


@pytest.mark.parametrize(
    "text",
    [" " * 10**5, "-" * 10**5, "." * 10**5 + "a", "1,1" * 10**4, "\n" * 10**5 + "x", "9" * 10**5,
     "hundred " * 10**4, "one hundred " * 10**4, "[1" * 10**4, "1.1.2024 " * 3000, "' " * 10**5],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
@pytest.mark.timeout(20)
def test_a_hostile_text_is_soon_done(text: str) -> None:
    item = {
        "text": text,
        "claim": text,
        "quote": text,
        "source": "s",
        "cite": [{"n": 1, "quote": text}],
    }
    for name in SCREENS:
        run(name, item, lambda _: text)
        run(name, {**item, "quote": ""}, lambda _: text)
