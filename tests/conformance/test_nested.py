"""C52 to C55, P12: scripts that run scripts."""

from __future__ import annotations

import carried
import pytest

from hocket.api.events import CallAsked
from hocket.testing import After, ScriptedBackend, Stage

KIDS = ".hocket/workflows"


def test_c52_a_child_is_found_by_name_and_by_path(case):
    case.save(f"{KIDS}/kid.py", "return [args, await agent('in the kid')]")
    body = """
        return [
            await workflow("kid", {"n": 1}),
            await workflow({"script_path": ".hocket/workflows/kid.py"}, [2]),
            await workflow("kid"),
        ]
        """

    outcome = case.run(body, {"in the kid": "x"})

    assert outcome.result == [[{"n": 1}, "x"], [[2], "x"], [None, "x"]]
    assert outcome.census == {"ok": 3}


def test_c52_its_calls_count_in_one_total(case):
    case.save(f"{KIDS}/kid.py", "return [await agent('a'), await agent('b')]")
    body = "return [await workflow('kid'), (await attempt('c'))['state']]"

    outcome = case.run(body, {"": "x"}, stage=Stage(flags={"max_agents": 2}))

    assert outcome.result == [["x", "x"], "over_cap"]


def test_c52_its_groups_and_log_lines_bear_its_name(case):
    case.save(f"{KIDS}/kid.py", "log('hello')\nawait agent('a')\nphase('In')\nawait agent('b')")

    outcome = case.run("await workflow('kid')\nawait workflow('kid')\nawait agent('c')")

    calls = [(e.label, e.phase) for e in outcome.events if isinstance(e, CallAsked)]
    assert calls == [
        ("a", "▸ kid"),
        ("b", "▸ kid · In"),
        ("a", "▸ kid #2"),
        ("b", "▸ kid #2 · In"),
        ("c", None),
    ]
    assert outcome.log == ["[kid] hello"] * 2


def test_c52_a_finished_child_is_answered_from_the_journal(case):
    case.save(f"{KIDS}/kid.py", "return await agent('a')")
    body = "return [await workflow('kid'), (await attempt('late'))['state']]"
    stage = Stage(flags={"max_agents": 2})

    before = case.run(body, {"": "x"}, stage=stage)
    after = case.resume(before, {}, stage=stage)

    assert (after.result, after.prompts) == (before.result, [])


def test_c53_an_unknown_child_is_named_with_the_known(case):
    case.save(f"{KIDS}/kid.py", "return 1")

    kind, message = case.raised("workflow('kidd')")

    assert kind == "AgentError"
    known = ", ".join(sorted(["kid", *carried.names()]))
    assert message.startswith(f'workflow("kidd"): not found; known: {known}')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return open('x')", "S15 open is not available"),
        ("return (", "S01 "),
        ("return await agent('x', shema={})", "S19 agent() has no option 'shema'"),
    ],
)
def test_c53_a_broken_child_is_named_with_its_first_fault(case, body, reason):
    case.save(f"{KIDS}/kid.py", body)
    agents = ScriptedBackend({"": "never"})

    kind, message = case.raised("workflow('kid')", agents)

    assert kind == "AgentError"
    assert message.startswith('workflow("kid"): not valid: .hocket/workflows/kid.py:')
    assert reason in message
    assert agents.calls == []


def test_c53_args_that_do_not_fit_are_named(case):
    meta = '"args": {"type": "object", "properties": {"n": {"type": "integer"}}}'
    case.save(f"{KIDS}/kid.py", "return args", meta=meta)

    kind, message = case.raised("workflow('kid', {'n': 'x'})")

    assert (kind, message) == ("AgentError", 'workflow("kid"): args/n: must be integer, is "x"')


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("TypeError('boom')", "TypeError"),
        ("ValueError('boom')", "ValueError"),
        ("RuntimeError('boom')", "AgentError"),
    ],
)
def test_c54_the_childs_own_exception_keeps_class_and_message(case, error, kind):
    case.save(f"{KIDS}/kid.py", f"raise {error}")

    assert case.raised("workflow('kid')") == [kind, "boom"]


@pytest.mark.parametrize("error", ["KeyError", "IndexError", "ZeroDivisionError", "AssertionError"])
def test_c54_other_built_in_classes_too(case, error):
    case.save(f"{KIDS}/kid.py", f"raise {error}('boom')")
    body = f"""
        try:
            await workflow("kid")
        except {error} as error:
            return list(error.args)
        """

    assert case.run(body).result == ["boom"]


def test_c55_p12_three_levels_run_and_a_fourth_raises(case):
    for level, next_level in (("one", "two"), ("two", "three"), ("three", "four")):
        case.save(f"{KIDS}/{level}.py", f"return await workflow('{next_level}')")
    case.save(f"{KIDS}/four.py", "return 'deep'")

    three = case.run("return await workflow('two')")
    four = case.raised("workflow('one')")

    assert three.result == "deep"
    assert four == ["AgentError", 'workflow("four"): nested deeper than 3']


def test_c76_a_child_that_raises_takes_its_calls_in_flight_with_it(case):
    case.save(f"{KIDS}/kid.py", "agent('slow')\nraise ValueError('boom')")
    body = """
        try:
            await workflow("kid")
        except ValueError as error:
            return [str(error), await agent("next")]
        """
    answers = {"slow": After(900, "late"), "next": "x"}

    outcome = case.run(body, answers, stage=Stage(flags={"concurrency": 1}))

    assert outcome.result == ["boom", "x"]
    assert outcome.census == {"ok": 1, "cancelled": 1}
