"""C17 to C34: what a call gives back, and the ways in which it can fail."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hocket.api.calls import EndState
from hocket.api.markers import hookimpl
from hocket.api.tools import AgentType
from hocket.engine.control import Control
from hocket.testing import NEVER, After, Each, Fail, Hang, ScriptedBackend, Stage

NUMBER = "{'type': 'object', 'properties': {'n': {'type': 'integer'}}, 'required': ['n']}"
TEXT = "{'type': 'object', 'properties': {'s': {'type': 'string'}}}"
ONE_AT_A_TIME = Stage(flags={"concurrency": 1})

BUILT_IN = "explore, general, researcher, verifier"


@pytest.mark.parametrize("text", ["  hi \n", "\t\n hi", "“hi” \U0001f3b6", "a\r\nb"])
def test_c17_a_text_keeps_its_surrounding_space(case, text):
    outcome = case.run("return await agent('x')", {"x": text})

    assert outcome.result == text
    assert case.resume(outcome, {}).result == text


def test_c18_an_empty_text_is_asked_for_once_more_and_then_taken(case):
    agents = ScriptedBackend({"x": ""})

    outcome = case.run("return await agent('x')", agents)

    assert (outcome.result, agents.submissions) == ("", ["", ""])
    assert outcome.census == {"ok": 1}


def test_c19_extra_keys_stay_and_defaults_are_not_filled_in(case):
    schema = "{'type': 'object', 'properties': {'a': {}, 'b': {'default': 2}}}"

    outcome = case.run(f"return await agent('x', schema={schema})", {"x": {"a": 1, "z": [0]}})

    assert outcome.result == {"a": 1, "z": [0]}


def test_c20_a_text_that_is_the_wanted_number_is_converted(case):
    outcome = case.run(f"return await agent('x', schema={NUMBER})", {"x": {"n": "7"}})

    assert outcome.result == {"n": 7}


def test_c20_a_number_for_a_text_is_a_failed_submission(case):
    agents = ScriptedBackend({"x": [{"s": 5}, {"s": "five"}]})

    outcome = case.run(f"return await agent('x', schema={TEXT})", agents)

    assert (outcome.result, len(agents.submissions)) == ({"s": "five"}, 2)


def test_c21_wrong_wrong_right(case):
    agents = ScriptedBackend({"x": [{"n": "no"}, {}, {"n": 3}, {"n": 4}]})

    outcome = case.run(f"return await agent('x', schema={NUMBER})", agents)

    assert (outcome.result, len(agents.submissions)) == ({"n": 3}, 3)


def test_c22_always_wrong_raises_after_five_submissions(case):
    agents = ScriptedBackend({"x": {"n": "no"}})

    result = case.raised(f"agent('x', schema={NUMBER})", agents)

    cause = "invalid: schema not met after 5 submissions (/n: must be integer)"
    assert result == ["AgentError", cause]
    assert len(agents.submissions) == 5


def test_c23_an_agent_that_never_submits_is_reminded_once(case):
    agents = ScriptedBackend({"x": NEVER})

    result = case.raised(f"agent('x', schema={NUMBER})", agents)

    assert result == ["AgentError", "invalid: no answer given, after a reminder"]
    assert agents.submissions == [NEVER, NEVER]


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ("{'type': 'string'}", 'root must have type "object"'),
        ("{'type': 'array'}", 'root must have type "object"'),
        ("{}", 'root must have type "object"'),
        ("{'type': 'object', 'requierd': ['a']}", "requierd"),
        ("{'type': 'object', 'properties': {'a': {'type': 'strin'}}}", "strin"),
        ("{'type': 'object', 'properties': {'a': {'minimum': 2, 'maximum': 1}}}", "minimum"),
    ],
)
def test_c24_a_schema_that_cannot_be_used_raises_at_the_await(case, schema, named):
    agents = ScriptedBackend({"": "never"})
    body = f"""
        call = agent("x", schema={schema})
        log("made")
        try:
            await call
        except TypeError as error:
            return str(error)
        """

    outcome = case.run(body, agents)

    assert outcome.result.startswith("agent(schema): ")
    assert named in outcome.result
    assert (outcome.log, agents.calls) == (["made"], [])


def test_c25_a_provider_that_fails_for_good_gives_null(case):
    outcome = case.run("return await agent('x')", {"x": Fail(cause="bad_request: too_long")})

    assert (outcome.status, outcome.result) == ("completed", None)
    assert outcome.census == {"error": 1}
    assert outcome.log == ["x: error: bad_request: too_long"]


@pytest.mark.xfail(strict=True, reason="waits for the agent loop, which tries a turn again")
def test_c26_an_overloaded_provider_is_asked_again(case):
    stage = Stage(choices={"backend": "agent_loop"})

    assert case.run("return await agent('x')", {"x": "text"}, stage=stage).census == {"ok": 1}


def test_c27_a_refusing_model_gives_null_and_its_cause(case):
    answers = {"x": Fail(cause="model_refusal")}
    body = "return [await agent('x'), (await attempt('x'))['cause']]"

    assert case.run(body, answers).result == [None, "model_refusal"]


class Skipping:
    """A person who skips calls while they run."""

    def __init__(self):
        self.stage = Stage(ready=self._ready)

    def _ready(self, run):
        self._run = run

    def rule(self, call):
        Control(self._run).obey({"verb": "skip", "call": call.number})
        return Hang()


def test_c28_a_skipped_call_gives_null_and_is_a_state_of_its_own(case):
    person = Skipping()
    body = "return [await agent('a'), (await attempt('b'))['state']]"

    outcome = case.run(body, {"": person.rule}, stage=person.stage)

    assert (outcome.result, outcome.census) == ([None, "skipped"], {"skipped": 2})


def test_c28_a_skipped_call_runs_again_when_a_person_asks_for_that(case):
    person = Skipping()
    before = case.run("return await agent('a')", {"a": person.rule}, stage=person.stage)

    kept = case.resume(before, {"a": "late"})
    again = case.resume(before, {"a": "late"}, stage=Stage(retry_skipped=True))

    assert [kept.result, again.result] == [None, "late"]
    assert [kept.prompts, again.prompts] == [[], ["a"]]


def test_c29_a_timeout_gives_null_and_frees_the_slot(case):
    body = """
        slow = agent("slow", timeout=1)
        return [await agent("next"), await slow, (await attempt("slow", timeout=1))["state"]]
        """

    outcome = case.run(body, {"slow": After(5, "late"), "next": "x"}, stage=ONE_AT_A_TIME)

    assert outcome.result == ["x", None, "timeout"]
    assert outcome.report["elapsed_s"] == 2.0


def test_c30_a_stalled_call_raises(case):
    answers = {"x": Fail(EndState.STALLED, "nothing heard for 1.5 s")}

    result = case.raised("agent('x', stall_ms=1500)", answers)

    assert result == ["AgentError", "stalled: nothing heard for 1.5 s"]


@pytest.mark.xfail(strict=True, reason="waits for the agent loop, which hears that nothing comes")
def test_c30_a_silent_agent_stalls(case):
    _, message = case.raised("agent('x', stall_ms=1500)", {"x": Hang()})

    assert message.startswith("stalled: ")


@pytest.mark.parametrize("name", ["zz", "scout"])
def test_c31_an_unknown_agent_type_raises_and_lists_the_known(case, name):
    class Types:
        @hookimpl
        def hocket_register_agent_types(self, settings):
            return [AgentType("Scout", "Looks", "Look."), AgentType("Judge", "Judges", "Judge.")]

    agents = ScriptedBackend({"": "never"})
    stage = Stage(plugins={"testing.types": Types()})

    result = case.raised(f"agent('x', agent_type='{name}')", agents, stage=stage)
    known = case.run("return await agent('x', agent_type='Scout')", {"": "seen"}, stage=stage)

    error = f'agent(agent_type): "{name}" is not known; known: Judge, Scout, {BUILT_IN}'
    assert (result, agents.calls) == (["TypeError", error], [])
    assert known.result == "seen"


def test_c32_outside_git_a_worktree_is_a_copy_of_bounded_size(case):
    with (case.project / "huge").open("wb") as huge:
        huge.truncate(3 << 30)
    agents = ScriptedBackend({"": "never"}, has_workspace=True)

    kind, _ = case.raised("agent('x', isolation='worktree')", agents)

    assert (kind, agents.calls) == ("AgentError", [])


def test_c33_calls_run_from_the_moment_they_are_made(case):
    agents = ScriptedBackend({"": After(1, "x")})
    body = "one = agent('a')\ntwo = agent('b')\nreturn [await one, await two]"

    outcome = case.run(body, agents, stage=Stage(flags={"concurrency": 2}))

    assert (outcome.result, agents.most_in_flight) == (["x", "x"], 2)
    assert outcome.report["elapsed_s"] == 1.0


def test_c34_attempt_gives_records_and_the_same_on_replay(case):
    stage = Stage(flags={"max_agents": 2})
    body = f"""
        good = await attempt("good")
        bad = await attempt("bad", schema={NUMBER})
        return [good, bad, await attempt("late")]
        """
    answers = {"good": "yes", "bad": {"n": "no"}}

    outcome = case.run(body, answers, stage=stage)
    again = case.resume(outcome, answers, stage=stage)

    good, bad, late = (SimpleNamespace(**record) for record in outcome.result)
    assert (good.ok, good.value, good.state, good.cause) == (True, "yes", "ok", None)
    assert (bad.ok, bad.value, bad.state) == (False, None, "invalid")
    assert bad.cause == "schema not met after 5 submissions (/n: must be integer)"
    assert bad.partial == {"n": "no"}
    assert (late.ok, late.value, late.state) == (False, None, "over_cap")
    assert late.cause.startswith("agents: ")
    assert set(good.usage) == {"input", "output", "cached", "usd", "tries"}
    assert again.result == outcome.result
    assert again.prompts == ["bad"]


def test_equal_prompts_can_be_answered_one_by_one(case):
    answers = {"x": Each(["first", "second"])}

    assert case.run("return [await agent('x'), await agent('x')]", answers).result == [
        "first",
        "second",
    ]
