"""C35 to C51: `parallel`, `pipeline`, phases and labels."""

from __future__ import annotations

import pytest

from hocket.api.calls import EndState, Usage
from hocket.api.events import CallAsked
from hocket.testing import After, Fail, Hang, ScriptedBackend, Stage, Tokens

ALL_AT_ONCE = Stage(flags={"concurrency": 16})
ITEMS = "items of parallel or pipeline that raised"
NUMBER = "{'type': 'object', 'required': ['n'], 'properties': {'n': {'type': 'integer'}}}"


def test_c35_parallel_keeps_the_order_of_the_list(case):
    answers = {"a": After(3, "A"), "b": After(2, "B"), "c": After(1, "C")}
    body = "return await parallel([lambda p=p: agent(p) for p in 'abc'])"

    outcome = case.run(body, answers, stage=ALL_AT_ONCE)

    assert outcome.result == ["A", "B", "C"]
    assert outcome.report["elapsed_s"] == 3.0


def test_c36_nothing_in_nothing_out(case):
    body = """
        nothing = await parallel([]), await pipeline([]), await pipeline([], agent)
        return [*nothing, await pipeline([1, None, "x"]), await pipeline((2, 3))]
        """

    assert case.run(body).result == [[], [], [], [1, None, "x"], [2, 3]]


def test_c37_a_thunk_that_raises_is_null_and_a_log_line(case):
    above = """
        def at_once():
            raise ValueError("at once")

        async def later():
            await agent("x")
            raise KeyError("later")
        """

    outcome = case.run("return await parallel([at_once, later, lambda: 3])", above=above)

    assert (outcome.status, outcome.result) == ("completed", [None, None, 3])
    assert outcome.log == ["parallel[0]: ValueError: at once", "parallel[1]: KeyError: 'later'"]
    assert outcome.report["notes"] == [f"script errors 2: {ITEMS}"]


def test_c38_failed_calls_are_null_and_falsy_values_are_kept(case):
    body = f"""
        return await parallel([
            agent("fails"), agent("invalid", schema={NUMBER}),
            lambda: 0, lambda: "", lambda: False, lambda: [], agent("empty"),
        ])
        """
    answers = {"fails": Fail(), "invalid": {"n": "no"}, "empty": ""}

    outcome = case.run(body, answers)

    assert outcome.result == [None, None, 0, "", False, [], ""]
    assert outcome.census == {"ok": 1, "error": 1, "invalid": 1}


@pytest.mark.parametrize("call", ["parallel([lambda: 1] * {})", "pipeline([1] * {}, lambda n: n)"])
def test_c39_4096_items_pass(case, call):
    assert case.run(f"return await {call.format(4096)}").result == [1] * 4096


@pytest.mark.parametrize(
    "call", ["parallel([lambda: agent('x')] * 4097)", "pipeline(['x'] * 4097, agent)"]
)
def test_c39_4097_items_raise_and_nothing_starts(case, call):
    agents = ScriptedBackend({"": "never"})

    result = case.raised(call, agents)

    name = call.partition("(")[0]
    assert result == ["ValueError", f"{name}(): 4097 items, at most 4096"]
    assert agents.calls == []


@pytest.mark.parametrize(
    ("call", "args", "message"),
    [
        ("parallel([args])", 5, "parallel(): item 0 is int, not a function or a call"),
        ("parallel([agent, args])", "x", "parallel(): item 1 is str, not a function or a call"),
        ("parallel(args)", 5, "parallel(): the items are a int, not a list"),
        ("pipeline(args, agent)", 5, "pipeline(): the items are a int, not a list"),
        ("pipeline(['x'], args)", 5, "pipeline(): stage 0 is int, not a function"),
        ("pipeline(['x'], agent, args)", [], "pipeline(): stage 1 is list, not a function"),
    ],
)
def test_c40_what_is_no_function_is_a_type_error(case, call, args, message):
    agents = ScriptedBackend({"": "never"})

    assert case.raised(call, agents, args=args) == ["TypeError", message]
    assert agents.calls == []


def test_c41_the_call_over_the_cap_raises(case):
    body = """
        answers = await parallel([lambda i=i: agent(f"{i}") for i in range(1000)])
        try:
            await agent("one more")
        except AgentError as error:
            return [len(answers), str(error)]
        """

    count, error = case.run(body, {"": "x"}, stage=ALL_AT_ONCE).result

    assert (count, error.partition(";")[0]) == (
        1000,
        "over_cap: agents: 1000 of 1000 agents of this run are used",
    )


@pytest.mark.parametrize(
    "call",
    ["parallel([agent('a'), agent('b'), agent('c')])", "pipeline(['a', 'b', 'c'], agent)"],
)
def test_c41_it_passes_through_parallel_and_pipeline(case, call):
    kind, message = case.raised(call, {"": "x"}, stage=Stage(flags={"max_agents": 2}))

    assert kind == "AgentError"
    assert message.startswith("over_cap: agents: 2 of 2 ")


@pytest.mark.parametrize(
    "call", ["parallel([agent('a'), agent('b')])", "pipeline(['a', 'b'], agent)"]
)
def test_c41_the_cap_of_one_call_is_null(case, call):
    answers = {"a": Fail(EndState.OVER_CAP, "turns: 50 of 50"), "b": "x"}

    outcome = case.run(f"return await {call}", answers)

    assert (outcome.result, outcome.census) == ([None, "x"], {"ok": 1, "over_cap": 1})


def test_c42_over_budget_is_null_and_the_others_are_kept(case):
    stage = Stage(flags={"concurrency": 1, "budget_tokens": 2500})
    body = "return await parallel([agent('a'), agent('b'), agent('c'), agent('d')])"

    outcome = case.run(body, {"": Tokens(Usage(output=800), "x")}, stage=stage)

    assert outcome.result == ["x", "x", None, None]
    assert outcome.census == {"ok": 2, "over_budget": 2}
    assert outcome.log[0].startswith("c: over_budget: needs 1,000 output tokens, 900 of 2,500 left")


def test_c43_a_stage_gets_the_result_before_the_item_and_the_index(case):
    body = """
        return await pipeline(
            ["a", "b"],
            lambda before, item, index: [before, item, index],
            lambda before, item, index: [before, item, index],
            lambda before, item: [before, item],
        )
        """

    assert case.run(body).result == [
        [[["a", "a", 0], "a", 0], "a"],
        [[["b", "b", 1], "b", 1], "b"],
    ]


def test_c44_no_item_waits_for_another(case):
    answers = {"first a": After(9, "A"), "first b": After(1, "B"), "second": "done"}
    body = """
        return await pipeline(
            ["a", "b"], lambda p: agent(f"first {p}"), lambda p: agent(f"second {p}")
        )
        """

    outcome = case.run(body, answers, stage=ALL_AT_ONCE)

    assert outcome.prompts == ["first a", "first b", "second B", "second A"]
    assert outcome.result == ["done", "done"]


def test_c45_null_from_a_stage_stops_the_item(case):
    body = """
        return await pipeline(
            ["now", "later", "on"],
            lambda p: None if p == "now" else agent(p),
            lambda p: agent(f"second {p}"),
        )
        """

    outcome = case.run(body, {"later": Fail(), "on": "on"})

    assert outcome.result == [None, None, "on"]
    assert outcome.prompts == ["later", "on", "second on"]


def test_c46_a_null_item_runs_nothing_and_other_falsy_items_run(case):
    body = "return await pipeline([None, 0, '', False], lambda item: [item])"

    assert case.run(body).result == [None, [0], [""], [False]]


@pytest.mark.parametrize("when", ["lambda p: f(p)", "f"])
def test_c47_a_stage_that_raises_ends_its_item_alone(case, when):
    above = """
        def f(p):
            return agent(p) if p != "bad" else 1 / 0
        """

    outcome = case.run(
        f"return await pipeline(['bad', 'good'], {when})", {"good": "x"}, above=above
    )

    assert (outcome.status, outcome.result) == ("completed", [None, "x"])
    assert outcome.log == ["pipeline[0]: ZeroDivisionError: division by zero"]
    assert outcome.report["notes"] == [f"script errors 1: {ITEMS}"]


def test_c48_a_list_with_null_is_a_value_for_the_next_stage(case):
    body = """
        return await pipeline(
            ["x"], lambda p: parallel([lambda: 1, agent("fails")]), lambda found: [found]
        )
        """

    assert case.run(body, {"fails": Fail()}).result == [[[1, None]]]


def groups(outcome):
    """Give the label and the group of every call."""
    return [(e.label, e.phase) for e in outcome.events if isinstance(e, CallAsked)]


def test_c49_c50_a_call_is_in_its_own_group_else_in_the_ambient_one(case):
    body = """
        await agent("before")
        phase("Find")
        await agent("found")
        await agent("elsewhere", phase="Audit")
        await agent("found again")
        phase("Unlisted")
        await agent("last")
        """

    outcome = case.run(body, meta='"phases": ["Find", "Audit"]')

    assert groups(outcome) == [
        ("before", None),
        ("found", "Find"),
        ("elsewhere", "Audit"),
        ("found again", "Find"),
        ("last", "Unlisted"),
    ]


def test_c51_the_label_is_the_start_of_the_prompt(case):
    body = (
        "await agent('x' * 61)\nawait agent('y', label='z' * 121)\nawait agent('y', label='short')"
    )

    assert [label for label, _ in groups(case.run(body))] == ["x" * 60, "z" * 120, "short"]


def test_a_failing_call_does_not_hide_another_that_hangs(case):
    body = "return await parallel([agent('fails'), agent('hangs', timeout=7)])"

    outcome = case.run(body, {"fails": Fail(), "hangs": Hang()}, stage=ALL_AT_ONCE)

    assert (outcome.result, outcome.census) == ([None, None], {"error": 1, "timeout": 1})
