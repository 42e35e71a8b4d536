"""Foreign text is inert, and money, counts and times read as a person writes them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.cli._text import duration, inert, money, tokens


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("plain text, straße, 東京", "plain text, straße, 東京"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("bell\x07 del\x7f nul\x00", "bell\\x07 del\\x7f nul\\x00"),
        ("gpj.\u202efdp", "gpj.\\u202efdp"),
        ("\u2066isolate\u2069 \u061c \u200e\u200f", "\\u2066isolate\\u2069 \\u061c \\u200e\\u200f"),
        ("zero\u200bwidth\u2060\ufeff\xad", "zero\\u200bwidth\\u2060\\ufeff\\xad"),
        ("tags\U000e0041\U000e007f", "tags\\U000e0041\\U000e007f"),
        ("selectors\ufe00\U000e0100", "selectors\\ufe00\\U000e0100"),
        ("lines\u2028and\u2029parts\x85", "lines\\u2028and\\u2029parts\\x85"),
        ("not UTF-8: \udcff", "not UTF-8: \\udcff"),
        ("\u3164\u115f", "\\u3164\\u115f"),
    ],
)
def test_what_steers_or_hides_is_shown_escaped(foreign: str, shown: str):
    assert inert(foreign) == shown


def test_a_line_stays_a_line_and_a_block_keeps_its_lines():
    text = "one\ttab\ntwo\r\nthree\rfour"
    assert inert(text) == "one\\ttab\\ntwo\\r\\nthree\\rfour"
    assert inert(text, newlines="keep") == "one\ttab\ntwo\\r\nthree\\rfour"


@pytest.mark.parametrize(
    "text", ["👩\u200d👩\u200d👧", "\u0645\u06cc\u200c\u062e\u0648", "❤\ufe0f", "1\ufe0f\u20e3"]
)
def test_joiners_and_emoji_selectors_stay_where_people_need_them(text: str):
    assert inert(text) == text


@pytest.mark.parametrize(
    "text", ["ad\u200dmin", "\u200c", "é\u200d", "é\u200d\u200dé", "a\ufe0f", "❤\ufe0f\ufe0f"]
)
def test_joiners_and_selectors_that_only_hide_are_shown(text: str):
    assert "\\u" in inert(text)


@given(st.text())
def test_nothing_that_controls_is_left_and_doing_it_twice_changes_nothing(text: str):
    shown = inert(text)
    left = {unicodedata.category(character) for character in shown}
    assert not left & {"Cc", "Cs", "Zl", "Zp"}
    assert inert(shown) == shown
    assert inert(inert(text, newlines="keep")) == shown
    shown.encode("utf-8")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_is_not_touched(text: str):
    assert inert(text) == text


@pytest.mark.parametrize(
    ("micros", "shown"),
    [
        (0, "$0.00"),
        (1_840_000, "$1.84"),
        (1_234_567_890, "$1,234.57"),
        (10_000, "$0.01"),
        (1_999_999, "$2.00"),
        (9_999, "$0.0100"),
        (1_200, "$0.0012"),
        (100, "$0.0001"),
        (99, "<$0.0001"),
        (1, "<$0.0001"),
        (None, "price unknown"),
    ],
)
def test_money_is_dollars_and_cents_and_small_money_is_not_nothing(micros: int | None, shown: str):
    assert money(micros) == shown


@given(st.integers(10_000, 10**15))
def test_money_is_never_off_by_more_than_half_a_cent(micros: int):
    shown = money(micros).removeprefix("$").replace(",", "")
    assert abs(int(shown.replace(".", "")) * 10_000 - micros) <= 5_000


def test_tokens_have_their_thousands_apart():
    assert [tokens(n) for n in (0, 999, 12_400, 1_000_000)] == ["0", "999", "12,400", "1,000,000"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (372, "6 min 12 s"),
        (3_600, "1 h"),
        (3_659, "1 h"),
        (3_900, "1 h 5 min"),
        (90_000, "1 d 1 h"),
        (200_000_000, "2314 d 19 h"),
    ],
)
def test_a_time_is_told_in_its_two_largest_units(seconds: float, shown: str):
    assert duration(seconds) == shown
