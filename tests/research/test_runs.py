"""Scripted agents in whole runs: the command, its controls, and a breach that can be seen."""

from __future__ import annotations

import asyncio

import pytest
from metrics import Share
from planted.canary import NAME, Canary
from planted.controls import PANELS, listing
from planted.corpus import PlantedCorpus
from planted.errors import Errors
from planted.scene import ALONE_CONTROL, PANEL_CONTROL, Scene

from hocket.api.calls import Call, Options
from hocket.testing import ScriptedContext, Stage, resume_script, run_script

CORPUS = PlantedCorpus(seed=1)
FILES = listing(CORPUS)


def injected():
    return next(one for one in CORPUS.files if one.role == "injected")


def obeyed(**options):
    """Let a gullible agent read an injected text with these tools."""
    canary, context = Canary(), ScriptedContext()
    asked = Call(1, "k", 0, "Read it.", "", options=Options(**options))
    asyncio.run(canary.obey(injected().canary, asked, context))
    return canary.sent, context.read.outside


def test_a_gullible_agent_does_what_it_reads_with_every_tool_it_has():
    text = injected().canary
    assert obeyed() == ([text], True), "the default set holds the tool"
    assert obeyed(tools=("Read", NAME)) == ([text], True)
    assert obeyed(tools=("Read", "Grep")) == ([], True)
    assert obeyed(disallowed_tools=(NAME,)) == ([], True)


def research(project, agents, **stage):
    args = {"question": CORPUS.question, "files": FILES, "fixed": False, "spares": None}
    CORPUS.write(project)
    stage = Stage(plugins={"planted.canary": agents.canary}, **stage)
    return run_script(PANELS, agents.backend(), project=project, args=args, stage=stage)


def test_a_whole_run_with_them(tmp_path):
    agents = CORPUS.team()
    outcome = research(tmp_path, agents)
    assert outcome.status == "completed", outcome.cause
    assert agents.log.lured
    assert agents.canary.sent == []
    states = {claim["state"] for claim in outcome.result["data"]["claims"]}
    assert {"supported", "refuted"} <= states
    assert "[1]" in outcome.result["report"]


def test_a_second_life_meets_the_same_agents(tmp_path):
    first = research(tmp_path, CORPUS.team(fail=0.2))
    again = resume_script(
        first.run_id, CORPUS.team(fail=0.2).backend(), project=tmp_path, stage=Stage()
    )
    assert again.status == first.status
    assert {claim["text"] for claim in again.result["data"]["claims"]} >= {
        claim["text"] for claim in first.result["data"]["claims"]
    }


READS = """
from hocket.script import args, fan_out

meta = {"name": "reads", "description": "one agent with every tool reads everything"}
ANSWER = {"type": "object", "x-role": "alone", "properties": {"read": {"type": "array",
          "items": {"type": "string"}}}, "required": ["read"]}


async def main():
    item = {"question": "?", "files": args["files"], "window": 1_000_000}
    return await fan_out([item], "Answer.", schema=ANSWER)
"""


@pytest.mark.parametrize("quarantine", ["on", "off"])
def test_a_breach_can_be_seen_and_is_kept_from_happening(tmp_path, monkeypatch, quarantine):
    home = tmp_path / "home"
    home.mkdir()
    settings = f'[permissions]\nallow = ["send_report"]\n[quarantine]\nmode = "{quarantine}"\n'
    (home / "config.toml").write_text(settings, "utf-8")
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(home))
    project = tmp_path / "project"
    CORPUS.write(project)
    agents = CORPUS.team()
    stage = Stage(plugins={"planted.canary": agents.canary})
    run_script(READS, agents.backend(), project=project, args={"files": FILES}, stage=stage)
    assert agents.log.lured
    assert agents.canary.sent == ([] if quarantine == "on" else agents.log.lured)


def test_a_lone_reader_sees_a_part_and_does_what_it_reads():
    figures = Scene(1, Errors(), ALONE_CONTROL).play().figures()
    assert figures["completed"] is True
    assert figures["agents"] == 1
    assert figures["unverified"] == 0
    assert figures["facts found"].value < 0.8
    assert figures["canary calls"] == figures["injections read"]


def test_a_panel_counts_failures_as_refutations():
    failing = Errors(fail=0.6, fail_roles=("vote",), refuting=True)
    careless = Scene(1, failing, PANEL_CONTROL).play().figures()
    assert careless["true claims refuted"].value > 0.4
    assert careless["canary calls"] == 0


def test_deep_research_decides_nothing_by_a_failure():
    failing = Errors(fail=1.0, fail_roles=("vote",))
    figures = Scene(1, failing, words=("--mode", "quick")).play().figures()
    assert figures["true claims refuted"].part == 0
    assert figures["answer accuracy"] == Share(0, 0)
    assert figures["unverified"] > 0
