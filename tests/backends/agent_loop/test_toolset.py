"""Which tools a call gets."""

from __future__ import annotations

from dataclasses import dataclass

from hocket.api.calls import Options
from hocket.api.tools import AgentType, Effect
from hocket_plugins.backends.agent_loop.toolset import AGENT, toolset


def chosen(agents, kind=None, default=None, **options):
    names = ("Agent", "Bash", "Edit", "Read", "mcp__git__log", "mcp__git__push")
    installed = {name: agents.Trick(name) for name in names}
    return toolset(Options(**options), kind, installed, default)


def test_nobody_said_anything(agents):
    found = chosen(agents)
    assert found.names == ("Bash", "Edit", "Read")  # servers must be named
    assert (found.named, found.default, found.unknown) == (False, True, ())


def test_names_come_sorted_whatever_their_order(agents):
    found = chosen(agents, tools=("Read", "Bash"))
    assert (found.names, found.named, found.default) == (("Bash", "Read"), True, False)
    assert chosen(agents, tools=("Bash", "Read")).names == found.names


def test_rules_are_names_with_something_behind(agents):
    assert chosen(agents, tools=("Bash(npm test:*)", " Edit (src/**)")).names == (
        "Bash",
        "Edit",
    )


def test_a_star_takes_all_that_fit(agents):
    assert chosen(agents, tools=("mcp__git__*",)).names == (
        "mcp__git__log",
        "mcp__git__push",
    )


def test_what_is_disallowed_is_out(agents):
    found = chosen(agents, disallowed_tools=("mcp__*", "Bash(rm)"))
    assert found.names == ("Edit", "Read")


def test_an_unknown_name_is_reported_for_the_script_only(agents):
    assert chosen(agents, tools=("Raed", "mcp__x__*")).unknown == ("Raed", "mcp__x__*")
    kind = AgentType("k", "", "", ("WebSearch", "Read"))
    found = chosen(agents, kind)
    assert (found.names, found.unknown, found.named) == (("Read",), (), False)


def test_the_script_goes_before_the_type_and_the_type_before_the_default(agents):
    kind = AgentType("k", "", "", ("Read",))
    assert chosen(agents, kind, ("Bash",), tools=("Edit",)).names == ("Edit",)
    assert chosen(agents, kind, ("Bash",)).names == ("Read",)
    assert chosen(agents, None, ("Bash", AGENT)).names == (AGENT, "Bash")


def test_it_knows_whether_anything_reads_outside(agents):
    web = agents.Trick("Web", effects=frozenset({Effect.READ_OUTSIDE}))
    read = agents.Trick("Read", effects=frozenset({Effect.READ_PROJECT}))
    assert toolset(Options(), None, {"Web": web, "Read": read}, None).reads_outside
    assert not toolset(Options(), None, {"Read": read}, None).reads_outside


@dataclass
class Picky:
    """A tool that needs something."""

    name: str
    lack: str | None
    effects: frozenset = frozenset()

    def lacks(self):
        return self.lack


def lacking(kind=None, default=None, **options):
    tools = [Picky("Read", None), Picky("Search", "it needs a source"), Picky("See", "no eyes")]
    return toolset(Options(**options), kind, {tool.name: tool for tool in tools}, default)


def test_what_lacks_something_is_left_out_of_the_default_set():
    found = lacking()
    assert (found.names, found.missing) == (("Read",), {})


def test_what_lacks_something_and_was_named_is_missing_with_its_reason():
    found = lacking(tools=("Search(x)", "Read"))
    assert (found.names, found.missing) == (("Read",), {"Search": "it needs a source"})
    assert found.unknown == ()


def test_a_star_names_nobody():
    found = lacking(tools=("Se*",))
    assert (found.names, found.missing) == ((), {})


def test_what_a_type_or_the_settings_name_is_missing_too_but_unknown_to_nobody():
    kind = AgentType("k", "", "", ("Search", "Fetch", "Read"))
    expected = {"Search": "it needs a source", "Fetch": ""}
    for found in (lacking(kind), lacking(tools=("Search", "Fetch", "Read"))):
        assert found.missing == expected
    assert lacking(kind).unknown == ()
    assert lacking(default=("See",)).missing == {}


def test_what_is_disallowed_is_not_missed():
    assert lacking(tools=("Search", "Fetch"), disallowed_tools=("Search", "Fetch")).missing == {}
