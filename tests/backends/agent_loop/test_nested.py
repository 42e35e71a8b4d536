"""Agents that ask for agents: with no more tools than their own, and readers beget readers."""

from __future__ import annotations

from hocket.api.calls import EndState, Options, Outcome
from hocket.api.tools import AgentType, Effect
from hocket.testing import ScriptedToolContext, ScriptedTurn, ScriptedUse, run
from hocket_plugins.backends.agent_loop.nested import AgentTool

WEB = frozenset({Effect.READ_OUTSIDE})
TYPES = [AgentType("looker", "", "Look.", ("Bash", "Read")), AgentType("any", "", "Do.")]


def asking(**arguments):
    return ScriptedTurn(uses=(ScriptedUse("Agent", arguments),))


def played(agents, *turns, children=None, tools=("Agent", "Read"), **more):
    context = agents.context()
    context.children = children or {}
    tricks = [
        agents.Trick("Read"),
        agents.Trick("Bash"),
        agents.Trick("Web", "w", WEB, label=agents.OUTSIDE),
    ]
    named = {"named": tools} if tools is not None else {}
    return agents.play(*turns, "x", tools=tricks, types=TYPES, context=context, **named, **more)


def test_an_agent_must_be_named_to_be_had(agents):
    names = [tool.name for tool in played(agents, tools=None).model.requests[0].tools]
    assert names == ["Bash", "Read", "Web"]
    names = [tool.name for tool in played(agents).model.requests[0].tools]
    assert names == ["Agent", "Read"]


def test_its_text_is_the_result(agents):
    done = played(agents, asking(prompt="Count."), children={"Count.": "42"})
    assert done.told(1) == ["42"]
    ((prompt, options, label),) = done.context.spawned
    assert (prompt, label) == ("Count.", "Count.")
    assert options == Options(tools=("Read",))
    assert done.context.uses[0].shown == "Agent(*)"


def test_what_is_no_text_comes_as_json(agents):
    assert played(agents, asking(prompt="p"), children={"p": {"n": 1}}).told(1) == ['{"n": 1}']


def test_a_type_has_no_tool_that_the_asking_one_lacks(agents):
    done = played(agents, asking(prompt="p", agent_type="looker"))
    ((_, options, _),) = done.context.spawned
    assert (options.agent_type, options.tools) == ("looker", ("Read",))
    assert done.context.uses[0].shown == "Agent(looker)"


def test_rules_are_handed_on_as_they_are(agents):
    done = played(agents, asking(prompt="p"), tools=("Agent", "Bash(npm test:*)", "Read"))
    ((_, options, _),) = done.context.spawned
    assert set(options.tools) == {"Bash(npm test:*)", "Read"}


def test_the_whole_default_set_stays_the_default_set(agents):
    section = {"tools": ("Agent", "Read", "Bash", "Web")}
    done = played(
        agents, asking(prompt="p"), tools=None, section=section, disallowed_tools=("Bash",)
    )
    ((_, options, _),) = done.context.spawned
    assert options == Options(disallowed_tools=("Bash",))
    assert done.outcome.label.outside


def test_who_has_read_from_outside_asks_for_readers(agents):
    web = ScriptedTurn(uses=(ScriptedUse("Web", {}),))
    done = played(agents, web, asking(prompt="p"), tools=("Agent", "Web", "Read"))
    ((_, options, _),) = done.context.spawned
    assert options.untrusted
    assert done.results(2)[0].label.sources == {"Agent", "web"}


def test_who_cannot_read_outside_brings_nothing_from_there(agents):
    assert played(agents, asking(prompt="p"), children={"p": "y"}).outcome.notes == ()


def test_an_agent_that_failed_is_an_error_with_what_it_had(agents):
    failed = Outcome(EndState.STALLED, cause="nothing came", partial="half")
    done = played(agents, asking(prompt="p"), children={"p": failed})
    assert done.results(1)[0].is_error
    assert done.told(1) == ["The agent ended stalled: nothing came.\nWhat it had: half"]
    done = played(agents, asking(prompt="p"), children={"p": Outcome(EndState.ERROR)})
    assert done.told(1) == ["The agent ended error: no cause known."]


def test_what_cannot_be_asked_for_is_said(agents):
    for arguments, told in (
        ({}, "'prompt' must be a text."),
        ({"prompt": " "}, "'prompt' must be a text."),
        ({"prompt": "p", "agent_type": "z"}, "There is no agent type 'z'; known: any, looker."),
    ):
        done = played(agents, asking(**arguments))
        assert (done.told(1), done.results(1)[0].is_error) == ([told], True)


def test_without_a_call_there_is_nobody_to_ask(tmp_path):
    output = run(AgentTool({}, {}).run({"prompt": "p"}, ScriptedToolContext(tmp_path)))
    assert output.is_error


def test_who_waits_for_another_keeps_no_more_than_a_last_turn(agents):
    ask = ScriptedUse("Agent", {"prompt": "Look."})
    played = agents.play(ScriptedTurn(uses=(ask, ask)), "x", named=("Agent",))
    assert [bound.output for bound in played.context.grown] == [34_000, 2_000, 34_000]
