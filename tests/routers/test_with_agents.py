"""Routers with the real agent loop: a conversation for each try, and what a resume does."""

from __future__ import annotations

import json

import pytest

from hocket.api.calls import Usage
from hocket.api.markers import hookimpl
from hocket.api.messages import ProviderFailure
from hocket.testing import (
    ScriptedModel,
    ScriptedTurn,
    ScriptedUse,
    Stage,
    resume_script,
    run_script,
)

SOURCE = '''"""One question."""
from hocket.script import agent

meta = {"name": "one", "description": "One question"}


async def main():
    return await agent("How many?", schema={
        "type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
    }, tools=["Read"])
'''
JUDGED = (
    'router = "escalate"\n[router_escalate]\nverify = "Is the number right?"\njudge = "judge"\n'
)
CLASSIFIED = 'router = "tiers"\n[router_tiers]\nclassify = true\n'
LOOP = '[agent_loop]\nprovider = "scripted"\n'


class Offers:
    """A plugin that offers a model."""

    def __init__(self, model):
        self._model = model

    @hookimpl
    def hocket_register_models(self, settings):
        return [self._model]


def answers(**by_model):
    """Let each model answer through the tool that it is offered; a failure is raised."""

    def say(request):
        told = by_model[request.model]
        if isinstance(told, Exception):
            return told
        (tool,) = [one for one in request.tools if one.name != "Read"]
        usage = Usage(input=100, output=10, cost_micros=None)
        return ScriptedTurn(uses=(ScriptedUse(tool.name, told),), usage=usage)

    return ScriptedModel(say)


@pytest.fixture
def play(hocket_project):
    """Give what plays the script on the loop, or goes on with it."""

    def played(config, model, before=None):
        (hocket_project / ".hocket" / "config.toml").write_text(config + LOOP, "utf-8")
        stage = Stage(choices={"backend": "agent_loop"}, plugins={"offers": Offers(model)})
        if before is not None:
            return resume_script(before.run_id, project=hocket_project, stage=stage)
        return run_script(SOURCE, project=hocket_project, stage=stage)

    return played


def conversations(outcome):
    """Give the models of the conversations in the call's transcript, in order."""
    lines = (outcome.folder / "agents" / "0001.jsonl").read_text("utf-8").splitlines()
    return [line["model"] for line in map(json.loads, lines) if line["t"] == "call"]


def texts(request):
    return " ".join(b.text for m in request.messages for b in m.blocks if hasattr(b, "text"))


def test_weak_judge_and_strong_each_have_a_conversation_of_their_own(play):
    model = answers(small={"n": 6}, judge={"right": False}, large={"n": 7})
    outcome = play(JUDGED, model)
    assert outcome.result == {"n": 7}
    weak, judge, strong = model.requests
    assert [one.model for one in model.requests] == ["small", "judge", "large"]
    assert conversations(outcome) == ["small", "judge", "large"]
    assert [one.name for one in judge.tools if one.name == "Read"] == []
    assert '"n": 6' in texts(judge)
    assert texts(strong) == texts(weak)
    assert outcome.report["usage"]["output"] == 30


def test_a_run_cut_off_in_the_strong_conversation_begins_again_with_the_weak_model(play):
    no_more = ProviderFailure("quota")
    before = play(JUDGED, answers(small={"n": 6}, judge={"right": False}, large=no_more))
    assert before.status == "suspended"
    model = answers(small={"n": 6}, judge={"right": False}, large={"n": 7})
    after = play(JUDGED, model, before)
    assert after.result == {"n": 7}
    assert [one.model for one in model.requests] == ["small", "judge", "large"]
    assert [len(one.messages) for one in model.requests] == [1, 1, 1]


def test_a_classifier_asks_without_tools_and_the_named_model_works(play):
    model = answers(small={"tier": "large"}, large={"n": 7})
    outcome = play(CLASSIFIED, model)
    assert (outcome.result, [one.model for one in model.requests]) == ({"n": 7}, ["small", "large"])


@pytest.mark.parametrize(("config", "small"), [(JUDGED, {"n": 6}), (CLASSIFIED, {"tier": "large"})])
def test_a_replay_answers_each_call_once_whatever_router_is_set(
    hocket_project, play, config, small
):
    before = play(config, answers(small=small, judge={"right": False}, large={"n": 7}))
    stage = Stage(choices={"backend": "replay", "replay": before.run_id})
    after = run_script(SOURCE, project=hocket_project, stage=stage)
    assert after.result == {"n": 7}
    assert after.report["usage"] == before.report["usage"]


@pytest.mark.parametrize("config", [JUDGED, CLASSIFIED])
def test_a_dry_run_goes_through_the_router_as_well(hocket_project, config):
    (hocket_project / ".hocket" / "config.toml").write_text(config, "utf-8")
    stage = Stage(choices={"backend": "simulate", "simulate": "seed=3"})
    assert run_script(SOURCE, project=hocket_project, stage=stage).status == "completed"
