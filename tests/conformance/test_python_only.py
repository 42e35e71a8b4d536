"""P01 to P14: what only Python scripts can do, or may not."""

from __future__ import annotations

import pytest

from hocket.errors import ScriptRejected
from hocket.testing import ScriptedBackend, run_script


def refused(case, body, **parts):
    """Give the findings of a script that must not run."""
    agents = ScriptedBackend({"": "never"})
    with pytest.raises(ScriptRejected) as caught:
        case.run(body, agents, **parts)
    assert agents.calls == []
    return caught.value.findings


@pytest.mark.parametrize(
    ("stage", "result"),
    [
        ("lambda p, k=3: [p, k]", ["x", 3]),
        ("lambda *a: list(a)", ["x"]),
        ("lambda p, *rest: [p, list(rest)]", ["x", []]),
        ("lambda p, item, k=3: [p, item, k]", ["x", "x", 3]),
        ("lambda p, item, index, *rest: [p, item, index, list(rest)]", ["x", "x", 0, []]),
        ("lambda p, *, k=4: [p, k]", ["x", 4]),
        ("named", ["x", "x", 0]),
        ("later", ["x", "x"]),
    ],
)
def test_p01_p02_a_stage_gets_what_it_requires(case, stage, result):
    above = """
        def named(before, item, index):
            return [before, item, index]

        async def later(before, item):
            return [before, item]
        """

    assert case.run(f"return await pipeline(['x'], {stage})", above=above).result == [result]


def test_p01_an_error_inside_a_stage_is_not_taken_for_missing_arguments(case):
    above = """
        ran = []
        two: Any = lambda a, b: a

        def stage(p):
            ran.append(p)
            return two(p)
        """
    body = "return [await pipeline(['x'], stage), ran]"

    outcome = case.run(body, above=above, imports="from typing import Any")

    assert outcome.result == [[None], ["x"]]


def test_p03_calls_functions_and_coroutines_mix_in_any_iterable(case):
    above = """
        async def own(n):
            return await agent(f"own {n}")
        """
    body = """
        calls = (agent("call"), lambda: agent("thunk"), own(1), lambda: own(2), lambda: 5)
        first, second = await parallel(calls), await parallel({lambda: 1})
        return [first, second, await parallel(agent(p) for p in "ab")]
        """

    outcome = case.run(body, {"": lambda call: f"<{call.prompt}>"}, above=above)

    first, second, third = outcome.result
    assert first == ["<call>", "<thunk>", "<own 1>", "<own 2>", 5]
    assert (second, third) == ([1], ["<a>", "<b>"])


def test_p03_a_call_that_ended_before_can_still_be_combined(case):
    body = """
        early = agent("early")
        await agent("between")
        log("now")
        return await parallel([early, agent("late"), lambda: agent("last")])
        """

    outcome = case.run(body, {"": lambda call: call.prompt})

    assert outcome.result == ["early", "late", "last"]


@pytest.mark.parametrize("items", ["abc", {"a": 1}])
@pytest.mark.parametrize("call", ["parallel(args)", "pipeline(args, agent)"])
def test_p04_a_text_or_dict_is_no_list_of_items(case, call, items):
    kind, message = case.raised(call, args=items)

    assert kind == "TypeError"
    assert (
        message == f"{call.partition('(')[0]}(): the items are a {type(items).__name__}, not a list"
    )


def test_p05_calls_left_open_are_awaited_with_a_warning(case):
    outcome = case.run("agent('one')\nagent('two', label='second')\nreturn 'done'", {"": "x"})

    assert (outcome.status, outcome.result, outcome.census) == ("completed", "done", {"ok": 2})
    assert outcome.log == ["2 calls were never awaited: one, second"]


def test_p05_what_they_raise_fails_nothing(case):
    outcome = case.run("agent('one', inputs=['missing'])\nreturn 'done'")

    assert (outcome.status, outcome.result) == ("completed", "done")


def test_p06_a_misspelt_option_is_refused_before_any_call(case):
    findings = refused(case, "await agent('a')\nreturn await agent('b', shema={})")

    assert findings == (
        "script.py:9:29: S19 agent() has no option 'shema'; did you mean 'schema'?",
    )


def test_p07_no_host_function_at_module_level(case):
    (finding,) = refused(case, "return 1", above="FOUND = agent('x')")

    assert finding.startswith("script.py:6:9: S12 agent() is called at module level")


def test_p08_agent_error_catches_invalid(case):
    schema = "{'type': 'object', 'required': ['n']}"
    body = f"""
        try:
            await agent("x", schema={schema})
        except AgentError as error:
            return str(error).partition(":")[0]
        """

    assert case.run(body, {"x": {}}).result == "invalid"


def test_p10_a_character_that_reorders_text_is_refused(case):
    (finding,) = refused(case, "return 'a\u202eb'")

    assert finding == (
        "script.py:8:14: S02 U+202E RIGHT-TO-LEFT OVERRIDE is not allowed here; write \\u202e"
    )


def test_p11_a_readers_text_is_a_handle_that_opens_in_the_result(case):
    body = """
        text = await agent("read", untrusted=True)
        return ["secret" in text, f"It says: {text}"]
        """

    assert case.run(body, {"read": "a secret"}).result == [False, "It says: a secret"]


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ("{'items': [1, {2, 3}]}", "result.items[1]: set"),
        ("[b'bytes']", "result[0]: bytes"),
        ("{'a': range(3)}", "result.a: range"),
        ("{'a': {1: 'b'}}", "result.a: a key is int, not a text"),
    ],
)
def test_p13_what_is_not_json_fails_with_its_path(case, result, found):
    outcome = case.run(f"await agent('x')\nreturn {result}")

    assert outcome.status == "failed"
    assert outcome.cause.endswith(f"the result is not JSON: {found}")


def test_p13_neither_is_a_list_that_holds_itself(case):
    outcome = case.run("found = []\nfound.append(found)\nreturn found")

    assert outcome.cause == "ValueError: the result is not JSON: Circular reference detected"


def test_p14_the_docstring_is_the_description(hocket_project):
    source = (
        '"""First line.\n\nMore of it."""\nmeta = {"name": "x"}\nasync def main():\n    return 1\n'
    )

    assert run_script(source, project=hocket_project).card.description == "First line."


def test_p14_without_either_it_is_refused(hocket_project):
    source = 'meta = {"name": "x"}\nasync def main():\n    return 1\n'

    with pytest.raises(ScriptRejected, match=r"S04 meta\.description is missing"):
        run_script(source, project=hocket_project)


@pytest.mark.parametrize("name", ["_value", "_item", "_args", "_asyncio", "list", "type", "str"])
def test_the_names_of_a_script_are_its_own(case, name):
    body = (
        "return [await parallel([agent('a'), lambda: 1]), await pipeline([1], lambda p, i: [p, i])]"
    )

    assert case.run(body, {"": "x"}, above=f"{name} = 5").result == [["x", 1], [[1, 1]]]
