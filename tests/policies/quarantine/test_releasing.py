"""The result as a person reads it: opened, inert, with sources, and bounded."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api import inert
from hocket_plugins.policies.quarantine.releasing import LOST, MOST_BYTES

properties = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def at(value, pointer):
    """Follow a JSON pointer."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def test_a_report_names_where_its_words_come_from(ward):
    it = ward()
    page, mail = it.handle("a page", ["example.org"]), it.handle("a mail", ["mail.txt"])
    got = it.stage.released(
        {"title": "Report", "a/b": [f"{page}, {mail}", "ours"], "~": page, "count": 3}
    )

    assert got.value == {
        "title": "Report",
        "a/b": ["a page, a mail", "ours"],
        "~": "a page",
        "count": 3,
    }
    assert got.outside == {"/a~1b/0": ("example.org", "mail.txt"), "/~0": ("example.org",)}
    for pointer in got.outside:
        assert at(got.value, pointer)


def test_texts_from_outside_are_inert_and_ours_stay(ward):
    it = ward()
    hostile = "\x1b[2Jsee \u202e![x](https://evil.example/?q=1) <script>go()</script>"
    ours = "**bold** <b>"
    got = it.stage.released([it.handle(hostile), ours])

    assert got.value == [inert.markdown(hostile), ours]
    for part in ("\x1b", "\u202e", "![x]", "<script>"):
        assert part not in got.value[0]


def test_pieces_that_are_harmless_alone_make_no_link_together(ward):
    it = ward()
    pieces = [it.handle("[your bank]("), it.handle("https://evil.example/login)")]
    got = it.stage.released("{}{}".format(*pieces)).value

    assert "](https://evil.example" not in got
    assert got == inert.markdown("[your bank](https://evil.example/login)")


def test_in_a_tainted_run_every_text_is_made_inert(ward):
    it = ward(tainted=True)
    got = it.stage.released({"a": ["![x](https://evil.example/1)", 1]})

    assert got.value == {"a": [inert.markdown("![x](https://evil.example/1)"), 1]}
    assert got.outside == {}


def test_a_whole_value_comes_with_a_pointer_to_each_of_its_texts(ward):
    it = ward()
    record = it.handle({"who": "me", "n": 1, "tags": ["a", 2]}, ["example.org"])
    got = it.stage.released([record])

    assert got.value == [{"who": "me", "n": 1, "tags": ["a", 2]}]
    # A key is a text from outside too, so its place is marked whatever stands there.
    assert [*got.outside] == ["/0/n", "/0/tags", "/0/tags/0", "/0/who"]
    assert {*got.outside.values()} == {("example.org",)}


def test_keys_that_look_the_same_lose_nothing(ward):
    it = ward()
    record = it.handle({"a": 1, "a\u200b": 2, "a\u202e": 3})
    got = it.stage.released(record).value

    assert sorted(got.values()) == [1, 2, 3]
    assert all(key == inert.markdown(key) for key in got)


def test_very_many_keys_that_look_the_same_take_no_time(ward):
    it = ward()
    keys = ["".join("\u200b\u200c"[int(bit)] for bit in f"{n:b}") for n in range(5_000)]
    got = it.stage.released(it.handle(dict.fromkeys(keys, 1))).value

    assert len(got) == 5_000


def test_handles_in_keys_open_too(ward):
    it = ward()
    name, again = it.handle("name", ["example.org"]), it.handle("name", ["other.example"])
    got = it.stage.released({name: 1, again: [name], "name": 3})

    assert sorted(map(str, got.value.values())) == ["1", "3", "['name']"]
    assert got.value["name"] == 3
    assert got.outside == {
        "/name (2)": ("example.org",),
        "/name (3)": ("other.example",),
        "/name (3)/0": ("example.org",),
    }


def test_a_lost_text_is_said(ward):
    it = ward()
    gone = it.handle("gone", ["example.org"])
    it.access.kept.clear()
    got = it.stage.released([gone, f"see {gone}."])

    assert got.value == [inert.markdown(LOST), inert.markdown(f"see {LOST}.")]
    assert got.outside == {"/0": (), "/1": ()}


def test_a_long_result_is_cut_and_says_so(ward):
    it = ward()
    long = it.handle("word " * 150_000)
    got = it.stage.released([long, long, long]).value

    assert [len(one) > 700_000 for one in got] == [True, False, False]
    assert got[1].endswith("of 750,000 bytes are shown]")
    assert "[cut: 0 of 750,000" in got[2]
    assert sum(map(len, got)) < MOST_BYTES + 200


def test_a_value_for_which_there_is_no_room_is_cut_as_text(ward):
    it = ward()
    words = ["word " * 200] * 600
    big = it.handle({"words": words})
    one, two = it.stage.released([big, big]).value

    assert one == {"words": words}
    assert two.startswith('{"words":["word word')
    assert "bytes are shown]" in two


def test_foreign_handles_and_our_own_values_stay(ward):
    it = ward()
    foreign = ward(secret=b"another").handle("text")
    value = {"a": [f"{foreign} ", 1, None, True]}

    assert it.stage.released(value).value == value
    assert it.stage.released([foreign, it.handle("text")]).value == [foreign, "text"]
    assert it.stage.released(f"{foreign}{it.handle('text')}").value == f"{foreign}text"


JSON = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
).filter(lambda value: value is not None)


@properties
@given(JSON, st.text(max_size=10))
def test_every_pointer_leads_to_words_from_outside(ward, content, key):
    it = ward()
    got = it.stage.released({key: [it.handle(content, ["example.org"]), "ours"]})

    json.dumps(got.value)
    for pointer, sources in got.outside.items():
        assert sources == ("example.org",)
        assert at(got.value, pointer) != "ours"


@pytest.mark.parametrize("source", ["a\nb", "\u202eevil", "x" * 500])
def test_sources_are_names_not_words(ward, source):
    it = ward()
    ((name,),) = it.stage.released(it.handle("text", [source])).outside.values()

    assert name.isprintable()
    assert " " not in name
    assert len(name) < 90
