"""Texts in sentences: nothing is lost, nothing is twice, and code stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.launch.expansion.sentences import sentences

PIECES = st.sampled_from(
    (
        *("It rains. ", "Dr. No came", "e.g. this", "?!", "“Yes.” ", "。", "ü", "...", "1921"),
        *("\n", "\n\n", "\r\n", "\r", " ", "\t", "\f", "\u2028", "---\n", "====\n", "* * *\n"),
        *("```\n", "~~~~\n", "| a | b |\n", "a | b\n---|---\n", "# Head\n", "- item\n"),
    )
)


def solid(text):
    """Leave out what is space."""
    return "".join(text.split())


@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_character_is_in_exactly_one_of_them(text):
    assert "".join(solid(one.text) for one in sentences(text)) == solid(text)


@given(st.text(max_size=80))
def test_also_of_any_other_text(text):
    assert "".join(solid(one.text) for one in sentences(text)) == solid(text)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_each_begins_in_its_line(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = sentences(text)
    for one in found:
        assert solid(lines[one.line - 1])
        first = solid(one.text)[0]
        assert first in lines[one.line - 1]
    assert [one.line for one in found] == sorted(one.line for one in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It opened. It closed.", ["It opened.", "It closed."]),
        ("It opened in\n1921. It\nclosed.", ["It opened in 1921.", "It closed."]),
        ("Dr. Reed saw it, e.g. in May. Then?", ["Dr. Reed saw it, e.g. in May.", "Then?"]),
        ("It cost 3.5 million. J. Reed paid.", ["It cost 3.5 million.", "J. Reed paid."]),
        ('"Yes." She left! (Why?) So.', ['"Yes."', "She left!", "(Why?)", "So."]),
        ("Wait... what? No.", ["Wait... what?", "No."]),
        ("1. First of all. Then.\n2. Second.", ["1. First of all.", "Then.", "2. Second."]),
        ("# A head\nIts text.", ["# A head", "Its text."]),
        ("- one\n- two\n  goes on", ["- one", "- two goes on"]),
        ("> quoted. And on.", ["> quoted.", "And on."]),
        ("**Bold.** Then.", ["**Bold.**", "Then."]),
        ("A title\n=====\n\nText.", ["A title =====", "Text."]),
        ("One.\n\n---\n\nTwo.", ["One. ---", "Two."]),
        ("***\n", ["***"]),
        ("橋は開いた。閉じた。", ["橋は開いた。", "閉じた。"]),
        ("", []),
    ],
)
def test_where_sentences_end(text, found):
    assert [one.text for one in sentences(text)] == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Text.\n```py\na = 1. B\n```\nMore.", "```py\na = 1. B\n```"),
        ("~~~~\n~~~\na\n~~~~\nb", "~~~~\n~~~\na\n~~~~"),
        ("```\nnever ends. No.", "```\nnever ends. No."),
        (
            "Text.\n| a | b |\n|---|---|\n| 1. C | 2 |\n\nMore.",
            "| a | b |\n|---|---|\n| 1. C | 2 |",
        ),
        ("a | b\n:--|--:\n1 | 2\nText.", "a | b\n:--|--:\n1 | 2"),
        ("---\ntitle: A. B\n---\nText.", "---\ntitle: A. B\n---"),
    ],
)
def test_code_and_tables_are_one_piece(text, code):
    assert [one.text for one in sentences(text) if one.is_code] == [code]


@pytest.mark.parametrize("text", ["---\n\nText.", "---\nText", "a | b\nText | more"])
def test_what_only_looks_like_it_is_text(text):
    assert not any(one.is_code for one in sentences(text))


@pytest.mark.parametrize(
    ("head", "piece"),
    [("", "!"), ("a|b\n", " "), ("a.", "*"), ("", "```\n"), ("", "-\n\n"), ("a|b\n", "-")],
)
def test_a_hostile_text_takes_no_more_time_than_another(head, piece):
    text = head + piece * 20_000
    assert sum(len(solid(one.text)) for one in sentences(text)) == len(solid(text))
