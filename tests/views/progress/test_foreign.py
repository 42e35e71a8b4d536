"""Foreign text: nothing of it steers a terminal, nothing of it hides (fault case 100)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.views.progress.foreign import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("naïve 日本 café ✓", "naïve 日本 café ✓"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("abc\u202edef\u2066", r"abc\u202edef\u2066"),
        ("zero\u200bwidth\u2060\ufeff\xad", r"zero\u200bwidth\u2060\ufeff\xad"),
        ("two\nlines\r\tand\x00\x7f\x9b", r"two\nlines\r\tand\x00\x7f\x9b"),
        ("tag\U000e0041 filler\u3164", r"tag\U000e0041 filler\u3164"),
        ("no\xa0break", "no break"),
        ("half\ud800", r"half\ud800"),
        ("\u2028\u2029", r"\u2028\u2029"),
    ],
)
def test_what_is_not_seen_is_written_out(text: str, shown: str):
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_what_comes_out_is_one_printable_line(text: str):
    shown = visible(text)
    assert shown.isprintable()
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in shown)
    assert visible(shown) == shown
