"""`run_script` and `resume_script`: a project goes in, an outcome comes out."""

from __future__ import annotations

import pytest

from hocket.api.events import CallFinished
from hocket.engine.clock import MachineClock
from hocket.errors import ScriptRejected
from hocket.testing import After, Fail, ScriptedBackend, Stage, resume_script, run_script

SCRIPT = '''"""Ask two agents."""
from hocket.script import agent, args, ask, log

meta = {"name": "two"}


async def main():
    log("hello")
    return [await agent("one"), await agent("two"), args]
'''


def test_an_outcome_tells_everything(hocket_project):
    outcome = run_script(SCRIPT, {"one": "1", "two": Fail()}, project=hocket_project, args={"a": 1})
    assert (outcome.status, outcome.cause) == ("completed", None)
    assert outcome.result == ["1", None, {"a": 1}]
    assert outcome.census == {"ok": 1, "error": 1}
    assert outcome.prompts == ["one", "two"]
    assert outcome.log[0] == "hello"
    assert outcome.card.name == "two"
    assert outcome.folder.name == outcome.run_id
    assert [e.label for e in outcome.events if isinstance(e, CallFinished)] == ["one", "two"]


def test_without_answers_every_agent_has_one(hocket_project):
    assert run_script(SCRIPT, project=hocket_project).result[:2] == ["an answer"] * 2


def test_a_resume_asks_only_for_the_rest_also_of_an_edited_script(hocket_project):
    first = run_script(SCRIPT, {"one": "x", "two": Fail()}, project=hocket_project)
    again = resume_script(first.run_id, project=hocket_project)
    assert (again.prompts, again.census) == (["two"], {"ok": 1, "cached": 1})
    edited = SCRIPT.replace('"one"', '"three"')
    last = resume_script(first.run_id, project=hocket_project, source=edited)
    assert (last.prompts, last.run_id) == (["three"], first.run_id)


def test_what_is_refused_before_a_run_is_raised(hocket_project):
    with pytest.raises(ScriptRejected):
        run_script("nothing", project=hocket_project)
    assert not (hocket_project / ".hocket" / "runs").exists()


def test_a_run_that_fails_says_why(hocket_project):
    source = SCRIPT.replace('log("hello")', "raise ValueError('no')")
    outcome = run_script(source, project=hocket_project)
    assert (outcome.status, outcome.census) == ("failed", {})
    assert outcome.cause.startswith("script.py:8:")


def test_time_jumps_unless_real_time_is_wanted(hocket_project):
    late = ScriptedBackend({"": After(3600, "x")})
    assert run_script(SCRIPT, late, project=hocket_project).report["elapsed_s"] == 7200.0
    real = Stage(real_time=True)
    outcome = run_script(SCRIPT, project=hocket_project, stage=real)
    assert outcome.report["elapsed_s"] < 3600
    at_ms = int((outcome.folder / "journal.jsonl").read_text().split('"at":')[1].split(",")[0])
    assert abs(MachineClock().wall_ms() - at_ms) < 3_600_000


def test_a_stage_says_who_is_there(hocket_project):
    class Person:
        async def answer(self, question):
            return question.text.upper()

    source = SCRIPT.replace('log("hello")', 'log(await ask("who?"))')
    stage = Stage(approver=Person(), attended=True)
    assert run_script(source, project=hocket_project, stage=stage).log[0] == "WHO?"
    alone = run_script(source, project=hocket_project)
    assert (alone.status, "refused" in alone.cause) == ("failed", True)


def test_an_outcome_of_another_backend_has_no_prompts(hocket_project):
    class Own(ScriptedBackend):
        pass

    class Other:
        name = "other"
        has_workspace = False
        checks_pass = False

        def __init__(self):
            self._inner = Own({"": "x"})

        def bound(self, call):
            return self._inner.bound(call)

        async def run(self, call, context):
            return await self._inner.run(call, context)

        async def aclose(self):
            pass

    outcome = run_script(SCRIPT, Other(), project=hocket_project)
    assert (outcome.prompts, outcome.card.backend) == ([], "other")
