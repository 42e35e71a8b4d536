"""Consent is asked for what is new, and for nothing that was given already."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.registry.capabilities.difference import allows, difference, ids
from hocket.registry.capabilities.table import capability_hash

LISTS = {
    "tools": ["Read", "Bash", "mcp__*", "mcp__files__read"],
    "read": ["**", "docs/**", "docs/a.md", ".env", "docs/.git/x"],
    "network": ["*", "example.org", "www.example.org"],
    "shell": ["*", "git", "@checks"],
    "env": ["HOME"],
    "mcp": ["*"],
}
ANY_PROGRAM, GIT = {"shell": ("*",)}, {"shell": ("git",)}
CEILINGS = st.builds(
    Ceiling,
    agents=st.integers(0, 3),
    reveal=st.booleans(),
    hooks=st.booleans(),
    inline_exec=st.booleans(),
    **{key: st.lists(st.sampled_from(items)).map(tuple) for key, items in LISTS.items()},
)


def test_ids_are_what_accept_takes():
    ceiling = Ceiling(
        tools=("Read",), network=("*",), agents=12, reveal=True, inline_exec=True, env=("HOME",)
    )
    assert ids(ceiling) == (
        "agents:12",
        "env:HOME",
        "inline-exec",
        "network:*",
        "reveal",
        "tools:Read",
    )
    assert ids(Ceiling()) == ()


def test_a_change_is_told_from_both_sides():
    change = difference(
        Ceiling(tools=("Read",), agents=100, read=("docs/**",), reveal=True),
        Ceiling(tools=("Read", "Write"), agents=120, read=("docs/a.md",)),
    )
    assert change.added == ("agents:120", "read:docs/a.md", "tools:Write")
    assert change.removed == ("agents:100", "read:docs/**", "reveal")
    assert change.widened == ("agents:120", "tools:Write")
    assert change.narrowed == ("read:docs/**", "reveal")


@pytest.mark.parametrize(
    ("held", "wanted", "is_allowed"),
    [
        (Ceiling(agents=100), "agents:100", True),
        (Ceiling(agents=100), "agents:101", False),
        (Ceiling(reveal=True), "reveal", True),
        (Ceiling(), "hooks", False),
        (Ceiling(tools=("mcp__*",)), "tools:mcp__files__read", True),
        (Ceiling(tools=("mcp__*",)), "tools:Bash", False),
        (Ceiling(network=("example.org",)), "network:www.example.org", True),
        (Ceiling(network=("example.org",)), "network:notexample.org", False),
        # A host by its name may be reached at addresses that are not public; `*` may not.
        (Ceiling(network=("*",)), "network:example.org", False),
        (Ceiling(network=("example.org",)), "network:*", False),
        (Ceiling(**ANY_PROGRAM), "shell:git", True),
        (Ceiling(**GIT), "shell:*", False),
        (Ceiling(mcp=("*",)), f"mcp:a@1#sha256:{'0' * 64}", False),
        (Ceiling(env=("HOME",)), "env:PATH", False),
        (Ceiling(read=("**",)), "read:docs/**", True),
        (Ceiling(read=("docs/**",)), "read:docs/a/*.md", True),
        (Ceiling(read=("docs/**",)), "read:docs", False),
        (Ceiling(read=("docs/**",)), "read:docsy/a", False),
        (Ceiling(read=("do*/**",)), "read:do*/a", False),
        (Ceiling(read=("docs**",)), "read:docs/a", False),
        (Ceiling(read=("docs/*",)), "read:docs/a", False),
        # What no wildcard covers has to be asked for by its name.
        (Ceiling(read=("**",)), "read:.env.local", False),
        (Ceiling(write=("**",)), "write:sub/.GIT/config", False),
        (Ceiling(write=("**",)), "write:hocket.lock", False),
        (Ceiling(read=("**",)), "read:keys/server.pem", False),
        (Ceiling(read=("**",)), "read:{.env,a}", False),
        (Ceiling(read=("**",)), "read:[.]env", False),
        (Ceiling(read=("**", ".env")), "read:.env", True),
    ],
)
def test_what_is_allowed_already(held, wanted, is_allowed):
    assert allows(held, wanted) is is_allowed


def test_an_undeclared_table_has_given_nothing_yet():
    assert difference(Ceiling(is_declared=False), Ceiling(agents=1)).widened == ("agents:1",)


@given(CEILINGS, CEILINGS)
def test_it_is_empty_exactly_when_the_hashes_are_equal(old, new):
    change = difference(old, new)
    assert bool(change) is (capability_hash(old) != capability_hash(new))
    assert set(change.widened) <= set(change.added)
    assert set(change.narrowed) <= set(change.removed)


@given(CEILINGS, CEILINGS)
def test_the_way_back_is_the_same_the_other_way_round(old, new):
    there, back = difference(old, new), difference(new, old)
    assert (there.added, there.widened) == (back.removed, back.narrowed)
    assert (there.removed, there.narrowed) == (back.added, back.widened)


@given(CEILINGS)
def test_nothing_is_asked_twice(ceiling):
    assert all(allows(ceiling, each) for each in ids(ceiling))
