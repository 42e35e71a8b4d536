"""Which names a hurried reader takes for another one."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.naming.distance import distance, is_within
from hocket.registry.naming.similar import AFFIXES, similar

WORDS = st.text("abcd-", max_size=7)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("deep-reserach", "deep-research"),
        ("deepresearch", "deep-research"),
        ("research-deep", "deep-research"),
        ("de-epresearch", "deep-research"),
        ("deep-research-pro", "deep-research"),
        ("official-deep-research", "deep-research"),
        ("deep-ai-research", "deep-research"),
        ("deep-research-v2-cli", "deep-research"),
        ("deepresearchpro", "deep-research"),
        ("aideepresearch", "deep-research"),
        ("deep-research", "deep-research-pro"),
        ("deep-rasearsh", "deep-research"),
        ("deep-researchers", "deep-research"),
        ("reviw", "review"),
        ("reveiw", "review"),
        ("pdf-cli", "pdf"),
    ],
)
def test_m24_look_alikes(name, known):
    expected = None if (name, known) == ("deep-researchers", "deep-research") else known
    assert similar(name, {known, "web-sources", "rubrics"}) == expected


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("deep-research", "deep-research"),
        ("deep-search", "deep-research-notes"),
        ("docs", "dogs"),
        ("review", "renew"),
        ("triage", "trivia"),
        ("pdf-pro", "pdf-ai"),
        ("ai", "cli"),
        ("pro", "pdf"),
        ("main", "mcli"),
        ("email", "em"),
    ],
)
def test_names_of_their_own(name, known):
    assert similar(name, [known]) is None


def test_nothing_is_known():
    assert similar("deep-research", ()) is None


def test_itself_hides_no_other():
    assert similar("deep-reserach", {"deep-research", "deep-reserach"}) == "deep-research"


def test_the_shape_goes_before_the_slip():
    assert similar("deep-research", {"deep-resaerch", "research-deep"}) == "research-deep"


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=2, unique=True))
def test_no_order_of_the_words_hides_them(words):
    for order in permutations(words):
        if order != tuple(words):
            assert similar("-".join(order), ["-".join(words)]) == "-".join(words)


@given(st.from_regex(r"[a-z]{4,9}(-[a-z]{2,6})?", fullmatch=True), st.sampled_from(AFFIXES))
def test_no_affix_hides_a_name(name, affix):
    for twin in (f"{name}-{affix}", f"{affix}-{name}", f"{name}{affix}", f"{affix}{name}"):
        assert similar(twin, [name]) == name


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("abc", "abd", 1),
        ("abc", "ab", 1),
        ("abc", "bac", 1),
        ("abcd", "badc", 2),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_slips_are_counted(one, other, far):
    assert distance(one, other) == distance(other, one) == far


def slow(one, other):
    """Count them as the definition does."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        slow(one[1:], other) + 1,
        slow(one, other[1:]) + 1,
        slow(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if one[:2] == other[1::-1] and len(one) > 1 and len(other) > 1:
        found = min(found, slow(one[2:], other[2:]) + 1)
    return found


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_the_distance_is_that_of_the_definition(one, other):
    assert distance(one, other) == slow(one, other)


@given(WORDS, WORDS, st.integers(0, 3))
def test_what_is_left_out_beforehand_is_too_far(one, other, most):
    assert is_within(most, one, other) == (distance(one, other) <= most)
