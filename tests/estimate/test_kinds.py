"""Kinds: the same line of a script is recognised, whatever item it was asked about."""

from __future__ import annotations

import pytest

from hocket.api.calls import Call, Options
from hocket.estimate.kinds import Kinds, digest, stem

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("audit src/api/users.py", "audit"),
        ("audit users.py", "audit"),
        ("audit billing/7", "audit"),
        ("check 12", "check"),
        ("round 3: go on", "round go on"),
        ("look at 'the cache'", "look at"),
        ('look at "the cache" again', "look at again"),
        ("read `parse()` twice", "read twice"),
        ("vote #2 on [3]", "vote on"),
        ("don't stop", "don't stop"),
        ("Audit src/a.py for missing auth checks.", "Audit for missing auth checks"),
        ("say what this is about, in one line or two", "say what this is about in"),
        ("judge", "judge"),
        ("src/a.py", ""),
        ("", ""),
        ("— … !", ""),
        ("C:\\temp\\x and then", "and then"),
    ],
)
def test_the_stem_of_a_label(label, expected):
    assert stem(label) == expected


def call(prompt="p", label="audit src/a.py", phase="Audit", **options):
    return Call(1, "k", 0, prompt, label, phase, Options(**options))


def started(asked, **canonical):
    """Give the record that the engine writes when such a call starts."""
    return {
        "call": 1,
        "label": asked.label,
        "phase": asked.phase,
        "model": asked.options.model,
        "canonical": {"prompt": asked.prompt, **canonical},
    }


def test_a_call_and_the_record_of_its_start_are_of_one_kind():
    kinds = Kinds()
    plain = call()
    assert kinds.told(started(plain)) == kinds.of(plain)
    rich = call(schema=SCHEMA, agent_type="reader", tools=("Read", "Grep"), model="m")
    record = started(
        rich, schema=SCHEMA, agent_type=["reader", "d1"], tools=["Grep", "Read"], model="small"
    )
    assert kinds.told(record) == kinds.of(rich)
    none = call(tools=())
    assert kinds.told(started(none, tools=[])) == kinds.of(none)
    assert kinds.of(none).shape != kinds.of(plain).shape


def test_other_items_are_of_the_same_kind_and_other_shapes_are_not():
    kinds = Kinds()
    first = kinds.of(call(label="audit src/a.py", schema=SCHEMA))
    other = kinds.of(call(label="audit src/b.py", prompt="q", schema={**SCHEMA}))
    assert first == other
    assert first.keys == (("stem", "Audit", "audit"), ("shape", "Audit", first.shape))
    assert kinds.of(call(schema={"type": "array"})).shape != first.shape
    assert kinds.of(call(phase=None)).phase == ""


@pytest.mark.parametrize(
    ("args", "label", "expected"),
    [
        ({"names": ["billing", "auth"]}, "audit billing", "audit"),
        (["billing", "auth"], "auth", ""),
        ({"units": [{"name": "a"}, {"name": "a b"}]}, "check a b twice", "check twice"),
        ({"names": ["bill"]}, "audit billing", "audit billing"),
        ({"question": "billing"}, "audit billing", "audit billing"),
        ({"names": ["", "x" * 500, 7]}, "audit", "audit"),
        ({"names": ["c++"]}, "port c++ code", "port code"),
        (None, "audit billing", "audit billing"),
    ],
)
def test_items_of_the_arguments_are_no_part_of_a_stem(args, label, expected):
    assert Kinds(args).of(call(label=label)).stem == expected


def test_the_item_of_a_pattern_is_no_part_of_a_stem():
    assert Kinds().of(call(label="audit billing", item="billing")).stem == "audit"
    assert Kinds().of(call(label="billing", item="billing")).stem == ""
    assert Kinds().of(call(label="vote on claim", item={"claim": 1})).stem == "vote on claim"


def test_a_record_of_which_little_is_left_is_still_of_some_kind():
    kind = Kinds().told({"call": 3, "canonical": None, "model": 7})
    assert (kind.phase, kind.stem, kind.agent_type, kind.model) == ("", "", "", None)


def test_the_order_of_names_does_not_change_a_digest():
    assert digest({"a": 1, "b": [{"c": 2, "d": 3}]}) == digest({"b": [{"d": 3, "c": 2}], "a": 1})
    assert digest([1, 2]) != digest([2, 1])
