"""What a script says of the rights of its agents, call by call."""

from __future__ import annotations

import ast

import pytest

from hocket.scripts.reading.phasing import UNTOLD
from hocket.scripts.reading.sites import Site, sites

HEAD = """\
from hocket.script import agent, attempt, classify_and_act, fan_out, phase, verify, workflow
WEB = ["WebSearch", "WebFetch"]
FILES: tuple = ("Read", "Grep")
TWICE = ["Bash"]
TWICE = ["Edit"]
MADE = [name for name in "ab"]
"""


def read(body):
    return sites(ast.parse(f"{HEAD}async def main():\n    {body}\n"))


def one(body):
    (site,) = read(body)
    return site


@pytest.mark.parametrize(
    ("given", "tools"),
    [
        ("['Read', 'Edit(src/**)']", ("Read", "Edit(src/**)")),
        ("('Read',)", ("Read",)),
        ("[]", ()),
        ("WEB", ("WebSearch", "WebFetch")),
        ("FILES", ("Read", "Grep")),
        ("[*WEB, 'Read', *FILES]", ("WebSearch", "WebFetch", "Read", "Read", "Grep")),
    ],
)
def test_tools_that_the_text_names(given, tools):
    site = one(f"await agent('x', tools={given})")
    assert (site.tools, site.is_told, site.line) == (tools, True, 8)


@pytest.mark.parametrize(
    "given", ["TWICE", "MADE", "names", "[name]", "[*more]", "['a', 1]", "f()"]
)
def test_tools_that_nobody_can_tell(given):
    site = one(f"await agent('x', tools={given})")
    assert (site.tools, site.is_told) == (None, False)


@pytest.mark.parametrize("call", ["agent('x')", "agent('x', tools=None)", "map(agent, 'ab')"])
def test_a_call_that_names_none(call):
    assert one(f"await {call}") == Site(8, (UNTOLD,))


def test_what_is_spread_into_a_call_may_name_tools():
    assert not one("await agent('x', **more)").is_told
    assert one("await agent('x', tools=['Read'], **more)").is_told


def test_a_child_cannot_be_told():
    assert one("await workflow('other')") == Site(8, (UNTOLD,), is_told=False)


@pytest.mark.parametrize(
    ("given", "phases"),
    [
        ("", ("One",)),
        (", phase='Two'", ("Two",)),
        (", phase=None", ("One",)),
        (", phase=title", (UNTOLD,)),
    ],
)
def test_a_call_may_say_its_phase(given, phases):
    assert one(f"phase('One'); await attempt('x'{given})").phases == phases


@pytest.mark.parametrize(
    ("given", "marked"),
    [
        ("untrusted=True", True),
        ("untrusted=maybe", True),
        ("untrusted=False", False),
        ("untrusted=None", False),
        ("inputs=['a.txt']", False),
        ("inputs=[{'path': 'a', 'untrusted': True}]", True),
        ("inputs=[{'path': p, 'untrusted': False} for p in paths]", False),
        ("inputs=[{'path': p, 'untrusted': True} for p in paths]", True),
        ("inputs=[{**more}]", False),
        ("schema={'untrusted': True}", False),
    ],
)
def test_what_is_marked_untrusted(given, marked):
    assert one(f"await agent('x', {given})").is_marked is marked


def test_the_other_rights_are_read_too():
    site = one(
        "await agent('x', isolation='worktree', agent_type='explore', "
        "disallowed_tools=['Bash'], tools=['*'])"
    )
    assert site == Site(8, (UNTOLD,), ("*",), ("Bash",), is_isolated=True, agent_type="explore")
    assert one("await agent('x', disallowed_tools=names)").without == ()


def test_a_pattern_asks_with_its_own_tools_and_with_those_of_its_roles():
    found = read(
        "await classify_and_act(items, into, tools=['Read'], schema={'tools': ['Not']}, "
        "act={'bug': {'prompt': 'fix', 'tools': ['Edit']}, 'spam': 'drop'}, "
        "judge={'tools': WEB, 'model': 'm'})"
    )
    assert [site.tools for site in found] == [("Read",), ("Edit",), ("WebSearch", "WebFetch")]


def test_what_a_pattern_is_given_may_be_data_of_that_name():
    found = read("await verify([{'tools': {'a': 1}}, agent('x', tools=['Read'])], against='w')")
    assert [site.tools for site in found] == [None, ("Read",)]
    assert one("await agent('x', schema={'properties': {'tools': ['a']}})").tools is None
