"""Words of servers: shown, bounded, named; and the limits of what they print."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import PackageNotFoundError
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket_plugins.tools.mcp import foreign, leftovers, sdk
from hocket_plugins.tools.mcp.difference import difference
from hocket_plugins.tools.mcp.lines import BURST, LONGEST, STRAYS, Lines
from hocket_plugins.tools.mcp.offer import Offer, called, digest
from hocket_plugins.tools.mcp.trouble import Down

NAMES = st.text(min_size=1, max_size=100)


def test_a_model_sees_nothing_that_hides():
    text = "a\x1b[31mb\x1b]0;title\x07c\u202ed\U000e0041e\r\nf\rg\th\u200d\x00"
    assert Offer("a", "", {"title": text}).schema == {"title": "abcde\nf\ng\th"}
    assert foreign.line(text) == "abcde f g h"
    assert foreign.bounded(text, str) == "abcde\nf\ng\th"


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(0, 40_000))
def test_no_output_is_longer_than_its_bound(text, times):
    kept = []
    shown = foreign.bounded(text * times, lambda raw: kept.append(raw) or "digest")
    assert len(shown) <= 16_200
    assert kept in ([], [(text * times).encode("utf-8", "replace")])


def test_a_line_is_short():
    assert foreign.line("a\n b " * 200, 10) == "a b a b a…"


@given(NAMES, NAMES)
def test_every_tool_has_a_name_of_its_own_that_models_take(one, other):
    names = {called("s", tool) for tool in (one, other)}
    assert len(names) == len({one, other})
    assert all(len(name) <= 64 and name.startswith("mcp__s__") for name in names)
    assert all(character.isalnum() or character in "_-" for name in names for character in name)
    assert all(name.isascii() for name in names)


def test_a_good_name_is_kept():
    assert called("github", "get_issue") == "mcp__github__get_issue"
    assert called("x", "a.b").startswith("mcp__x__a_b_")


def test_a_name_cannot_look_like_another_line():
    (line, *_) = difference([Offer("a\n+ b", "", {})], [])
    assert line == "- a\\n+ b"


def test_the_order_of_tools_does_not_matter_and_claims_do_not_count():
    one, two = Offer("a", "A", {}), Offer("b", "B", {"type": "object"})
    assert digest([one, two]) == digest([two, Offer("a", "A", {}, {"readOnlyHint": True})])
    assert digest([one]) != digest([two])
    assert difference([one, two], [two, one]) == []


def test_a_schema_tells_a_model_nothing_in_secret():
    hidden = "pick\u202e one"
    schema = {
        "description": hidden,
        "properties": {"x": {"title": hidden, "enum": [hidden]}},
        "anyOf": [{"description": hidden}],
    }
    assert Offer("a", "", schema).schema == {
        "description": "pick one",
        "properties": {"x": {"title": "pick one", "enum": [hidden]}},
        "anyOf": [{"description": "pick one"}],
    }
    (shown,) = [line for line in difference([], [Offer("a", "", schema)]) if "enum" in line] or [""]
    assert shown
    assert "\u202e" not in json.dumps(difference([], [Offer("a", "", schema)]))


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=9).map(lambda one: one.replace(b"\n", b"."))))
def test_lines_come_out_whole_however_they_come_in(told):
    whole = b"".join(one + b"\n" for one in told)
    expected = [one for one in told if one.strip()]
    for size in (1, 2, 7, 1000):
        lines = Lines(lambda: 0.0)
        chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert [one for chunk in chunks for one in lines.feed(chunk)] == expected


def test_a_line_has_an_end():
    lines = Lines(lambda: 0.0)
    assert lines.feed(b"x" * LONGEST) == []
    with pytest.raises(Down, match="a line of more than"):
        lines.feed(b"x")
    with pytest.raises(Down, match="a line of more than"):
        Lines(lambda: 0.0).feed(b"x" * (LONGEST + 1) + b"\n")


def test_who_says_much_unasked_floods():
    now = [0.0]
    lines = Lines(lambda: now[0])
    for _ in range(BURST):
        lines.heard()
    now[0] = 1.0
    for _ in range(100):
        lines.heard()
    with pytest.raises(Down, match="it floods its output"):
        lines.heard()
    lines.asked()
    lines.heard()


def test_a_few_strays_are_fine():
    lines = Lines(lambda: 0.0)
    for _ in range(3):
        for _ in range(STRAYS):
            lines.stray(b"Welcome to \xff")
        lines.heard()
    for _ in range(STRAYS):
        lines.stray(b"Welcome to \xff")
    with pytest.raises(Down, match="no message, such as: Welcome to \ufffd"):
        lines.stray(b"Welcome to \xff")


def test_leftovers_are_found_by_their_mark():
    mark = uuid4().hex
    command = ["/bin/sh", "-c", "sleep 1000 & sleep 1000 & echo; wait"]
    marked = {"HOCKET_CALL": mark}
    with subprocess.Popen(command, env=marked, stdout=subprocess.PIPE) as left:
        assert left.stdout
        left.stdout.readline()
        assert leftovers.reap("HOCKET_CALL", mark[:-1]) == 0
        assert leftovers.reap("HOCKET_CALL", mark) >= 3
        assert left.wait() == -9
    assert not leftovers._kill(os.getpid(), b"HOCKET_CALL=never")
    assert not leftovers._kill(2**22 + 1, b"HOCKET_CALL=never")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("2.3.0", None),
        ("1.27.1", "the package mcp is there as 1.27.1, and 2.3 or later is needed: "),
        (None, "the package mcp is missing: "),
    ],
)
def test_what_is_missing_is_said_with_how_to_get_it(found, told):
    def version(_name):
        if found is None:
            raise PackageNotFoundError
        return found

    expected = told if told is None else f"{told}pip install 'hocket[mcp]'"
    assert sdk.judged(version) == expected
