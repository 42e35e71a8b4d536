"""Plain YAML means what it means to everybody; what is not plain has no meaning here."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.forms.fields import line
from hocket.registry.forms.names import Unfit
from hocket.registry.skills.plain_yaml import Forbidden, Scalar, as_json, load
from hocket.registry.skills.quoting import quoted_values


def is_line(text):
    try:
        return bool(line(99)(text))
    except Unfit:
        return False


TEXTS = st.text(max_size=20).filter(is_line)
PLAIN = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(PLAIN, st.sampled_from([None, True, False]), st.booleans())
def test_what_a_common_writer_wrote_is_read_as_a_common_reader_reads_it(value, flow, letters):
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=letters)
    # The common writer names what it meets twice.
    if "&id" not in text:
        assert load(text) == value == yaml.safe_load(text)


@given(st.dictionaries(TEXTS, PLAIN, max_size=4))
def test_json_is_yaml_and_comes_back(value):
    read = load(json.dumps(value))
    assert read == value
    assert json.loads(as_json(read)) == value


@pytest.mark.parametrize(
    "word", ["1", "-1.5", "true", "No", "0x1F", "1:30", "1.0e+3", ".inf", "010"]
)
def test_a_bare_word_keeps_its_spelling(word):
    read = load(word)
    assert isinstance(read, Scalar)
    assert read == word


@pytest.mark.parametrize("word", ["2026-11-21", "<<", "=", "'1'", '"yes"', "x"])
def test_a_text_is_no_bare_word(word):
    assert type(load(word)) is str


@pytest.mark.parametrize(("text", "value"), [("", None), ("~", None), ("a:", {"a": None})])
def test_nothing_is_nothing(text, value):
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("! x", "a tag"),
        ("!!str x", "a tag"),
        ("a: !!set {b}", "a tag"),
        ("!t a: b", "a tag"),
        ("&a b", "an alias"),
        ("[&a b, *a]", "an alias"),
        ("*a", "an alias"),
        ("? *a\n: b", "an alias"),
        ("a: 1\n'a': 2", "a key that stands twice"),
        ("[" * 17 + "]" * 17, "more than 16 levels"),
        (r'"\x1b[1m"', "a control or bidi character"),
        (r'{"\u202e": x}', "a control or bidi character"),
    ],
)
def test_what_is_not_plain_is_forbidden(text, what):
    with pytest.raises(Forbidden) as caught:
        load(text)
    assert str(caught.value) == what


@pytest.mark.parametrize(
    "text",
    ["a: b: c", "[", "{", "'", "a\n b: c", "--- a\n--- b", "@a", "? [a]\n: b", r'"\UFFFFFFFF"'],
)
def test_what_is_broken_is_broken_as_for_everybody(text):
    with pytest.raises(yaml.YAMLError):
        load(text)


@given(TEXTS)
def test_whatever_a_person_writes_behind_a_key_is_a_text_once_it_is_quoted(text):
    front = quoted_values(f"description: Use: {text}\nname: x\n")
    assert load(front) == {"description": f"Use: {text}".rstrip(), "name": "x"}


@pytest.mark.parametrize(
    "front",
    [
        "name: demo\n",
        "description: 'it''s: quoted'\n",
        'description: "a \\" b: c"\n',
        "description: |\n  a: b\n",
        "description: >-\n  a: b\n",
        'metadata: {"a": "b"}\n',
        "allowed-tools: [Read, 'Bash(x: y)']\n",
        "metadata:\n  a: b: c\n",
        "- a: b: c\n",
    ],
)
def test_what_is_meant_as_it_stands_is_left_alone(front):
    assert quoted_values(front) == front
