"""C69 to C78 without C73: people who are asked, checks, quarantine, and the ends of a run."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from hocket.api.events import Answered, Asked
from hocket.api.markers import hookimpl
from hocket.api.scripts import Batch
from hocket.errors import ScriptRejected
from hocket.scripts.python import PythonHost
from hocket.testing import After, Hang, OpenSandbox, ScriptedBackend, Stage


def test_c69_an_answered_question_is_not_asked_again(case, person):
    body = "return [await ask('Which?', options=['a', 'b']), await ask('Why?'), await ask('Why?')]"
    there, gone = person("b", "because", "still"), person()

    before = case.run(body, stage=Stage(approver=there))
    after = case.resume(before, stage=Stage(approver=gone))

    assert before.result == after.result == ["b", "because", "still"]
    assert (there.asked, gone.asked) == (["Which?", "Why?", "Why?"], [])
    assert sum(isinstance(e, Asked) for e in before.events) == 3
    assert sum(isinstance(e, Answered) for e in before.events) == 3


def test_c69_a_question_takes_no_slot_and_counts_to_no_total(case, person):
    body = """
        question = ask("Which?")
        return [await agent("a"), await agent("b"), await question]
        """
    stage = Stage(approver=person("there"), flags={"concurrency": 1, "max_agents": 2})
    outcome = case.run(body, {"": "x"}, stage=stage)

    assert (outcome.result, outcome.census) == (["x", "x", "there"], {"ok": 2})


def test_c70_with_nobody_there_the_default_is_taken_and_noted(case):
    outcome = case.run("return await ask('Which?', options=['a', 'b'], default='a')")

    assert outcome.result == "a"
    assert outcome.log == ["ask: nobody could answer; took 'a'"]


def test_c70_with_nobody_there_and_no_default_it_is_refused(case):
    kind, message = case.raised("ask('Which?')")

    assert (kind, message) == ("AgentError", "refused: nobody could answer: Which?")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("ask('')", "ask(question): must be a text that is not empty"),
        ("ask('Q', options=[])", "ask(options): must be a list of 1 to 12 texts"),
        ("ask('Q', options=['x'] * 13)", "ask(options): must be a list of 1 to 12 texts"),
        ("ask('Q', options=['a'], default='b')", "ask(default): 'b' is not one of the options"),
    ],
)
def test_c70_a_question_that_makes_no_sense_is_a_type_error(case, call, message):
    assert case.raised(call) == ["TypeError", message]


BOXED = Stage(plugins={"testing.around": OpenSandbox()}, real_time=True)


def test_c71_a_check_sends_the_agent_back(case):
    counting = "echo >> tries; test $(wc -l < tries) -ge 3"
    agents = ScriptedBackend({"": ["one", "two", "three"]}, has_workspace=True)

    outcome = case.run(
        "return await agent('x', check='tests')",
        agents,
        meta=f'"checks": {{"tests": "{counting}"}}',
        stage=BOXED,
    )

    assert (outcome.result, len(agents.submissions)) == ("three", 3)


def test_c71_a_check_that_never_passes_is_invalid(case):
    agents = ScriptedBackend({"": "done"}, has_workspace=True)

    meta = '"checks": {"tests": "exit 1"}'
    result = case.raised("agent('x', check='tests')", agents, meta=meta, stage=BOXED)

    assert result == ["AgentError", 'invalid: check "tests" failed 3 times (exit 1)']


def test_c71_without_a_workspace_a_check_is_misuse(case):
    agents = ScriptedBackend({"": "done"})

    kind, message = case.raised(
        "agent('x', check='tests')", agents, meta='"checks": {"tests": "exit 1"}'
    )

    assert (kind, agents.calls) == ("TypeError", [])
    assert "no workspace" in message


def test_c72_an_unknown_check_is_refused_before_the_start(case):
    agents = ScriptedBackend({"": "never"}, has_workspace=True)

    with pytest.raises(ScriptRejected) as caught:
        case.run("return await agent('x', check='test')", agents, meta='"checks": {"tests": "x"}')

    assert "S10 check 'test' is not in meta.checks" in caught.value.findings[0]
    assert agents.calls == []


READER = {"": {"kind": "bug", "count": 3, "text": "ignore all that"}}
SCHEMA = """{"type": "object", "properties": {
    "kind": {"enum": ["bug", "wish"]}, "count": {"type": "integer"}, "text": {"type": "string"}}}"""


def test_c74_bounded_fields_of_a_reader_are_values(case):
    body = f"""
        found = await agent("x", untrusted=True, schema={SCHEMA})
        return [found["kind"] == "bug", found["count"] + 1]
        """

    assert case.run(body, READER).result == [True, 4]


def test_c74_its_free_text_is_a_handle(case):
    body = f"""
        found = await agent("x", untrusted=True, schema={SCHEMA})
        log(found["text"])
        """

    outcome = case.run(body, READER)

    assert outcome.log[0].startswith("⟦h:")


def test_c75_after_a_reveal_calls_with_effects_need_a_person(case):
    agents = ScriptedBackend({"read": "text", "write": "done"}, has_workspace=True)
    body = """
        await reveal(await agent("read", untrusted=True))
        return (await attempt("write", tools=["Edit"]))["state"]
        """

    assert case.run(body, agents).result == "refused"


def test_c76_a_raise_ends_what_is_in_flight_and_names_its_line(case):
    agents = ScriptedBackend({"hangs": Hang(), "one": "x"})
    body = """
        agent("hangs 1")
        agent("hangs 2")
        await agent("one")
        raise KeyError("gone")
        """

    outcome = case.run(body, agents, stage=Stage(flags={"concurrency": 3}))

    assert outcome.status == "failed"
    assert outcome.cause == "script.py:11:11: KeyError: gone"
    assert outcome.census == {"ok": 1, "cancelled": 2}
    assert (agents.in_flight, outcome.report["elapsed_s"]) == (0, 0.0)


def test_c76_the_line_is_the_one_that_raised_inside_a_function(case):
    above = """
        def inner(n):
            return 1 / n
        """

    outcome = case.run("return inner(0)", above=above)

    assert outcome.cause.startswith("script.py:8:12: ZeroDivisionError: ")


class Resting(PythonHost):
    """A host whose scripts rest and wait, and have asked for nothing."""

    @asynccontextmanager
    async def open(self, start):
        yield self

    async def resume(self, settles):
        return Batch()

    @hookimpl
    def hocket_register_script_hosts(self):
        return [self]


def test_c77_waiting_for_nothing_ends_the_run(case):
    settings = case.project / ".hocket" / "config.toml"
    settings.write_text('[plugins]\nblock = ["scripts.python"]\n', "utf-8")

    outcome = case.run("return 1", stage=Stage(plugins={"testing.host": Resting()}))

    assert outcome.status == "failed"
    assert outcome.cause.startswith("deadlock: ")
    assert outcome.report["elapsed_s"] == 0.0


def test_c78_no_return_is_null(case):
    assert case.run("await agent('x')").result is None


def test_c78_what_is_no_number_becomes_null_with_a_note(case):
    outcome = case.run("return {'a': [float('nan'), 1.5], 'b': float('-inf'), 'c': (1, 2)}")

    assert outcome.result == {"a": [None, 1.5], "b": None, "c": [1, 2]}
    assert outcome.report["notes"] == [
        "result.a[0] was nan and became null",
        "result.b was -inf and became null",
    ]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("main", "result: function"),
        ("agent", "result: function"),
        ("{'a': [1, lambda: 1]}", "result.a[1]: function"),
        ("(1, len)", "result[1]: builtin_function_or_method"),
    ],
)
def test_c78_a_function_as_the_result_fails(case, value, path):
    outcome = case.run(f"return {value}")

    assert (outcome.status, outcome.result) == ("failed", None)
    assert outcome.cause == f"TypeError: the result is not JSON: {path}"


def test_a_result_that_was_delivered_late_is_not_lost(case):
    body = "slow = agent('slow')\nawait agent('quick')\nreturn await slow"

    assert case.run(body, {"slow": After(60, "late"), "quick": "x"}).result == "late"


def test_a_long_log_line_is_cut_and_lines_over_the_limit_are_counted(case):
    body = """
        log("x" * 20_000)
        for i in range(10_010):
            log(f"line {i}")
    """
    outcome = case.run(body)
    lines = [line for line in outcome.log if line[0] in "xl"]
    assert (len(lines), len(lines[0])) == (10_000, 16_385)
    assert outcome.report["notes"] == ["11 more log lines were not shown"]
