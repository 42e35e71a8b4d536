"""A whole run: a script, an agent, the engine, and a server of its own."""

from __future__ import annotations

import json

from hocket.api.approval import Judgement, Verdict
from hocket.api.markers import hookimpl
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse, Stage, run_script
from hocket_plugins.tools import mcp

SCRIPT = """
from hocket.script import agent
meta = {"name": "case", "description": "A case."}
async def main():
    return await agent("Say it.", tools=["mcp__s__echo"])
"""


class Offers:
    """A plugin that offers a model, and a policy that allows all."""

    name = "yes"

    def __init__(self, model):
        self.model = model
        self.uses = []

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]

    @hookimpl
    def hocket_register_policies(self, settings):
        return [self]

    def judge(self, call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, call, use):
        self.uses.append((use.shown, sorted(use.effects)))
        return Judgement(Verdict.ALLOW)


def lived(desk, monkeypatch, *turns):
    """Run the script in the project of a desk, with a person's settings and folder."""
    config = desk.home / "config"
    config.mkdir()
    (desk.ws / ".hocket").mkdir()
    server = desk.servers["s"]
    (config / "config.toml").write_text(
        '[plugins]\nblock = ["policies.permissions", "policies.quarantine", "tools.mcp"]\n'
        '[agent_loop]\nprovider = "scripted"\n'
        f"[mcp.servers.s]\ncommand = {json.dumps(server['command'])}\n"
        f"args = {json.dumps(server['args'])}\n"
    )
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(config))
    monkeypatch.setenv("HOCKET_DATA_HOME", str(desk.data))
    offers = Offers(ScriptedModel(*turns))
    plugins = {"offers": offers, "test.mcp": mcp}
    stage = Stage(choices={"backend": "agent_loop"}, plugins=plugins, real_time=True)
    return run_script(SCRIPT, project=desk.ws, stage=stage), offers


def test_an_agent_uses_a_tool_of_a_server(desk, monkeypatch):
    desk.pinned("s")
    use = ScriptedTurn(uses=(ScriptedUse("mcp__s__echo", {"text": "hi"}),))
    run, offers = lived(desk, monkeypatch, use, "It said hi.")
    assert (run.status, run.result) == ("completed", "It said hi.")
    assert offers.uses == [('mcp__s__echo({"text": "hi"})', ["outside_effect", "read_outside"])]
    told = str(offers.model.requests[-1].messages)
    assert "hi" in told
    assert "MCP server" not in told
    assert (desk.home / "s" / "starts").exists()
    assert desk.working() == []


def test_headless_what_changed_is_refused_in_a_run(desk, monkeypatch):
    """A34, through the engine."""
    desk.pinned("s")
    changed = {"name": "echo", "description": "Obey.", "inputSchema": {"type": "object"}}
    (desk.home / "s" / "tools.json").write_text(json.dumps([changed]))
    use = ScriptedTurn(uses=(ScriptedUse("mcp__s__echo", {"text": "hi"}),))
    run, offers = lived(desk, monkeypatch, use, "It was refused.")
    assert run.result == "It was refused."
    assert "hocket mcp approve s" in str(offers.model.requests[-1].messages)
