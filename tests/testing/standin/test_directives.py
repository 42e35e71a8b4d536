"""Orders in a prompt: found anywhere, taken literally, and nothing else is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.testing.standin import Answered, Fault, Reply, Used, orders
from hocket.testing.standin.directives import filler


def reply(text, turn=0):
    return orders(text).reply(turn)


def test_the_orders_of_the_design_are_understood():
    text = (
        'id=17; lat=120; first=1000; size=20000; tool=Read{"path": "a"}; think=200; '
        'answer={"a": 1}; fault=429:2; drip=5; usage={"output_tokens": 9}; stop=refusal;'
    )
    found = reply(text)
    assert orders(text).id == "17"
    assert (found.lat_ms, found.first_ms, found.drip_ms, found.size) == (120, 1_000, 5, 20_000)
    assert found.blocks[1:] == (Used("Read", '{"path": "a"}'), Answered({"a": 1}))
    assert len(found.blocks[0].text) == 200
    assert (found.fault, found.stop) == (Fault("429", 2), "refusal")
    assert found.usage == {"output_tokens": 9}


@pytest.mark.parametrize(
    "text",
    [
        "Review file 5.",
        "valid=5; wid=3; x.id=4; $id=5; my-size=6;",
        "the size=5 of it",
        "a lat= of nothing",
        "then: first, do this",
    ],
)
def test_ordinary_text_is_no_order(text):
    assert not orders(text)
    assert reply(text) == Reply()


@pytest.mark.parametrize(
    "text",
    ["id=5", "id=5;", "  id=5;You review.", "Facts.\n    id=5\nMore.", "x; id=5; id=6;"],
)
def test_an_order_stands_anywhere_and_ends_with_a_semicolon_or_the_line(text):
    assert orders(text).id == "5"


def test_only_an_id_is_no_step():
    assert orders("id=5;").steps == []
    assert reply("id=5;") == Reply()


def test_values_of_json_may_hold_anything():
    found = reply('answer={"a": "id=3; lat=5;", "b": [1, {"c": null}]} ; lat=7;')
    assert found.blocks == (Answered({"a": "id=3; lat=5;", "b": [1, {"c": None}]}),)
    assert found.lat_ms == 7
    assert orders('answer={"a": "id=3;"};').id == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("answer=Paris is in France; lat=1;", "Paris is in France"),
        ("answer=5 apples;", "5 apples"),
        ("answer=5;", 5),
        ('answer="5";', "5"),
        ("answer=null", None),
        ("answer={broken\nlat=1;", "{broken"),
        ("answer=;", ""),
    ],
)
def test_an_answer_is_json_or_text(text, value):
    assert reply(text).blocks == (Answered(value),)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ('tool=Read{"path": "a"};', Used("Read", '{"path": "a"}')),
        ("tool=Read;", Used("Read", "")),
        ('tool=mcp__git-hub__get{"n":1};', Used("mcp__git-hub__get", '{"n":1}')),
        ('tool=Read{"path": ;', Used("Read", '{"path": ')),
        ("tool=;", Used("", "")),
    ],
)
def test_a_tool_use_is_sent_as_it_is_written(text, used):
    assert reply(text).blocks == (used,)


def test_turns_come_one_after_the_other_and_the_last_stays():
    found = orders('lat=5; tool=A{}; turns=2; then; answer="bad"; then; answer="good";')
    said = [found.reply(turn) for turn in range(6)]
    names = [
        r.blocks[0].name if r.blocks and isinstance(r.blocks[0], Used) else r.blocks for r in said
    ]
    assert names[:2] == ["A", "A"]
    assert [r.blocks[0].value for r in said[2:]] == ["bad", "good", "good", "good"]
    assert {r.lat_ms for r in said} == {5}


@pytest.mark.parametrize("text", ["tool=A{};", "stop=pause_turn;", "stop=compaction;"])
def test_what_must_go_on_is_followed_by_plain_text(text):
    assert reply(text) != Reply()
    assert reply(text, 1) == reply(text, 9) == Reply()


def test_a_number_that_is_none_counts_as_zero():
    found = reply("lat=soon; size=; fault=429:x; after=later; cut=far;")
    assert (found.lat_ms, found.size) == (0, 0)
    assert found.fault == Fault("429", None, 0.0, 0)
    assert reply("fault=trunc; cut=100; after=0.5;").fault == Fault("trunc", None, 0.5, 100)


def test_usage_may_be_left_out():
    assert reply("usage=none;").without_usage
    assert not reply("usage={};").without_usage


@given(st.integers(0, 2_000))
def test_filler_has_its_size(size):
    assert len(filler(size)) == size


@given(st.text())
def test_no_text_breaks_the_reader(text):
    orders(f"fault={text}").reply(0)
    orders(f"tool={text}").reply(3)
    orders(f"answer={text}; then; usage={text}").reply(1)
