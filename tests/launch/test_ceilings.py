"""What a run keeps of its ceiling, what a resume takes of it, and what its card says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import AGENTS, FLAGS, LISTS, Ceiling
from hocket.api.scripts import Manifest, Script
from hocket.launch import ceilings
from hocket.launch.ceilings import meet, rows, told
from hocket.registry.capabilities.difference import allows, ids

UNDECLARED = replace(Ceiling(), is_declared=False)
WIDE = Ceiling(  # noqa: S604  (a key of the table)
    tools=("Read", "mcp__*"),
    read=("**",),
    network=("*",),
    shell=("*",),
    agents=9,
    reveal=True,
)
NARROW = Ceiling(  # noqa: S604  (a key of the table)
    tools=("Read", "mcp__s__t"),
    read=("docs/**", ".env"),
    network=("example.org",),
    shell=("make",),
    agents=3,
)
SCRIPT = Script("x.py", "", "d", "python", Manifest(name="x", description="X."), WIDE, "demo")

ITEMS = {
    "env": ("A", "B"),
    "mcp": ("*", f"s@1#sha256:{'a' * 64}"),
    "network": ("*", "example.org", "api.example.org"),
    "read": ("**", "docs/**", "docs/a", ".env"),
    "shell": ("*", "make", "npm"),
    "tools": ("Read", "Bash", "mcp__*", "mcp__s__t"),
    "write": ("**", "out/**"),
}
TABLES = st.builds(
    lambda agents, flags, lists: Ceiling(agents=agents, reveal=flags, **lists),
    st.integers(0, 5),
    st.booleans(),
    st.fixed_dictionaries(
        {
            key: st.lists(st.sampled_from(items), max_size=3).map(tuple)
            for key, items in ITEMS.items()
        }
    ),
)


def test_both_allow_what_is_left():
    left = meet(WIDE, NARROW)
    # A wildcard stands for no host by name, and for no protected file.
    assert left == replace(NARROW, read=("docs/**",), network=())


@given(TABLES, TABLES)
def test_it_is_never_more_than_either_of_them(one, other):
    left = meet(one, other)
    for each in ids(left):
        assert allows(one, each)
        assert allows(other, each)
    assert meet(other, one) == left
    assert meet(left, one) == left


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        (None, None, None),
        (WIDE, None, WIDE),
        (None, WIDE, WIDE),
        (WIDE, WIDE, WIDE),
        (WIDE, UNDECLARED, UNDECLARED),
        (UNDECLARED, WIDE, UNDECLARED),
    ],
)
def test_of_one_alone_all_is_left_and_of_nothing_declared_nothing(one, other, left):
    assert meet(one, other) == left


def test_a_run_keeps_what_it_was_held_to():
    kept = told(SCRIPT)
    assert kept["bundle"] == "demo"
    assert kept["ceiling"] == {**WIDE.table(), "declared": True}
    assert {*kept["ceiling"]} == {*LISTS, *FLAGS, AGENTS, "declared"}
    assert told(replace(SCRIPT, ceiling=None)) == {}


class Nowhere:
    """A project that has no bundles: nobody here knows more than the run's folder says."""

    def __init__(self, project):
        self.root = self.here = project
        self.typed = self
        self.env = {}


@pytest.mark.parametrize("ceiling", [WIDE, NARROW, UNDECLARED])
def test_a_script_that_goes_on_is_held_to_it_again(hocket_project, ceiling):
    kept = told(replace(SCRIPT, ceiling=ceiling))
    plain = replace(SCRIPT, ceiling=None, bundle="")
    again = ceilings.resumed(Nowhere(hocket_project), plain, kept)
    assert (again.ceiling, again.bundle) == (ceiling, "demo")
    assert ceilings.resumed(Nowhere(hocket_project), plain, {}) is plain


@pytest.mark.parametrize(
    ("kept", "declared"),
    [
        (None, False),
        ("all", False),
        ({"tools": ["Read"]}, False),
        ({"tools": ["Read"], "files": ["**"], "declared": True}, True),
        ({"agents": 10**9, "tools": ["Read"], "declared": True}, True),
    ],
)
def test_what_cannot_be_read_allows_nothing(hocket_project, kept, declared):
    plain = replace(SCRIPT, ceiling=None, bundle="")
    again = ceilings.resumed(Nowhere(hocket_project), plain, {"ceiling": kept})
    assert again.ceiling.is_declared is declared
    if declared:
        assert again.ceiling == Ceiling()


def test_a_card_says_what_it_may_do_at_the_most():
    assert [*rows(WIDE)] == [
        "network *",
        "read **",
        "shell *",
        "tools Read, mcp__*",
        "reveal: its script may see words from outside",
        "no env, mcp, write",
    ]
    assert [*rows(UNDECLARED)] == [ceilings.UNDECLARED]
    assert [*rows(None)] == []


def test_of_one_that_may_do_something_of_everything_nothing_is_said_to_be_closed():
    whole = Ceiling(**{key: items[:1] for key, items in ITEMS.items()})
    assert not any(row.startswith("no ") for row in rows(whole))
