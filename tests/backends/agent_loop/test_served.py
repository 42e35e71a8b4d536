"""Web search by the model's own service: offered where ours cannot work, and treated as outside."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hocket.api.calls import Usage
from hocket.api.messages import Foreign, Stop, ToolUse
from hocket.api.tools import AgentType, Effect, ToolOutput
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse

ABLE = {"server_tools": ("web_search",)}
SEARCHED = Foreign(provider="scripted", data={"type": "web_search_tool_result", "content": []})
WRITES = frozenset({Effect.WRITE_WORKSPACE})
ONE = Usage(input=100, output=10, cost_micros=None, searches=1)


@dataclass
class Search:
    """Our own search tool, with or without a source."""

    lack: str | None = "it needs a source"
    name: str = "WebSearch"
    description: str = "Search."
    effects: frozenset = frozenset({Effect.READ_OUTSIDE})

    @property
    def input_schema(self):
        return {"type": "object"}

    def lacks(self):
        return self.lack

    def shown(self, arguments):
        return "WebSearch"

    async def run(self, arguments, context):
        return ToolOutput("found by ours")


@pytest.mark.parametrize("tools", [(), (Search(),)], ids=["none installed", "without a source"])
def test_a_named_search_is_asked_of_the_service(agents, tools):
    found = ScriptedTurn(text="Found.", blocks=(SEARCHED,), usage=ONE)
    played = agents.play(found, tools=tools, named=("WebSearch",), able=ABLE)
    (request,) = played.model.requests
    assert (request.server_tools, request.tools) == (("web_search",), ())
    assert (played.outcome.value, played.outcome.label.outside) == ("Found.", True)
    assert played.lines("call")[0]["tools"] == ["WebSearch"]
    assert played.context.usage.searches == 1
    assert [use.shown for use in played.context.uses] == ["WebSearch"]


def test_an_agent_type_names_it_too(agents):
    kind = AgentType("k", "", "", ("WebSearch",))
    played = agents.play("x", types=(kind,), agent_type="k", able=ABLE)
    assert played.model.requests[0].server_tools == ("web_search",)


def test_ours_goes_first_where_it_works(agents):
    played = agents.play("x", tools=[Search(None)], named=("WebSearch",), able=ABLE)
    (request,) = played.model.requests
    assert (request.server_tools, [tool.name for tool in request.tools]) == ((), ["WebSearch"])


def test_where_nobody_can_the_call_is_refused_before_its_first_turn(agents):
    lacking = agents.play("x", tools=[Search()], named=("WebSearch",))
    assert lacking.end == ("refused", "WebSearch cannot be used: it needs a source")
    missing = agents.play("x", named=("WebSearch",))
    assert missing.end == ("refused", "WebSearch cannot be used: no installed tool has that name")
    assert (lacking.model.requests, missing.model.requests) == ([], [])


def test_whom_a_type_or_nobody_gives_it_goes_without(agents):
    kind = AgentType("k", "", "", ("WebSearch", "Read"))
    tools = [Search(), agents.Trick("Read")]
    typed = agents.play("x", tools=tools, types=(kind,), agent_type="k")
    default = agents.play("x", tools=tools, able=ABLE)
    for played in (typed, default):
        assert [tool.name for tool in played.model.requests[0].tools] == ["Read"]
        assert played.model.requests[0].server_tools == ()


def test_policies_decide_before_it_is_offered(agents):
    context = agents.context()
    context.denied["WebSearch"] = "no web here"
    played = agents.play("x", named=("WebSearch",), able=ABLE, context=context)
    assert played.end == ("refused", "WebSearch cannot be used: no web here")
    assert played.model.requests == []


def test_a_pause_is_sent_again_as_it_stands(agents):
    pause = ScriptedTurn(blocks=(SEARCHED,), stop=Stop.PAUSE, usage=ONE)
    played = agents.play(pause, "Found.", named=("WebSearch",), able=ABLE)
    assert [len(one.messages) for one in played.model.requests] == [1, 2]
    assert played.model.requests[1].messages[-1].blocks == (SEARCHED,)
    assert played.outcome.value == "Found."


def test_what_it_found_comes_from_outside_for_the_policies(agents):
    tool = agents.Trick("Write", effects=WRITES)
    use = ToolUse(id="u", name="Write", raw="{}")
    kind = AgentType("k", "", "", ("WebSearch", "Write"))
    turn = ScriptedTurn(blocks=(SEARCHED, use), stop=Stop.TOOLS)
    played = agents.play(turn, "No.", tools=[tool], types=(kind,), agent_type="k", able=ABLE)
    assert [use.label.sources for use in played.context.uses] == [set(), {"service"}]


def test_searches_are_reserved_and_come_to_an_end(agents):
    usage = Usage(input=100, output=10, cost_micros=None, searches=5)
    pause = ScriptedTurn(blocks=(SEARCHED,), stop=Stop.PAUSE, usage=usage)
    turns = [pause] * 6
    played = agents.play(*turns, "x", named=("WebSearch",), able=ABLE)
    offered = [bool(one.server_tools) for one in played.model.requests]
    assert offered == [True] * 4 + [False] * 3
    assert played.context.usage.searches == 30


def test_the_worst_of_a_turn_with_searches_is_priced_with_them(agents):
    asked = []

    def price(_provider, _model, usage):
        asked.append(usage)
        return usage.searches * 10_000 + usage.input

    context = agents.context()
    context.price = price
    agents.play("x", named=("WebSearch",), able=ABLE, context=context)
    first = asked[0]
    assert (first.searches, first.input > 50_000) == (5, True)
    assert context.grown[0].cost_micros > 100_000


def test_a_child_may_search_as_its_parent_may(agents):
    kind = AgentType("k", "", "", ("WebSearch",))
    ask = ScriptedTurn(uses=(ScriptedUse("Agent", {"prompt": "Look.", "agent_type": "k"}),))
    named = ("Agent", "WebSearch")
    played = agents.play(ask, "x", types=(kind,), named=named, able=ABLE)
    ((_, options, _),) = played.context.spawned
    assert options.tools == ("WebSearch",)
    assert played.results(1)[0].label.outside


def test_siblings_with_and_without_it_share_no_prefix(agents):
    able = {**ABLE, "prefix_cache": "explicit", "prefix_minimum": 1}
    context = agents.context()
    model = ScriptedModel("x", capabilities=agents.able(**able))
    for named in (("WebSearch",), ()):
        agents.play(model=model, named=named, context=context)
    (_, first), (_, second) = [one for one in context.sent if one[1]]
    assert first != second
