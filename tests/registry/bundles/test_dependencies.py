"""What a bundle needs: names of its own registry, or qualified ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.bundles import dependencies
from hocket.registry.bundles.dependencies import qualified
from hocket.registry.forms.fields import Fields
from hocket.registry.forms.names import Unfit

NAMES = st.from_regex(r"x[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


def read(table, own="demo"):
    problems = []
    found = dependencies.read(Fields({"dependencies": table}, problems), own)
    return {key: one.text for key, one in found.items()}, [str(one) for one in problems]


def test_none_are_none():
    assert dependencies.read(Fields({}, []), "demo") == {}
    assert read({}) == ({}, [])


def test_they_come_sorted_with_their_ranges():
    found, problems = read({"web": "^1.2", "core/rubrics": "~0.3", "acme": ">=1, <2"})
    assert list(found.items()) == [("acme", ">=1,<2"), ("core/rubrics", "~0.3"), ("web", "^1.2")]
    assert problems == []


def test_a_bundle_of_its_own_name_in_another_registry_is_another():
    assert read({"acme/demo": "*"}) == ({"acme/demo": "*"}, [])


def test_all_that_is_wrong_is_told():
    found, problems = read({"a/b/c": "*", "web": "latest", "demo": "*", "ok2": 5})
    assert found == {"demo": "*"}
    assert problems == [
        'bundle.toml: dependencies: "a/b/c" is not NAME or REGISTRY/NAME',
        "bundle.toml: dependencies.demo: depends on itself",
        "bundle.toml: dependencies.ok2: 5 is not a range",
        'bundle.toml: dependencies.web: "latest" is not a range',
    ]


@pytest.mark.parametrize(
    "text",
    ["", "/", "a/", "/a", "x", "X1", "core", "a1//b1", "a1/b1/c1", "../x1", "x1/core", "a1\\b1"],
)
def test_what_is_no_reference(text):
    with pytest.raises(Unfit) as caught:
        qualified(text)
    assert str(caught.value).endswith(" is not NAME or REGISTRY/NAME")


@given(NAMES, NAMES | st.just("core"))
def test_a_reference_comes_apart(name, registry):
    assert qualified(name) == ("", name)
    assert qualified(f"{registry}/{name}") == (registry, name)
