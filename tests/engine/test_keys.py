"""Canonical JSON by the rules of RFC 8785, and keys that depend on nothing else."""

from __future__ import annotations

import hashlib
import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.engine import keys

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=8)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers() | FINITE | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_the_appendix_of_the_rules_writes_them(bits, text):
    (value,) = struct.unpack(">d", bytes.fromhex(bits))

    assert keys.canonical(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.5, "4.5"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (1e30, "1e+30"),
        (100.0, "100"),
        (-1.5e-7, "-1.5e-7"),
        (1.25e-5, "0.0000125"),
        (7, "7"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
        ('€$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\b\t\f\r\x7f\u2028", '"\\b\\t\\f\\r\x7f\u2028"'),
        ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    ],
)
def test_values_are_written_without_choice(value, text):
    assert keys.canonical(value) == text


def test_names_are_sorted_by_utf_16_units_not_by_code_points():
    names = {"\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\U0001f600": 6, "\x80": 3, "\xf6": 4}

    assert [*json.loads(keys.canonical(names)).values()] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_key(value):
    with pytest.raises(ValueError, match="no JSON"):
        keys.key({"schema": [value]})


@given(VALUES)
def test_canonical_text_is_json_of_the_same_value(value):
    """Whole numbers of floats may lose digits beyond 2**53, as in ECMAScript."""
    text, plain = keys.canonical(value), json.dumps(value)

    assert json.loads(text, parse_int=float) == json.loads(plain, parse_int=float)


@given(FINITE)
def test_a_number_reads_back_as_itself_in_no_more_characters_than_needed(value):
    text = keys.canonical(value)

    assert float(text) == value
    assert len([c for c in text.partition("e")[0].strip("-0.") if c.isdigit()]) <= 17


@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms())
def test_a_key_is_free_of_the_order_of_its_fields(fields, chance):
    shuffled = [*fields.items()]
    chance.shuffle(shuffled)

    assert keys.key(dict(shuffled)) == keys.key(fields)


@given(TEXTS)
def test_a_call_without_options_has_the_key_it_would_have_with_none_of_them(prompt):
    assert keys.prompt_key(prompt) == keys.key({"prompt": prompt})


def test_the_key_is_the_sha_256_of_the_canonical_text():
    text = '{"model":"opus","prompt":"\U0001f600","v":1}'

    assert keys.key({"prompt": "\U0001f600", "model": "opus"}) == keys.digest(text)
    assert keys.digest(text) == hashlib.sha256(text.encode()).hexdigest()
