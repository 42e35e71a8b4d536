"""What the plugin hands over, and what its transcripts hold."""

from __future__ import annotations

import json
from pathlib import Path

from hocket.api.markers import hookimpl
from hocket.api.settings import PluginSettings
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse, Stage, run, run_script
from hocket_plugins.backends import agent_loop
from hocket_plugins.backends.agent_loop.section import AgentLoopSection


def test_the_backend_takes_its_section(agents):
    section = AgentLoopSection(max_turns=1)
    settings = PluginSettings(Path(), {"agent_loop": section})
    (loop,) = agent_loop.hocket_register_backends(settings)
    assert (loop.name, loop.has_workspace, loop.checks_pass) == ("agent_loop", True, False)
    model = ScriptedModel("x")
    loop.bind(providers={"m": model}, tools={"Read": agents.Trick("Read")}, agent_types={})
    run(loop.run(agents.call(), agents.context()))
    assert model.requests[0].tool_choice == "none"
    (plain,) = agent_loop.hocket_register_backends(PluginSettings(Path()))
    assert run(plain.run(agents.call(), agents.context())).cause.startswith("no_provider: ")
    assert agent_loop.hocket_register_settings() == [AgentLoopSection]


def test_the_built_in_agent_types_can_do_what_they_say():
    settings = PluginSettings(Path())
    types = {kind.name: kind for kind in agent_loop.hocket_register_agent_types(settings)}
    assert sorted(types) == ["explore", "general", "researcher", "verifier"]
    assert types["general"].tools is None
    assert not {"Edit", "Write", "Bash"} & {*types["explore"].tools, *types["researcher"].tools}
    assert all(kind.description and kind.instructions for kind in types.values())


def test_a_transcript_tells_the_call_in_order(agents):
    turns = (ScriptedTurn(text="I look.", uses=(ScriptedUse("Read", {"x": 1}),)), "Done.")
    played = agents.play(*turns, tools=[agents.Trick("Read", "words")])
    assert played.kinds == [
        "call",
        "message",
        "turn",
        "message",
        "permission",
        "tool_start",
        "tool_end",
        "message",
        "turn",
        "message",
        "answer",
        "end",
    ]
    (call,) = played.lines("call")
    assert (call["provider"], call["model"], call["tools"]) == ("scripted", "medium", ["Read"])
    first, reply, results, last = played.lines("message")
    assert [one["role"] for one in (first, reply, results, last)] == ["user", "assistant"] * 2
    assert (reply["stop"], reply["usage"]["output"]) == ("tools", 10)
    assert results["blocks"][0]["content"][0]["text"] == "words"
    assert played.lines("turn")[1]["id"] == "1/2"
    assert played.lines("end") == [{"state": "ok", "cause": None}]
    json.dumps(played.context.records)


SCRIPT = """
from hocket.script import agent, parallel
meta = {"name": "two", "description": "Two agents."}
N = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
async def main():
    return await parallel([lambda: agent("Say hello."), lambda: agent("Count.", schema=N)])
"""


class Offers:
    """A plugin that offers a scripted model."""

    def __init__(self, model):
        self.model = model

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]


def on_loop(project, model, **flags):
    """Run the script on the loop, with this model and no other."""
    settings = '[agent_loop]\nprovider = "scripted"\nmax_tokens = 600\nclosing_tokens = 100\n'
    (project / ".hocket" / "config.toml").write_text(settings, "utf-8")
    stage = Stage(choices={"backend": "agent_loop"}, plugins={"models": Offers(model)}, flags=flags)
    return run_script(SCRIPT, project=project, stage=stage)


def test_a_script_runs_on_it(hocket_project):
    def say(request):
        if request.answer is None:
            return "Hello."
        wrong = len(request.messages) == 1
        given = {"n": "two"} if wrong else {"n": 2}
        return ScriptedTurn(uses=(ScriptedUse("answer", given),))

    model = ScriptedModel(say)
    played = on_loop(hocket_project, model)
    assert (played.status, played.result) == ("completed", ["Hello.", {"n": 2}])
    assert len(model.requests) == 3
    assert model.closed
    kinds = [
        json.loads(line)["t"]
        for path in sorted((played.folder / "agents").iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]
    assert kinds.count("end") == 2
    assert kinds.count("turn") == 3


def test_a_budget_of_tokens_holds_through_the_engine(hocket_project):
    model = ScriptedModel("Hello.")
    played = on_loop(hocket_project, model, budget_tokens=500)
    assert played.census["over_budget"] == 2
    assert model.requests == []
