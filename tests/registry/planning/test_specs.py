"""What a person types for a package."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.errors import UsageError
from hocket.registry.indexes.rows import Source
from hocket.registry.planning.references import requirement_of, source_of
from hocket.registry.planning.specs import Elsewhere, Wish, parse


@pytest.mark.parametrize(
    ("text", "name", "within"),
    [
        ("polite", "polite", None),
        ("acme/polite", "acme/polite", None),
        ("polite@^1.2", "polite", "^1.2"),
        ("acme/polite@>=1.2, <2", "acme/polite", ">=1.2,<2"),
        ("polite@1.4.0", "polite", "==1.4.0"),
        ("core/polite@*", "core/polite", "*"),
    ],
)
def test_names_and_ranges(text, name, within):
    found = parse(text)
    assert isinstance(found, Wish)
    assert (found.name, found.within and str(found.within)) == (name, within)


@pytest.mark.parametrize(
    "text",
    ["./folder", "../folder", "/a/b", "~/a", "git+https://x/y.git@1#z", "https://x/y.zip#sha256=0"],
)
def test_places(text):
    assert parse(text) == Elsewhere(text)


@pytest.mark.parametrize(
    "text", ["", "Polite", "a/b/c", "polite@", "polite@soon", "-x", "http://x"]
)
def test_anything_else_is_refused_with_all_forms(text):
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.expected.startswith("NAME, REGISTRY/NAME, either with @RANGE, ./folder")


@given(st.text())
def test_no_text_is_too_odd(text):
    with suppress(UsageError):
        assert isinstance(parse(text), Wish | Elsewhere)


@pytest.mark.parametrize(
    "source",
    [
        Source(path="bundles/polite"),
        Source(git="https://x.example/y.git", rev="0" * 40),
        Source(git="ssh://git@x.example/y.git", rev="0" * 40, subdir="a/b"),
        Source(archive="https://x.example/y.zip", sha256="0" * 64),
    ],
)
def test_what_a_lock_keeps_can_be_fetched_again(source):
    assert source_of(str(source)) == source
    assert requirement_of(str(source)) == ""


def test_a_requirement_is_no_place_of_files():
    assert source_of("requirement:x==1") is None
    assert requirement_of("requirement:x==1") == "x==1"
