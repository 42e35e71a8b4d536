"""The text of a script: line ends, size, characters, digest and how findings are printed."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.scripts import Finding
from hocket.errors import ScriptRejected
from hocket.scripts import source


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(ScriptRejected) as caught:
        source.normalise(text, "port.py")
    return caught.value.findings


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("a\rb\r", "a\nb\n"),
        ("a\r\n\r\nb\r\r\n", "a\n\nb\n\n"),
        ("\ufeffa\n", "a\n"),
        ("\ufeff", ""),
        ("", ""),
        ("\ta = 'ü\u2028😀'\n", "\ta = 'ü\u2028😀'\n"),
    ],
)
def test_line_ends_become_lf_and_the_bom_goes(given_text: str, expected: str) -> None:
    assert source.normalise(given_text, "port.py") == expected


def test_the_crlf_copy_of_a_file_has_the_digest_of_the_lf_copy() -> None:
    lf, crlf = "a = 1\nb = 2\n", "\ufeffa = 1\r\nb = 2\r\n"
    assert source.digest(source.normalise(crlf, "p")) == source.digest(lf)


def test_the_digest_names_the_content() -> None:
    assert source.digest("ü") == "sha256:" + hashlib.sha256("ü".encode()).hexdigest()


def test_524_288_characters_pass_and_one_more_does_not() -> None:
    assert len(source.normalise("x" * 524_288, "p")) == 524_288
    assert refused("x" * 524_289) == (
        (
            "port.py:1:1: S02 the text has 524,289 characters; at most 524,288 are allowed; "
            "split it into workflows that call each other"
        ),
    )


def test_line_ends_and_bom_do_not_count_twice() -> None:
    assert len(source.normalise("\ufeff" + "x\r\n" * 262_144, "p")) == 524_288


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\x00", "U+0000 NULL is not allowed here; write \\x00"),
        ("\x07", "U+0007 BELL is not allowed here; write \\x07"),
        ("\x0b", "U+000B VERTICAL TABULATION is not allowed here; write \\x0b"),
        ("\x0c", "U+000C FORM FEED is not allowed here; write \\x0c"),
        ("\x1b", "U+001B ESCAPE is not allowed here; write \\x1b"),
        ("\x1f", "U+001F UNIT SEPARATOR is not allowed here; write \\x1f"),
        ("\x7f", "U+007F DELETE is not allowed here; write \\x7f"),
        ("\x85", "U+0085 CONTROL is not allowed here; write \\x85"),
        ("\x9f", "U+009F CONTROL is not allowed here; write \\x9f"),
        ("\xad", "U+00AD SOFT HYPHEN is not allowed here; write \\xad"),
        ("\u061c", "U+061C ARABIC LETTER MARK is not allowed here; write \\u061c"),
        ("\u200b", "U+200B ZERO WIDTH SPACE is not allowed here; write \\u200b"),
        ("\u200e", "U+200E LEFT-TO-RIGHT MARK is not allowed here; write \\u200e"),
        ("\u200f", "U+200F RIGHT-TO-LEFT MARK is not allowed here; write \\u200f"),
        ("\u202a", "U+202A LEFT-TO-RIGHT EMBEDDING is not allowed here; write \\u202a"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed here; write \\u202e"),
        ("\u2060", "U+2060 WORD JOINER is not allowed here; write \\u2060"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE is not allowed here; write \\u2066"),
        ("\u2069", "U+2069 POP DIRECTIONAL ISOLATE is not allowed here; write \\u2069"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE is not allowed here; write \\ufeff"),
        ("\ud800", "U+D800 LONE SURROGATE is not allowed here; write \\ud800"),
        ("\U000e0000", "U+E0000 TAG CHARACTER is not allowed here; write \\U000e0000"),
        (
            "\U000e0041",
            "U+E0041 TAG LATIN CAPITAL LETTER A is not allowed here; write \\U000e0041",
        ),
    ],
)
def test_characters_nobody_can_see_are_refused_with_their_place(
    character: str, message: str
) -> None:
    assert refused(f'ok = 1\nx = "ü😀{character}"\n') == (f"port.py:2:8: S02 {message}",)


@pytest.mark.parametrize("character", ["\t", "\n", "\xa0", "\u200c", "\u200d", "\u2029", "\u2061"])
def test_other_characters_pass(character: str) -> None:
    assert source.normalise(f"'{character}'", "p") == f"'{character}'"


def test_all_faults_come_at_once_but_at_most_twenty_are_shown() -> None:
    lines = refused("\x07\n" * 1_025)
    assert lines[0].startswith("port.py:1:1: S02 U+0007")
    assert lines[19].startswith("port.py:20:1: S02 U+0007")
    assert lines[20:] == ("… and 1,005 more",)


def test_twenty_faults_need_no_last_line() -> None:
    assert len(refused("\x07" * 20)) == 20


def test_two_faults_in_a_line_have_their_own_columns() -> None:
    assert [line.split(" ")[0] for line in refused("a\x07b\x07\n\nc\x07")] == [
        "port.py:1:2:",
        "port.py:1:4:",
        "port.py:3:2:",
    ]


def test_bytes_become_text() -> None:
    assert source.decode("ü😀".encode(), "p") == "ü😀"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xff", "p.py:1:1: S02 byte 0 (0xff) is not UTF-8; save the file as UTF-8"),
        (
            "ok\nü = ".encode() + b"\xe4\n",
            "p.py:2:5: S02 byte 8 (0xe4) is not UTF-8; save the file as UTF-8",
        ),
        (b"a\n\xc3", "p.py:2:1: S02 byte 2 (0xc3) is not UTF-8; save the file as UTF-8"),
        (
            b"\xed\xa0\x80",
            "p.py:1:1: S02 byte 0 (0xed) is not UTF-8; save the file as UTF-8",
        ),
    ],
)
def test_bytes_that_are_not_utf8_are_named(data: bytes, line: str) -> None:
    with pytest.raises(ScriptRejected) as caught:
        source.decode(data, "p.py")
    assert caught.value.findings == (line,)


def test_findings_are_printed_sorted_with_hint_and_warning() -> None:
    found = [
        Finding(3, 1, "S18", "dropped", warning=True),
        Finding(2, 10, "S06", "time.time(): a script has no clock", "pass the time in"),
        Finding(2, 9, "S05", "first"),
    ]
    assert source.render("wf.py", found) == [
        "wf.py:2:9: S05 first",
        "wf.py:2:10: S06 time.time(): a script has no clock; pass the time in",
        "wf.py:3:1: S18 warning: dropped",
    ]


def test_no_findings_print_nothing() -> None:
    assert source.render("wf.py", []) == []


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    with suppress(ScriptRejected):
        once = source.normalise(text, "p")
        assert "\r" not in once
        assert source.normalise(once, "p") == once


@given(st.binary())
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    with suppress(ScriptRejected):
        assert source.decode(data, "p").encode() == data
