"""The way a text is written does not count."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.folding import fold, plain, text_key, words

SPACES = " \t\n\r\u00a0\u2003\u2009\u3000"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("two\n  lines\u00a0here ", "two lines here"),
        ("\u201cso\u201d, \u00abso\u00bb and ''so''", "'so', 'so' and 'so'"),
        ("the workers\u2019 caf\u0065\u0301", "the workers' caf\u00e9"),
        ("1914\u20131918", "1914-1918"),
        ("a word \u2014 a word\u2014a word -- a word", "a word-a word-a word-a word"),
        ("of \u22125 degrees", "of -5 degrees"),
        ("- one\n- two", "-one-two"),
        ("\ufb01ne\u00adly \u200bhidden", "finely hidden"),
        ("wait\u2026", "wait..."),
        ("5 m\u00b2, and 10\u00b2\u2070", "5 m^2, and 10^2^0"),
        ("\u00bd or 2\u00bd", "1/2 or 2 1/2"),
        ("\uff21\uff22\uff23 \uff15", "ABC 5"),
    ],
)
def test_writing_does_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_case_and_punctuation_stay() -> None:
    assert fold("May I? No: 1,5 is not 1.5.") == "May I? No: 1,5 is not 1.5."


def test_words_lose_everything_but_themselves() -> None:
    assert words(fold("The well-known bridge,[12] (5.3 m)")) == "the wellknown bridge 5.3 m"


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(st.sampled_from("- \u2013\u2014'\u2019`\u00b2\u00bd5a.\n\u0301\u0345\u00a8\u0130")))
def test_folding_twice_changes_nothing_where_it_is_hard(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


@settings(deadline=None)
@given(st.text(), st.data())
def test_the_kind_of_space_does_not_count(text: str, data: st.DataObject) -> None:
    other = re.sub(r"\s", lambda _: data.draw(st.text(SPACES, min_size=1, max_size=3)), text)
    assert fold(other) == fold(text)


@pytest.mark.parametrize(
    "same",
    [
        "The bridge, opened.",
        "the  bridge,\nopened",
        "\u2018The Bridge, opened!\u2019",
        "THE BRIDGE, OPENED",
    ],
)
def test_texts_that_differ_in_writing_have_one_key(same: str) -> None:
    assert text_key(same) == text_key("the bridge, opened")


def test_other_texts_have_other_keys() -> None:
    texts = ["", "a", "b", "1.5", "15", "-5", "5", "C#", "C++", "a b", "ab"]
    assert len({text_key(text) for text in texts}) == len(texts)


def test_a_value_that_is_no_text_goes_by_its_json() -> None:
    assert text_key({"a": 1, "b": 2}) == text_key({"b": 2, "a": 1})
    assert text_key(7) == text_key("7") != text_key(8)


@settings(deadline=None)
@given(st.text())
def test_a_key_is_short_and_says_nothing(text: str) -> None:
    key = text_key(text)
    assert len(key) == 16
    assert set(key) <= set(string.hexdigits.lower())
