"""One call with a slot: whatever a backend or a stage does becomes an end state."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import Bound, EndState, Outcome
from hocket.errors import StorageLost
from hocket.testing import After, Hang, Raise, ScriptedBackend

TWO = "return await parallel([attempt('breaks'), attempt('fine')])"


def ends(outcome):
    return [(record["state"], record["cause"]) for record in outcome.result]


@pytest.mark.parametrize("bug", [KeyError("x"), RuntimeError("x"), AssertionError()])
def test_a_bug_of_a_backend_is_an_error_of_its_call_alone(theatre, bug):
    outcome = theatre.play(TWO, {"breaks": Raise(bug), "fine": "x"})

    cause = f"backend scripted raised {type(bug).__name__}"
    assert ends(outcome) == [("error", cause), ("ok", None)]


def test_a_backend_on_a_lost_disk_suspends_the_run(theatre):
    lost = StorageLost("the disk", found="gone")

    outcome = theatre.play(TWO, {"breaks": Raise(lost), "fine": Hang()}, flags={"concurrency": 2})

    assert (outcome.status, outcome.cause) == ("suspended", "the disk: gone.")


@dataclass
class BreaksFor:
    """A stage, a policy and a router in one, with a bug that one prompt brings out."""

    prompt: str = "breaks"
    name: str = "buggy"
    position: int = 500

    async def __call__(self, call, proceed):
        return self._answer(call) or await proceed(call)

    def judge(self, call):
        return self._answer(call) or Judgement(Verdict.ALLOW)

    def judge_use(self, _call, _use):
        return Judgement(Verdict.ALLOW)

    def _answer(self, call):
        if call.prompt == self.prompt:
            raise ZeroDivisionError


@pytest.mark.parametrize("kind", ["stages", "policies"])
def test_a_bug_of_a_stage_or_policy_is_an_error_of_its_call_alone(theatre, kind):
    backend = ScriptedBackend({"": "x"})

    outcome = theatre.play(TWO, backend, offers={kind: [BreaksFor()]})

    assert ends(outcome) == [("error", "a stage raised ZeroDivisionError"), ("ok", None)]
    assert backend.calls == ["fine"]


def test_a_stage_on_a_lost_disk_suspends_the_run(theatre):
    class OnLostDisk(BreaksFor):
        async def __call__(self, _call, _proceed):
            raise StorageLost("the disk", found="gone")

    outcome = theatre.play(TWO, offers={"stages": [OnLostDisk()]})

    assert (outcome.status, outcome.cause, outcome.prompts) == ("suspended", "the disk: gone.", [])


@pytest.mark.parametrize(
    ("has_workspace", "tools", "effects"),
    [(True, "", True), (True, "tools=[]", False), (False, "", False), (True, "tools=['R']", True)],
)
def test_what_is_written_before_it_leaves(theatre, has_workspace, tools, effects):
    backend = ScriptedBackend({"": "x"}, has_workspace=has_workspace, bound=Bound(70, 5))

    outcome = theatre.play(f"phase('P')\nawait agent('hello', label='l', {tools})", backend)

    lines = (outcome.folder / "journal.jsonl").read_text("utf-8").splitlines()
    started = next(record for record in map(json.loads, lines) if record["t"] == "started")
    assert (started["effects"], started["label"], started["phase"]) == (effects, "l", "P")
    assert started["reserved"] == {"output": 70, "micros": 5}
    assert started["canonical"]["prompt"] == "hello"


def test_after_a_timeout_the_slot_is_free_at_once(theatre):
    backend = ScriptedBackend({"hangs": Hang(), "next": After(1.0, "x")})
    body = "return await parallel([agent('hangs', timeout=30), agent('next')])"

    outcome = theatre.play(body, backend, flags={"concurrency": 1})

    assert (outcome.result, outcome.report["elapsed_s"]) == ([None, "x"], 31.0)
    assert outcome.report["failures"][0]["cause"] == "no answer within 30 s"


def test_what_was_answered_stands_whatever_the_backend_says_then(theatre):
    class Confused:
        async def obey(self, _call, context):
            await context.submit({"n": 1})
            return Outcome(EndState.ERROR, cause="lost the connection afterwards")

    schema = "schema={'type': 'object', 'required': ['n']}"
    outcome = theatre.play(f"return await agent('x', {schema})", {"": Confused()})

    assert outcome.result == {"n": 1}
