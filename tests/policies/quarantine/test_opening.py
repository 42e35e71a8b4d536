"""Handles in scripts: joined, compared, opened, and never made by what was read."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.tools import Label
from hocket.screens.quotes import quote_in_source
from hocket_plugins.policies.quarantine import handles

properties = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def escaped(value):
    """Write what looks like the beginning of a handle as it is kept."""
    if isinstance(value, str):
        return handles.escaped(value)
    if isinstance(value, list):
        return [escaped(one) for one in value]
    if isinstance(value, dict):
        return {handles.escaped(name): escaped(one) for name, one in value.items()}
    return value


@properties
@given(JSON.filter(lambda value: value is not None))
def test_what_was_sealed_is_what_is_revealed(ward, value):
    it = ward()
    handle = it.handle(value)

    assert it.stage.revealed(handle) == escaped(value)
    assert it.stage.revealed({"in": [handle, handle]}) == {"in": [escaped(value)] * 2}
    assert list(it.stage.issued(handle)) == [handle]


def test_a_whole_text_becomes_its_value_and_a_part_of_one_becomes_text(ward):
    it = ward()
    record, text = it.handle({"b": 1, "a": "ü"}), it.handle("a text")
    value = {record: [record, f"<{record}{text}>", text, 7, None]}

    assert it.stage.revealed(value) == {
        '{"a":"ü","b":1}': [{"a": "ü", "b": 1}, '<{"a":"ü","b":1}a text>', "a text", 7, None]
    }


def test_a_value_without_an_end_comes_back_as_its_json(ward):
    it = ward()
    deep, flat = "x", "x"
    for _ in range(400):
        deep = {"in": [deep]}
    for _ in range(60):
        flat = [flat]

    assert json.loads(it.stage.revealed(it.handle(deep))) == deep
    assert it.stage.revealed(it.handle(flat)) == flat
    assert it.stage.released(it.handle(deep)).value.startswith('{"in":')


def test_a_value_without_issued_handles_is_the_same_object(ward):
    it = ward()
    foreign = ward(secret=b"another").handle("text")
    for value in ("text", {"a": [foreign]}, None, 3):
        assert it.stage.revealed(value) is value
    it.handle("text")
    for value in ("text", {"a": [foreign]}, None, 3):
        assert it.stage.revealed(value) is value


def test_a_foreign_handle_stays_beside_one_that_opens(ward):
    it = ward()
    foreign = ward(secret=b"another").handle("text")

    assert it.stage.revealed([foreign, f"{foreign}!{it.handle('mine')}"]) == [
        foreign,
        f"{foreign}!mine",
    ]


def test_a_lost_content_is_named_by_its_digest(ward):
    it = ward()
    handle = it.handle("text")
    digest = it.access.sealed[handle]
    it.access.kept.clear()

    with pytest.raises(LookupError, match=f"sha256:{digest}"):
        it.stage.revealed({"a": [f"see {handle}"]})


def test_equal_contents_have_equal_handles_in_one_run_and_in_its_later_lives(ward):
    it, other = ward(), ward(secret=b"another")
    again = ward(kept=it.access.kept, sealed=dict(it.access.sealed))

    assert it.handle("text", ["a"]) == it.handle("text", ["a"]) == again.handle("text", ["a"])
    different = [it.handle("text"), it.handle("text", ["b"]), it.handle("texts", ["a"])]
    assert len({it.handle("text", ["a"]), other.handle("text", ["a"]), *different}) == 5


def test_a_later_life_opens_what_an_earlier_one_sealed(ward):
    it = ward()
    handle = it.handle("text")
    again = ward(kept=it.access.kept, sealed=dict(it.access.sealed))
    forgetful = ward(kept=it.access.kept)

    assert again.stage.revealed(handle) == "text"
    assert forgetful.stage.revealed(handle) == handle
    assert again.stage.holds(handle)
    assert forgetful.stage.holds(handle)
    assert not forgetful.stage.issued(handle)


@properties
@given(st.text(min_size=1, max_size=20), st.integers(1, 28), st.integers(1, 28))
def test_a_handle_in_pieces_opens_nothing(ward, text, one, two):
    it = ward()
    handle, other = it.handle(text), it.handle(f"{text}!")
    low, high = sorted((one, two))
    pieces = [handle[:low], handle[low:high], handle[high:]]

    for parts in (pieces[::-1], pieces[1:], pieces[:2], [handle[:low], other[low:]]):
        mixed = "".join(parts)
        if handle not in mixed and other not in mixed:
            assert it.stage.revealed(mixed) == mixed
            assert it.stage.framed(it.call(mixed)).prompt == mixed
            assert it.stage.released(mixed).value == mixed
            assert it.stage.named(mixed) == mixed
    assert it.stage.revealed("".join(pieces)) == handles.escaped(text)


@properties
@given(st.text(max_size=20), st.text(max_size=20))
def test_a_look_alike_in_a_text_from_outside_never_opens(ward, before, after):
    it = ward()
    secret = it.handle("what the attacker wants to see")
    mirror = it.handle({"text": f"{before}{secret}{after}", secret: 1})
    opened = it.stage.revealed([mirror, f"see {mirror}"])

    assert not it.stage.holds(opened)
    assert it.stage.revealed(opened) == opened
    assert "wants to see" not in repr(opened)
    assert "wants to see" not in it.stage.framed(it.call(mirror)).prompt
    assert "wants to see" not in repr(it.stage.released([mirror, f"see {mirror}"]))


def test_sealing_what_was_revealed_gives_the_same_handle(ward):
    it = ward()
    handle = it.handle("a \u27e6h: look-alike")

    assert it.handle(it.stage.revealed(handle)) == handle


def test_an_exact_quote_stays_one_though_brackets_were_made_inert(ward):
    it = ward()
    page = "He wrote \u27e6h: all of it\u27e7 in 2024."
    quote = {"quote": "wrote \u27e6h: all of it\u27e7 in", "source": "page"}
    kept = it.stage.revealed(it.handle(page))

    assert kept != page
    for text in (page, kept):
        for item in (quote, it.stage.revealed(it.handle(quote))):
            assert quote_in_source(item, lambda _name, text=text: text) == "ok"


def test_a_key_knows_a_handle_by_its_content_alone(ward):
    it, other = ward(), ward(secret=b"another")
    text = "See {} and {}."
    mine = text.format(it.handle("one"), it.handle("two"))
    theirs = text.format(other.handle("one"), other.handle("two"))

    assert mine != theirs
    assert it.stage.named(mine) == other.stage.named(theirs)
    digest = it.access.sealed[it.handle("one")]
    assert it.stage.named(it.handle("one")) == f"\u27e6sha256:{digest}\u27e7"
    assert it.stage.named(theirs) == theirs


def test_withheld_words_open_like_any_others(ward):
    it = ward()
    handle = it.stage.withheld("a reply", Label(outside=True, sources=frozenset({"mcp: mail"})))

    assert it.stage.revealed(handle) == "a reply"
    assert it.stage.released(handle).outside == {"": ("mcp:_mail",)}
