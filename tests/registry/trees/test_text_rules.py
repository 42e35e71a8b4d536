"""The text rules against a second reading of them, character by character."""

from __future__ import annotations

import re

import pytest
from hostile_trees import BENIGN_TEXTS, HOSTILE_TEXTS, flag
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.protocols import Tree
from hocket.registry.forms.texts import misfits
from hocket.registry.trees.text_rules import breaches

EVIL = "\u202e\u2066\u2069\U000e0041\U000e007f\U000e0001\x1b\0\x0c\x9b\x80"
CLOSE = "\u2029\u2065\u206a\u2029\u202f\U000e0080\U000dffff\x20\x7f\xa0\t\n\r\ufeff\u200d"
TEXTS = st.text(max_size=30) | st.lists(
    st.sampled_from([*EVIL, *CLOSE, "a", "\U0001f3f4", flag("gbsct"), flag("x"), flag("us1234")])
).map("".join)


def is_evil(one: str) -> bool:
    """Whether the specification names a character, read once more."""
    code = ord(one)
    return (
        (code < 0x20 and one not in "\t\n\r")
        or 0x80 <= code <= 0x9F
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xE0000 <= code <= 0xE007F
    )


def without_flags(text: str) -> str:
    """Take out the flags: in tags, two letters and one to three letters or digits."""
    letters = "".join(chr(0xE0000 + code) for code in range(0x61, 0x7B))
    digits = "".join(chr(0xE0000 + code) for code in range(0x30, 0x3A))
    return re.sub(f"\U0001f3f4[{letters}][{letters}][{letters}{digits}]{{1,3}}\U000e007f", "", text)


@given(TEXTS.filter(lambda text: text.isascii() or not re.search("[\ud800-\udfff]", text)))
def test_a_text_is_refused_when_it_holds_what_is_named(text):
    refused = [*misfits("a.md", text.encode())]
    assert bool(refused) == any(map(is_evil, without_flags(text)))


@pytest.mark.parametrize("case", HOSTILE_TEXTS, ids=[case.name for case in HOSTILE_TEXTS])
def test_what_is_no_text_by_its_name_is_not_looked_into(case):
    _, content = case.thing
    assert [*breaches(Tree((("f", "a.bin", content), ("f", "md", content))))] == []


def test_of_one_kind_the_first_is_told_with_its_line():
    content = "ok\r\n\u202d\u202e\n\x1b\x1b\n\n\0\x07".encode()
    assert [*misfits("a.md", content)] == [
        "line 2 holds U+202D, which turns the direction of text",
        "line 3 holds U+001B, which steers a terminal",
        "line 5 holds U+0000, which is a control character",
    ]


@given(st.binary(max_size=60))
def test_no_bytes_break_the_rules_themselves(content):
    for path in ("a.md", "SKILL.md", "b.py"):
        assert all(isinstance(what, str) for what in misfits(path, content))


@pytest.mark.parametrize("text", BENIGN_TEXTS, ids=range(len(BENIGN_TEXTS)))
def test_benign_texts_have_no_misfit(text):
    path, content = text
    assert [*breaches(Tree((("f", path, content),)))] == []
