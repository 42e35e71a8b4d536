"""C56 to C59, C79, C81: what a run may use, and what becomes of a script that uses more."""

from __future__ import annotations

import pytest

from hocket.api.calls import Bound, EndState, Usage
from hocket.errors import UsageError
from hocket.testing import After, Fail, ScriptedBackend, Stage, Tokens


def test_c56_never_more_than_the_cap_and_in_the_order_of_asking(case):
    agents = ScriptedBackend({"": After(1, "x")})
    body = "return await parallel([lambda i=i: agent(f'{i}') for i in range(10)])"

    outcome = case.run(body, agents, stage=Stage(flags={"concurrency": 2}))

    assert outcome.result == ["x"] * 10
    assert agents.most_in_flight == 2
    assert agents.calls == [f"{i}" for i in range(10)]
    assert outcome.report["elapsed_s"] == 5.0


def test_c56_a_script_can_lower_the_cap_and_not_raise_it(case):
    body = "return await parallel([lambda i=i: agent(f'{i}') for i in range(10)])"
    most = []
    for concurrency in (1, 9):
        agents = ScriptedBackend({"": After(1, "x")})
        stage = Stage(flags={"concurrency": 4})
        case.run(body, agents, stage=stage, meta=f'"limits": {{"concurrency": {concurrency}}}')
        most.append(agents.most_in_flight)

    assert most == [1, 4]


def test_after_a_terminal_quota_nothing_starts_and_a_resume_asks_for_all_of_it(case):
    body = "return await parallel([agent(str(i)) for i in range(4)])"
    stage = Stage(flags={"concurrency": 1})

    before = case.run(body, {"1": Fail(EndState.QUOTA, "spent"), "": "x"}, stage=stage)
    after = case.resume(before, {"": "x"}, stage=stage)

    assert (before.status, before.cause) == ("suspended", "quota: spent")
    assert (before.prompts, after.prompts) == (["0", "1"], ["1", "2", "3"])
    assert after.result == ["x"] * 4


def test_c57_without_a_total_there_is_always_more(case):
    body = """
        await agent("x")
        tokens = [budget.total, budget.remaining() == float("inf"), budget.spent()]
        dollars = [budget.usd.total, budget.usd.remaining() == float("inf"), budget.usd.spent()]
        return [tokens, dollars]
        """
    answers = {"x": Tokens(Usage(output=70, cost_micros=2_500_000), "x")}

    assert case.run(body, answers).result == [[None, True, 70], [None, True, 2.5]]


def test_c57_with_a_total_it_runs_out(case):
    stage = Stage(flags={"budget_tokens": 100, "budget_usd": 5.0})
    agents = ScriptedBackend(
        {"x": Tokens(Usage(output=70, cost_micros=2_500_000), "x")}, bound=Bound(80, 4_000_000)
    )
    body = """
        await agent("x")
        return [budget.total, budget.remaining(), budget.usd.total, budget.usd.remaining()]
        """

    assert case.run(body, agents, stage=stage).result == [100, 30, 5.0, 2.5]


def test_c57_a_budget_in_dollars_needs_a_price(case):
    agents = ScriptedBackend({"": "x"}, bound=Bound(100, None))

    with pytest.raises(UsageError, match="no price is known"):
        case.run("return await agent('x')", agents, stage=Stage(flags={"budget_usd": 5.0}))

    assert agents.calls == []


SIX_THOUSAND_TWICE = """
    return await parallel([
        lambda: agent("one", max_tokens=6000), lambda: agent("two", max_tokens=6000),
    ])
    """
BOTH_AT_ONCE = Stage(flags={"concurrency": 2, "budget_tokens": 10_000})


def test_c58_the_second_waits_for_what_the_first_gives_back(case):
    agents = ScriptedBackend(
        {"": After(1, Tokens(Usage(output=4000), "x"))}, bound=Bound(output=8000)
    )

    outcome = case.run(SIX_THOUSAND_TWICE, agents, stage=BOTH_AT_ONCE)

    assert (outcome.result, agents.most_in_flight) == (["x", "x"], 1)
    assert outcome.report["usage"]["output"] == 8000
    assert outcome.report["elapsed_s"] == 2.0


def test_c58_and_is_refused_when_the_first_leaves_too_little(case):
    agents = ScriptedBackend(
        {"": After(1, Tokens(Usage(output=4001), "x"))}, bound=Bound(output=8000)
    )

    outcome = case.run(SIX_THOUSAND_TWICE, agents, stage=BOTH_AT_ONCE)

    assert (outcome.result, agents.calls) == (["x", None], ["one"])
    needs = "two: over_budget: needs 6,000 output tokens, 5,999 of 10,000 left"
    assert outcome.log[0].startswith(needs)


SPENDING = """
    seen = [budget.spent()]

    async def one(n):
        await agent(f"{n}")
        seen.append(budget.spent())

    await parallel([one(1), one(2), one(3)])
    seen.append([budget.spent(), budget.spent()])
    await agent("last")
    return [*seen, budget.spent()]
    """


def test_c59_spent_moves_only_at_an_await_and_the_same_way_on_replay(case):
    costs = {"1": (3, 10), "2": (2, 200), "3": (1, 3000), "last": (0, 40_000)}
    answers = {
        prompt: After(seconds, Tokens(Usage(output=tokens), "x"))
        for prompt, (seconds, tokens) in costs.items()
    }

    outcome = case.run(SPENDING, answers, stage=Stage(flags={"concurrency": 3}))
    again = case.resume(outcome, {})

    assert outcome.result == [0, 3000, 3200, 3210, [3210, 3210], 43_210]
    assert (again.result, again.prompts) == (outcome.result, [])


LOOP = "x = 0\nwhile True:\n    x += 1"
BOMB = "x = 'x' * 1000\nwhile True:\n    x += x"


@pytest.mark.parametrize(("greed", "limit"), [(LOOP, "cpu"), (BOMB, "memory")])
def test_c79_a_greedy_script_fails_and_resumes_after_a_fix(case, greed, limit):
    before = case.run(f"found = await agent('x')\n{greed}\nreturn found", {"x": "kept"})
    after = case.resume(before, {}, body="found = await agent('x')\nreturn found")

    assert before.status == "failed"
    assert f"limit {limit}: " in before.cause
    assert (after.status, after.result, after.prompts) == ("completed", "kept", [])


def test_c79_a_limit_cannot_be_caught(case):
    outcome = case.run(
        f"try:\n    {BOMB.replace(chr(10), chr(10) + '    ')}\nexcept:\n    return 1"
    )

    assert (outcome.status, outcome.result) == ("failed", None)


def test_c81_a_loop_over_refused_calls_ends(case):
    body = """
        n = 0
        while True:
            n += 1
            await attempt(f"{n}")
        """

    outcome = case.run(body, {"": "x"}, stage=Stage(flags={"max_agents": 1}))

    assert outcome.status == "failed"
    assert outcome.cause.startswith("runaway: ")
    assert outcome.census == {"ok": 1, "over_cap": 10_000}
