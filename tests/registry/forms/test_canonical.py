"""Canonical JSON: one text for one value, and no other text is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.forms.canonical import canonical, fingerprint, parse
from hocket.registry.forms.names import Unfit

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TABLE = {
    "tools": ["Read", "WebFetch", "WebSearch"],
    "network": ["*"],
    "read": ["docs/**"],
    "write": ["reports/**"],
    "agents": 120,
    **dict.fromkeys(("env", "mcp", "shell"), ()),
    **dict.fromkeys(("hooks", "inline-exec", "python", "reveal"), False),
}


def test_the_statement_of_the_specification():
    statement = {
        "version": "1.4.0",
        "registry": "acme-patterns",
        "published": "2026-11-18T10:00:00Z",
        "name": "deep-research",
        "kind": "bundle",
        "digest": "hk1:0",
        "capabilities": "sha256:0",
        "_type": "hocket/bundle/v1",
    }
    assert canonical(statement) == (
        b'{"_type":"hocket/bundle/v1","capabilities":"sha256:0","digest":"hk1:0","kind":"bundle",'
        b'"name":"deep-research","published":"2026-11-18T10:00:00Z","registry":"acme-patterns",'
        b'"version":"1.4.0"}'
    )


def test_the_capabilities_of_the_specification_have_their_hash():
    table = {key: [*value] if isinstance(value, tuple) else value for key, value in TABLE.items()}
    assert fingerprint(table) == (
        "sha256:6a64bdf1e5529a82d8e538321d0ea69f99f07a607bcc8e367298da867c340b2b"
    )


def test_it_is_ascii_without_blanks():
    assert canonical({"b": [1, True, None], "a": "caf\u00e9 \U0001f600"}) == (
        b'{"a":"caf\\u00e9 \\ud83d\\ude00","b":[1,true,null]}'
    )


@pytest.mark.parametrize("value", [1.0, [1.5], {"a": float("nan")}, {"a": [{"b": 0.0}]}])
def test_a_float_has_no_one_form(value):
    with pytest.raises(Unfit, match="is a float, whole numbers allowed"):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud83d\ude00", ["\ud800"], {"\udfff": 1}])
def test_half_a_character_is_refused(value):
    with pytest.raises(Unfit, match="half a character"):
        canonical(value)


@pytest.mark.parametrize(
    "raw",
    [
        *(
            b"",
            b"{",
            b'{"a": 1}',
            b'{"b":1,"a":2}',
            b'{"a":1,"a":1}',
            b'{"a":1}\n',
            b" 1",
            b"1.0",
            b"1e3",
        ),
        *(
            b"-0",
            b"NaN",
            b"Infinity",
            b'"\\u00E9"',
            '"\u00e9"'.encode(),
            b'"\\/"',
            b"\xff",
            b'"\\ud800"',
        ),
        *(b"\xef\xbb\xbf1", b"[" * 100_000),
    ],
)
def test_another_way_of_writing_is_not_read(raw):
    with pytest.raises(Unfit, match=r"^not canonical JSON$"):
        parse(raw)


@given(VALUES)
def test_what_was_written_is_read_again(value):
    raw = canonical(value)
    assert parse(raw) == value
    assert canonical(parse(raw)) == raw
    assert raw.isascii()
    assert json.loads(raw) == value


@given(VALUES, VALUES)
def test_two_values_have_two_texts(one, other):
    # True is 1 for Python and not for JSON.
    assert (canonical(one) == canonical(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )
