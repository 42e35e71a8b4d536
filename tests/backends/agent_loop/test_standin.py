"""The loop on the real Anthropic provider against the strict stand-in, which counts."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.markers import hookimpl
from hocket.api.tools import AgentType
from hocket.testing import ScriptedContext, Stage, run_script
from hocket.testing.standin import (
    Answered,
    Fault,
    Raw,
    Reply,
    Said,
    StandIn,
    Thought,
    Used,
    serving,
)

pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")

from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}
PLENTY = 10**9


@pytest.fixture(autouse=True)
def key(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("ANTHROPIC_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")


def provider(url):
    return AnthropicProvider("anthropic", AnthropicSection(base_url=url), os.environ)


def played(agents, replies, *, tools=(), able_model="standin", **options):
    """Play one call on a server that gives one reply after another."""
    asked, row = [], iter(replies)

    def reply(request):
        asked.append(request.body)
        return next(row)

    context = ScriptedContext(room=PLENTY)

    async def story():
        async with StandIn(rules=reply) as server:
            model = provider(server.url)
            loop = agents.loop(model, tools, section={"model": able_model})
            named = options.pop("named", None)
            outcome = await loop.run(agents.call(tools=named, **options), context)
            await loop.aclose()
            return outcome

    return asyncio.run(story()), asked, context


def test_a_conversation_with_tools_and_thoughts_is_taken_by_a_strict_server(agents):
    tools = [agents.Trick("Read", lambda given: f"text {given['x']}"), agents.Trick("Grep", "")]
    replies = [
        Reply(blocks=(Thought("First I look."), Used.with_input("Read", x=1), Used("Grep", "{}"))),
        Reply(blocks=(Said("Again."), Used("Read", '{"x": 2'))),
        Reply(blocks=(Used.with_input("Nope"),)),
        Reply(blocks=(Said("Found."),)),
    ]
    outcome, asked, context = played(agents, replies, tools=tools)
    assert (outcome.state.value, outcome.value) == ("ok", "Found.")
    assert [len(body["messages"]) for body in asked] == [1, 3, 5, 7]
    first = asked[1]["messages"][2]["content"]
    assert [one["type"] for one in first] == ["tool_result"] * 2
    assert asked[2]["messages"][4]["content"][0]["is_error"]
    assert [tool["name"] for tool in asked[0]["tools"]] == ["Grep", "Read"]
    assert all(usage.output > 0 and not usage.estimated for usage in context.spent)


def test_an_answer_is_corrected_in_the_same_conversation(agents):
    replies = [Reply(blocks=(Answered({"n": "x"}),)), Reply(blocks=(Answered({"n": 1}),))]
    context_complaint = "n: must be an integer"
    asked = []
    context = ScriptedContext([context_complaint], room=PLENTY)
    row = iter(replies)

    def reply(request):
        asked.append(request.body)
        return next(row)

    async def story():
        async with StandIn(rules=reply) as server:
            loop = agents.loop(
                provider(server.url), [agents.Trick("Read")], section={"model": "standin"}
            )
            outcome = await loop.run(agents.call(schema=SCHEMA), context)
            await loop.aclose()
            return outcome

    outcome = asyncio.run(story())
    assert outcome.value == {"n": 1}
    assert context_complaint in json.dumps(asked[1]["messages"][2])


def test_without_tools_the_servers_grammar_holds_the_answer(agents):
    outcome, asked, _ = played(agents, [Reply(blocks=(Answered({"n": 1}),))], schema=SCHEMA)
    assert outcome.value == {"n": 1}
    assert asked[0]["output_config"]["format"]["schema"] == SCHEMA


def test_pauses_refusals_and_cut_off_uses_end_as_told(agents):
    tool = agents.Trick("Read")
    search = Raw({"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}})
    paused = [Reply(blocks=(search,), stop="pause_turn"), Reply(blocks=(Said("Found."),))]
    assert played(agents, paused)[0].value == "Found."
    refusal = [Reply(blocks=(Said("No."),), stop="refusal")]
    assert played(agents, refusal)[0].cause == "model_refusal"
    cut = [Reply(blocks=(Used("Read", '{"x": 1'),), stop="max_tokens")] * 2
    outcome, asked, _ = played(agents, cut, tools=[tool])
    assert (outcome.cause, tool.begun) == ("output_limit", [])
    assert [body["max_tokens"] for body in asked] == [32_000, 64_000]


def test_the_last_turn_is_taken_by_a_strict_server(agents):
    tool = agents.Trick("Read")
    replies = [Reply(blocks=(Used.with_input("Read", x=n),)) for n in range(49)]
    outcome, asked, _ = played(agents, [*replies, Reply(blocks=(Said("All."),))], tools=[tool])
    assert (outcome.value, asked[-1]["tool_choice"]) == ("All.", {"type": "none"})


FAULTS = [
    Fault("nostop"),
    Fault("sseerror"),
    Fault("badjson"),
    Fault("resethead"),
    *(Fault(kind, cut=cut) for kind in ("resetmid", "trunc") for cut in (1, 90, 400, 700)),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.cut}")
def test_a_reply_that_breaks_anywhere_changes_nothing(agents, fault):
    said = Said("The answer, at some length, so that there is something to cut in two.")
    broken, whole = Reply(blocks=(said,), fault=fault), Reply(blocks=(said,))
    outcome, asked, context = played(agents, [broken, whole])
    assert outcome.value == said.text
    assert asked[0] == asked[1]
    assert context.submitted == [said.text]


def test_a_prompt_that_is_too_long_is_never_sent_twice(agents):
    outcome, asked, _ = played(
        agents,
        [Reply(blocks=(Said("x"),))],
        able_model="standin-small",
        prompt="word " * 20_000,
    )
    assert outcome.cause.startswith("context_full")
    assert len(asked) <= 1


class Offers:
    """A plugin with an agent type that has much to say."""

    @hookimpl
    def hocket_register_agent_types(self, settings):
        return [AgentType("long", "", "The rules of this project are long. " * 1_700, ("Read",))]


SIBLINGS = """
from hocket.script import agent, parallel, args
meta = {"name": "siblings", "description": "Twelve of them."}
async def main():
    def one(n):
        schema = {"type": "object", "title": str(n % args["schemas"]), "required": ["n"],
                  "properties": {"n": {"type": "integer"}}, "additionalProperties": False}
        return lambda: agent("answer={\\"n\\": 7}; Sibling " + str(n), schema=schema,
                             agent_type="long")
    return await parallel([one(n) for n in range(12)])
"""


@pytest.mark.parametrize(("schemas", "writes"), [(1, 1), (2, 2), (6, 1)])
def test_twelve_siblings_write_a_prefix_once_for_each_tool_they_answer_with(
    hocket_project, schemas, writes
):
    with serving(StandIn()) as server:
        settings = f'[anthropic]\nbase_url = "{server.url}"\n[agent_loop]\nmodel = "standin"\n'
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(settings, "utf-8")
        stage = Stage(
            real_time=True,
            flags={"concurrency": 12},
            choices={"backend": "agent_loop"},
            plugins={"types": Offers()},
        )
        done = run_script(SIBLINGS, project=hocket_project, args={"schemas": schemas}, stage=stage)
    assert done.result == [{"n": 7}] * 12
    usages = [entry.usage for entry in server.log]
    long = [
        one["cache_creation_input_tokens"]
        for one in usages
        if one["cache_creation_input_tokens"] > 9_000
    ]
    assert len(usages) == 12
    assert len(long) == writes


def test_a_search_by_the_service_is_counted_priced_and_from_outside(agents):
    found = {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_standin",
        "content": [{"type": "web_search_result", "url": "https://a.example", "title": "A"}],
    }
    counts = {"input_tokens": 50, "output_tokens": 9, "server_tool_use": {"web_search_requests": 2}}
    replies = [
        Reply(blocks=(Said("I look."),), stop="pause_turn", usage=counts),
        Reply(blocks=(Raw(found), Said("A says so.")), usage=counts),
    ]
    outcome, asked, context = played(agents, replies, named=("WebSearch",))
    assert (outcome.value, outcome.label.outside) == ("A says so.", True)
    assert [one["name"] for one in asked[0]["tools"]] == ["web_search"]
    paused = asked[1]["messages"][1]["content"]
    assert [one["type"] for one in paused] == ["text", "server_tool_use"]
    assert [usage.searches for usage in context.spent] == [2, 2]


USE = Used.with_input("Read", x=1)
ROWS = {
    "text": ([Reply(blocks=(Said("Yes."),))], ("ok", None, "Yes."), 1),
    "a stop sequence": (
        [Reply(blocks=(Said("Yes."),), stop="stop_sequence")],
        ("ok", None, "Yes."),
        1,
    ),
    "cut off text": (
        [Reply(blocks=(Said("Half "),), stop="max_tokens"), Reply(blocks=(Said("and half."),))],
        ("ok", None, "Half and half."),
        2,
    ),
    "compacted": (
        [Reply(blocks=(Said("So."),), stop="compaction"), Reply(blocks=(Said("Yes."),))],
        ("ok", None, "Yes."),
        2,
    ),
    "paused": (
        [Reply(blocks=(Said("I look."),), stop="pause_turn"), Reply(blocks=(Said("Yes."),))],
        ("ok", None, "Yes."),
        2,
    ),
    "full": (
        [Reply(blocks=(Said("Half"),), stop="model_context_window_exceeded")],
        ("error", "context_full", None),
        1,
    ),
    "refused": (
        [Reply(blocks=(Said("No."),), stop="refusal")],
        ("error", "model_refusal", None),
        1,
    ),
    "a cut off use": (
        [Reply(blocks=(USE,), stop="max_tokens")] * 2,
        ("error", "output_limit", None),
        2,
    ),
    "circles": ([Reply(blocks=(USE,))] * 6, ("error", "loop", None), 6),
    "no JSON": ([Reply(blocks=(Used("Read", "{"),))] * 5, ("error", "bad_calls", None), 5),
    "unknown tool": (
        [Reply(blocks=(Used.with_input("Nope"),)), Reply(blocks=(Said("Yes."),))],
        ("ok", None, "Yes."),
        2,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_end_of_a_turn_on_a_strict_server(agents, row):
    replies, expected, turns = ROWS[row]
    outcome, asked, _ = played(agents, replies, tools=[agents.Trick("Read")])
    assert (outcome.state.value, outcome.cause, outcome.value) == expected
    assert len(asked) == turns


@pytest.mark.parametrize(
    ("model", "tools", "kind"),
    [("standin", (), "grammar"), ("standin", ("Read",), "tool"), ("standin-plain", (), "tool")],
)
def test_every_way_to_ask_for_an_answer_on_a_strict_server(agents, model, tools, kind):
    replies = [Reply(blocks=(Answered({"n": 1}),))]
    tricks = [agents.Trick(name) for name in tools]
    outcome, asked, context = played(agents, replies, tools=tricks, able_model=model, schema=SCHEMA)
    assert outcome.value == {"n": 1}
    assert dict(context.records)["call"]["answer"] == kind
    assert ("output_config" in asked[0] and "format" in asked[0]["output_config"]) is (
        kind == "grammar"
    )


class Yes:
    """A policy that allows everything."""

    name = "yes"

    def judge(self, call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, call, use):
        return Judgement(Verdict.ALLOW)

    @hookimpl
    def hocket_register_policies(self, settings):
        return [self]


DEEP = """
from hocket.script import attempt
meta = {"name": "deep", "description": "Agents of agents."}
async def main():
    return await attempt("Level 0.")
"""


def deeper(request):
    """Ask for another agent, one level deeper, and give back what it said."""
    text = json.dumps(request.body["messages"])
    level = int(re.search(r"Level (\d)", text)[1])
    if len(request.body["messages"]) == 1:
        return Reply(blocks=(Used.with_input("Agent", prompt=f"Level {level + 1}."),))
    return Reply(blocks=(Said(f"{level} done"),))


@pytest.mark.parametrize(
    ("budget", "state"), [(1_000_000, "ok"), (20_000, "ok"), (7_000, "over_budget")]
)
def test_agents_of_agents_on_the_runs_own_caps_and_budget(hocket_project, budget, state):
    with serving(StandIn(rules=deeper)) as server:
        settings = (
            f'[anthropic]\nbase_url = "{server.url}"\n'
            '[agent_loop]\nmodel = "standin"\ntools = ["Agent"]\nmax_tokens = 5000\n'
        )
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(settings, "utf-8")
        stage = Stage(
            real_time=True,
            flags={"concurrency": 1, "budget_tokens": budget},
            choices={"backend": "agent_loop"},
            plugins={"yes": Yes()},
        )
        done = run_script(DEEP, project=hocket_project, stage=stage)
        log, stats = server.log, server.stats
    spent = sum(entry.usage["output_tokens"] for entry in log)
    assert done.report["usage"]["output"] == spent <= budget
    assert stats["most_in_flight"] == 1
    levels = {re.search(r"Level (\d)", json.dumps(entry.body))[1] for entry in log}
    if state == "ok":
        # The sixth level below the script is one too many: its parent is told so.
        assert (levels, done.census) == ({*"012345"}, {"ok": 6})
        assert done.result["value"] == "0 done"
        assert len(log) == 12
    else:
        assert done.census["over_budget"] >= 1
        assert len(levels) < 6
