"""Flags for declared arguments: read by their types, refused by their names."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.scripts import Manifest
from hocket.errors import UsageError
from hocket.launch.arguments import Arguments, from_words, hint, usage
from hocket.launch.flags import declared

TEXT = {"type": "string"}
PROPERTIES = {
    "question": TEXT,
    "angles": {"type": "integer", "maximum": 9},
    "share": {"type": "number"},
    "sources": {"type": "array", "items": TEXT},
    "levels": {"type": "array", "items": {"enum": ["low", "high"]}},
    "sizes": {"type": "array", "items": {"type": "integer"}},
    "mode": {"type": "string", "enum": ["quick", "full"]},
    "strict": {"type": "boolean"},
    "deep_one": {"type": "object"},
    "since": {"type": ["string", "null"]},
    "count": {"enum": ["1", "2"]},
    "odd": True,
}
SCHEMA = {"type": "object", "properties": PROPERTIES, "required": ["question"]}
MANIFEST = Manifest(name="deep", description="", args=SCHEMA)
BARE = Manifest(name="bare", description="")


def taken(*words, plain=(), manifest=MANIFEST):
    return from_words(words, plain, manifest).value


def refused(*words, plain=(), manifest=MANIFEST):
    with pytest.raises(UsageError) as caught:
        from_words(words, plain, manifest)
    return caught.value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["--angles", "3"], {"angles": 3}),
        (["--angles=-3"], {"angles": -3}),
        (["--angles", "-3"], {"angles": -3}),
        (["--share", "0.5"], {"share": 0.5}),
        (["--share", "2"], {"share": 2}),
        (["--share", "1e3"], {"share": 1000.0}),
        (["--sources", "docs", "--sources=web"], {"sources": ["docs", "web"]}),
        (["--levels", "low"], {"levels": ["low"]}),
        (["--sizes", "1", "--sizes", "2"], {"sizes": [1, 2]}),
        (["--mode", "quick"], {"mode": "quick"}),
        (["--strict"], {"strict": True}),
        (["--no-strict"], {"strict": False}),
        (["--strict=no"], {"strict": False}),
        (["--strict=true"], {"strict": True}),
        (["--deep-one", '{"a": [1]}'], {"deep_one": {"a": [1]}}),
        (["--since", "5"], {"since": "5"}),
        (["--question", "--why"], {"question": "--why"}),
        (["--question=a=b"], {"question": "a=b"}),
        (["--odd", "{}"], {"odd": "{}"}),
        (["--count", "2"], {"count": "2"}),
    ],
)
def test_a_flag_is_read_by_its_type(words, value):
    assert taken(*words) == value


@pytest.mark.parametrize(
    ("words", "found", "expected"),
    [
        (["--angles", "five"], "--angles: 'five'", "a whole number"),
        (["--angles", "5.0"], "--angles: '5.0'", "a whole number"),
        (["--angles"], "--angles: has no value", "N"),
        (["--share", "much"], "--share: 'much'", "a number"),
        (["--mode", "fast"], "--mode: 'fast'", "one of quick, full"),
        (["--mode"], "--mode: has no value", "quick|full"),
        (["--levels", "mid"], "--levels: 'mid'", "one of low, high"),
        (["--strict=maybe"], "--strict: 'maybe'", "true or false"),
        (["--deep-one", "{"], "--deep-one: '{'", "JSON"),
        (["--angles", "1", "--angles", "2"], "--angles is given twice", "it once"),
        (["who?", "--question", "why?"], "question is given twice, as text and as", "it once"),
        (["[1]", "--angles", "2"], "a list beside flags", "an object, or flags alone"),
    ],
)
def test_what_does_not_fit_names_the_flag(words, found, expected):
    said = refused(*words)
    assert (said.who, said.expected, said.exit_code) == ("/deep", expected, 2)
    assert said.found.startswith(found)


@pytest.mark.parametrize(("word", "meant"), [("--angels", "--angles"), ("--no-mode", "--mode")])
def test_a_flag_that_nobody_declared_is_refused_with_the_nearest(word, meant):
    said = refused(word, "3")
    assert said.found == f"there is no option '{word}'"
    assert said.hint.startswith(f"Did you mean {meant}?")
    assert "--question, --angles" in said.expected


def test_a_script_without_a_schema_has_no_flags():
    assert refused("--angles", "3", manifest=BARE).expected == "words alone"
    assert refused("-z", manifest=BARE).found == "there is no option '-z'"
    assert taken("-5", "degrees", manifest=BARE) == "-5 degrees"


def test_the_text_stands_anywhere_and_behind_two_hyphens_all_is_text():
    assert taken("why", "--angles", "3", "not?") == {"question": "why not?", "angles": 3}
    assert taken("--angles", "3", plain=("--mode", "x")) == {"question": "--mode x", "angles": 3}
    assert taken(plain=("--why", "-z")) == {"question": "--why -z"}
    assert taken(plain=("--angles", "3"), manifest=BARE) == "--angles 3"


def test_an_object_may_stand_beside_flags():
    given = from_words(['{"angles": 1}', "--mode", "full"], (), MANIFEST)
    assert given.value == {"angles": 1, "mode": "full"}
    assert given.notes == ("args: a text that is JSON was parsed",)
    assert "angles is given twice" in refused('{"angles": 1}', "--angles", "2").found


def test_nothing_typed_is_nothing_given():
    assert from_words((), (), MANIFEST) == Arguments()
    assert from_words((), (), BARE) == Arguments()


def test_the_usage_line_shows_the_text_first_and_needed_flags_before_others():
    schema = {
        "properties": {"mode": PROPERTIES["mode"], "n": {"type": "integer"}, "q": TEXT},
        "required": ["q", "n"],
    }
    assert hint(schema) == '"q" --n N [--mode quick|full]'
    assert usage(Manifest(name="x", description="", args=schema)).startswith('/x "q" --n N')
    many = {"properties": {"s": PROPERTIES["sources"], "b": PROPERTIES["strict"]}}
    assert hint(many) == "[--s VALUE …] [--b]"
    assert hint(None) == hint({}) == hint({"properties": 5}) == ""


@pytest.mark.parametrize("schema", [None, {}, {"properties": []}, {"properties": {"a": 5}}])
def test_a_schema_of_any_shape_has_the_flags_it_names(schema):
    named = (schema or {}).get("properties")
    assert [*declared(schema)] == (["--a"] if isinstance(named, dict) else [])


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=5))
def test_whatever_stands_behind_two_hyphens_is_the_text(words):
    text = " ".join(words)
    if not words or text.lstrip().startswith(("{", "[")):
        return
    assert taken(plain=tuple(words)) == {"question": text}


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_words_are_taken_or_refused_as_usage(words):
    with suppress(UsageError):
        assert from_words(words, (), MANIFEST).given == bool(words)
