"""Texts from regular expressions: plain ones are matched, others are told apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.backends.simulate.draws import Draws
from hocket_plugins.backends.simulate.patterns import Hard, compiled
from hocket_plugins.backends.simulate.schema import NoAnswer
from hocket_plugins.backends.simulate.texts import text

PLAIN = [
    "^abc$", "^[A-Z]{2,5}-[0-9]+$", r"^\d{4}-\d{2}-\d{2}$", "^(draft|final)$", "^(?:a|b)?c*$",
    r"^v(?P<major>\d+)\.(?<minor>\d+)$", r"^[^\s/]{3}$", r"^[\w.-]+@[\w-]+\.[a-z]{2,}$", "^a{3}$",
    "^a{2,}$", "^a+?b*?$", r"^\S+\s\W\D$", "^[]a]+$", "^[a-]+$", r"^\n\t\r$", r"\A.\Z", "^[\\]x]$",
    r"^https?://[a-z]+(\.[a-z]+)+(/.*)?$", "", "a|", "{x}", r"^[\d-]+$", r"\$\{[A-Z_]+\}",
]  # fmt: skip
HARD = [
    "(?=a)b", r"(a)\1", r"\bword\b", r"\p{L}+", "(a", "a)", "[a", "[z-a]", r"[\q]", "[[:alpha:]]",
    "*a", "\\", "(?:", "[^ -~]", r"[a-\d]", "a**",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PLAIN)
def test_plain_expressions_are_matched(pattern: str):
    written = pattern.replace("(?<", "(?P<").replace(r"\z", r"\Z")
    piece, draws = compiled(pattern), Draws(1, pattern, 0)
    assert all(re.search(written, piece(draws, 4)) for _ in range(50))


@pytest.mark.parametrize("pattern", HARD)
def test_hard_ones_are_told_apart(pattern: str):
    with pytest.raises(Hard):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["(?=a)a", r"^\bhttps\b", r"(?i)A", r"^(.)\1?$"])
def test_hard_ones_are_met_by_luck(pattern: str):
    found = text({"pattern": pattern}, Draws(1, pattern, 0))
    assert re.search(pattern, found)


def test_what_python_cannot_read_is_no_answer():
    with pytest.raises(NoAnswer, match="not understood"):
        text({"pattern": r"\p{Greek}"}, Draws(1, "", 0))


def test_length_and_pattern_hold_together():
    schema = {"pattern": "^[a-z]+$", "minLength": 9, "maxLength": 10}
    found = {len(text(schema, Draws(1, "k", name))) for name in range(50)}
    assert found == {9, 10}


@given(st.text(max_size=12) | st.text("ab^$()[]|*+?{},12-\\d", max_size=12), st.integers(0, 99))
def test_any_expression_is_matched_or_said_to_be_unmet(pattern: str, name: int):
    try:
        found = text({"pattern": pattern}, Draws(1, "k", name))
    except NoAnswer:
        return
    assert re.search(pattern, found)
