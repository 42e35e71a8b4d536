"""What steers a terminal or hides is shown, or taken out; what people need in a text stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api import inert
from hocket.api.inert import stripped, visible

ANY = st.text(st.characters(codec=None))
NASTY = st.text(
    st.sampled_from(
        "ab\x1b\x9b\x9d\x9c[]8;;\\\x07\r\n\t\x08\u200b\u200d\ufe0f\u0301❤👩م\u202e\ud800"
    )
    | st.characters(codec=None)
)
CONTROLS = {"Cc", "Cs", "Zl", "Zp"}


def unsafe(text):
    """Name the characters of a text that a person must not get; knows nothing of the source."""
    hidden = set(range(0xE0000, 0xE1000)) | {0x200B, 0x2060, 0xFEFF, 0xAD, 0x34F, 0x2800, 0x3164}
    bidi = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    kinds = {one: unicodedata.category(one) for one in text if one not in "\n\t"}
    return [
        one for one, kind in kinds.items() if kind in CONTROLS or ord(one) in hidden | bidi
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain text, straße, 東京", "plain text, straße, 東京"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[38;2;1;2;3mred\x1b[m \x1b[2J\x1b[1;1Hhome", "red home"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b]0;a title\x07text", "text"),
        ("\x1b]0;a title\x1b\\text", "text"),
        ("\x9d0;a title\x9ctext", "text"),
        ("\x1b]8;id=1;https://evil.example\x1b\\click\x1b]8;;\x1b\\ here", "click here"),
        ("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 here", "click here"),
        ("\x1b]52;c;cm0gLXJmIH4=\x07text", "text"),
        ("\x1bP1$r0m\x1b\\a\x90q#0\x9cb", "ab"),
        ("\x1b_Gf=24;AAAA\x1b\\a\x1b^pm\x1b\\b\x1bXsos\x1b\\c", "abc"),
        ("\x9fapc\x9ca\x9epm\x9cb\x98sos\x9cc", "abc"),
        ("\x1bktitle\x1b\\text", "text"),
        ("\x1b7saved\x1b8\x1bcreset\x1b(Bset\x1b#8", "savedresetset"),
        ("\x1b]0;cut\x18text", "text"),
        ("a\x08b\x07c\x00d\x7fe\x0cf", "abcdef"),
        ("one\r\ntwo\rthree\nfour\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("gpj.\u202efdp \u2066x\u2069 \u061c\u200e\u200f", "gpj.fdp x "),
        ("zero\u200bwidth\u2060\ufeff\xad", "zerowidth"),
        ("tags\U000e0041\U000e007f sel\ufe00\U000e0100", "tags sel"),
        ("\u3164\u115f\u2800\u034f\u17b4\uffa0.", "."),
        ("\ue000\U000f0000\ufdd0\U0001fffe.", "."),
        ("half\ud800 \udcff.", "half ."),
    ],
)
def test_sequences_go_as_a_whole_and_what_hides_goes(text: str, left: str):
    assert stripped(text) == left
    assert visible(stripped(text), "keep") == left


@pytest.mark.parametrize("start", ["\x1b]0;", "\x1bP", "\x9d8;;", "\x1b_G"])
def test_a_sequence_without_an_end_takes_no_text_with_it(start: str):
    rest = "so this is read\nand this"
    assert stripped(f"{start}{rest}").endswith(rest)
    assert stripped(f"{start}{rest}\x1b[31m red").endswith("and this red")


def test_what_is_left_of_a_broken_sequence_makes_no_new_one():
    assert stripped("\x1b\x1b[0m[31mred") == "[31mred"
    assert stripped("\x1b\u200b[31mred") == "[31mred"


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "👩🏽\u200d💻",
        "❤\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3",
        "\u0645\u06cc\u200c\u062e\u0648", "\u0915\u094d\u200d\u0937", "\u0cb0\u200d\u0ccd",
        "e\u0301", "no\xa0break", "full\u3000width",
    ],
)  # fmt: skip
def test_what_scripts_and_emoji_need_stays(text: str):
    assert visible(text) == stripped(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ad\u200dmin", "admin"),
        ("\u200c", ""),
        ("é\u200dé", "éé"),
        ("a\ufe0f 1\ufe0f2", "a 12"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("xx\ufe0f\u200d❤", "xx❤"),
        ("م\u200d\u200b", "م"),
    ],
)
def test_joiners_and_selectors_that_only_hide_do_not(text: str, left: str):
    assert stripped(text) == left
    assert "\\u" in visible(text)


def test_marks_on_marks_do_not_grow_over_other_lines():
    assert stripped("a" + "\u0301" * 50) == "a" + "\u0301" * 8
    assert visible("a" + "\u0301" * 9) == "a" + "\u0301" * 8 + "\\u0301"


def test_a_line_stays_a_line_and_a_block_keeps_its_lines():
    assert visible("one\ttab\ntwo\r\n") == "one\\ttab\\ntwo\\r\\n"
    assert visible("one\ttab\ntwo\r\n", newlines="keep") == "one\ttab\ntwo\\r\n"


@given(ANY | NASTY)
def test_what_is_visible_is_one_safe_line_and_stays_so(text: str):
    shown = visible(text)
    assert not unsafe(shown)
    assert "\n" not in shown
    assert visible(shown) == shown
    assert visible(visible(text, "keep")) == shown
    shown.encode("utf-8")


@given(ANY | NASTY)
def test_what_is_stripped_is_safe_and_stays_so(text: str):
    left = stripped(text)
    assert not unsafe(left)
    assert stripped(left) == left == visible(left, "keep")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_is_not_touched(text: str):
    assert visible(text) == stripped(text) == text


def test_every_name_is_there_and_no_other():
    assert all(callable(getattr(inert, name)) for name in inert.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = inert.nothing
