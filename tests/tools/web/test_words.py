"""Bytes that become text, whatever they are, and text without tricks."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.web import words
from hocket_plugins.tools.web.refusal import Refusal

LETTERS = (
    "utf-8 UTF8 utf-16 utf-16le utf-32 latin-1 iso-8859-1 iso-8859-15 windows-1252 cp1251 koi8-r "
    "gbk gb2312 gb18030 big5 shift_jis euc-jp euc-kr iso-2022-jp iso-2022-kr hz utf-7 idna "
    "punycode unicode_escape raw_unicode_escape rot13 zlib base64 hex bz2 uu mbcs undefined none x"
)
NAMES = LETTERS.split()


@given(st.binary(max_size=300), st.sampled_from(["", *NAMES]), st.sampled_from(["", *NAMES]))
def test_any_bytes_in_any_letters_are_text_or_refused(raw, told, own):
    declared = f"<meta charset={own}>".encode() + raw
    for content in (raw, declared):
        with contextlib.suppress(Refusal):
            text = words.decoded(content, f"text/html; charset={told}")
            assert "\x00" not in text


@given(st.text(st.characters(exclude_characters="\x00\ufeff", exclude_categories=["Cs"])))
def test_what_is_utf_8_stays_what_it_is(text):
    assert words.decoded(text.encode()) == text
    assert words.decoded(text.encode(), "text/plain; charset=utf-8") == text


@given(st.text())
def test_what_is_harmless_stays_so(text):
    once = words.harmless(text)
    assert words.harmless(once) == once
    assert not any(0xD800 <= ord(one) <= 0xDFFF for one in once)
    once.encode("utf-8")


@pytest.mark.parametrize(
    "trick",
    [
        "\x00", "\x08", "\x0b", "\x1b", "\x1f", "\x7f", "\x80", "\x9b", "\u061c", "\u200b",
        "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\ufff9",
        "\ud800", "\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100",
    ],
)  # fmt: skip
def test_tricks_are_taken_out(trick):
    assert words.harmless(f"a{trick}b") == "ab"


@pytest.mark.parametrize(
    "letter", ["\n", "\t", "\xa0", "\xad", "\u200c", "\u200d", "é", "日", "🎵"]
)
def test_what_people_write_with_stays(letter):
    assert words.harmless(f"a{letter}b") == f"a{letter}b"


@given(st.text(max_size=200), st.integers(1, 50))
def test_one_line_is_one_line(text, most):
    line = words.one_line(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("text/html; charset=utf-8", "text/html"),
        (" Text/HTML ;x", "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/atom+xml", "application/atom+xml"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("", "text/plain"),
        (";charset=x", "text/plain"),
    ],
)
def test_kinds(content_type, kind):
    assert words.kind_of(content_type) == kind


@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml"])
def test_html_is_known_by_its_kind(kind):
    assert words.is_html(kind)
    assert not words.is_html(f"{kind}x")
