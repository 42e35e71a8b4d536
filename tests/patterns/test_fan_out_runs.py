"""fan_out in real runs: with everything that comes after it, through kills and stops."""

from __future__ import annotations

from collections import Counter

import pytest

from hocket.api.calls import Bound, Usage
from hocket.testing import After, Fail, ScriptedBackend, Stage, Tokens, resume_script, run_script
from hocket_plugins.patterns.fan_out.units import AGAIN

MARK = AGAIN.partition("\n")[0]
SCRIPT = '''\
"""Ask about prices."""
from hocket.script import args, fan_out

meta = {"name": "prices", "description": "Ask about prices"}


async def main():
    return await fan_out(
        args["items"],
        "What does {item} cost?",
        schema={"type": "object"},
        key="text",
        invariants=[{"agree": ["price"], "by": "id"}],
        merge={"key": "id", "same": "is the same thing"},
        synthesize="Sum up.",
        width=2,
    )
'''
ITEMS = ["a", "b", "c", None, "c", "d"]
"""The second answer for c differs, until it is asked again."""


def answer(call):
    """Answer as an agent whose first answer about c is wrong."""
    item, schema = call.options.item, call.options.schema
    if not call.prompt.startswith("What"):
        return booked("a sum" if schema is None else {"groups": []})
    wrong = item == "c" and MARK not in call.prompt
    return booked({"id": 1 if item != "d" else 2, "price": 6 if wrong else 5})


def booked(value):
    return Tokens(Usage(output=10), value)


def run(project, answers, *, items=ITEMS, ready=None, **flags):
    agents = ScriptedBackend({"": answers}, bound=Bound(output=10))
    stage = Stage(flags={"concurrency": 4, **flags})
    if ready is not None:
        stage = Stage(flags={"concurrency": 4, **flags}, ready=ready)
    return run_script(SCRIPT, agents, project=project, args={"items": items}, stage=stage)


def numberless(result):
    """Leave out the numbers of calls: they say in which order calls were first asked for."""
    records = [{**each, "call": None} for each in result["records"]]
    return {**result, "records": records}


def test_a_whole_run(hocket_project):
    told = run(hocket_project, answer).result

    assert told["complete"] is True
    assert told["coverage"] == "4 of 4"
    assert [each["cause"] for each in told["records"]] == [
        *[None] * 3,
        "null item",
        "same as item 2",
        None,
    ]
    assert told["merged"] == {
        "records": [{"id": 1, "price": 5}, {"id": 2, "price": 5}],
        "conflicts": [],
    }
    assert told["answer"] == "a sum"
    assert told["census"] == {"ok": 4 + 1 + 1 + 1}


@pytest.mark.parametrize("kill", range(1, 8))
def test_killed_at_any_call_nothing_is_bought_twice(hocket_project, kill):
    whole = run(hocket_project, answer)
    runs, count = [], Counter()

    def interrupted(call):
        count["asked"] += 1
        if count["asked"] == kill:
            runs[0].leave("suspended", "told to")
        return Fail(cause="cut off") if count["asked"] >= kill else answer(call)

    before = run(hocket_project, interrupted, ready=runs.append)
    rest = ScriptedBackend({"": answer}, bound=Bound(output=10))
    after = resume_script(before.run_id, rest, project=hocket_project)

    assert numberless(after.result) == numberless(whole.result)
    assert Counter(before.prompts[: kill - 1]) + Counter(rest.calls) == Counter(whole.prompts)


@pytest.mark.parametrize("slow", ["a", "c", "d"])
def test_latencies_change_neither_requests_nor_result(hocket_project, slow):
    def answers(call):
        return After(60 if call.options.item == slow else 1, answer(call))

    late, whole = run(hocket_project, answers), run(hocket_project, answer)

    assert sorted(late.prompts) == sorted(whole.prompts)
    assert late.result == whole.result


def test_a_budget_that_ends_half_way(hocket_project):
    told = run(hocket_project, answer, budget_tokens=30).result

    assert (told["stopped"], told["complete"], told["answer"]) == ("budget", False, None)
    assert told["coverage"] == "3 of 4"
    assert "nobody was left to say which keys are the same" in told["notes"]


def test_more_items_than_a_run_has_agents(hocket_project):
    items = [f"item {number}" for number in range(8)]
    told = run(hocket_project, answer, items=items, max_agents=5).result

    assert (told["stopped"], told["complete"]) == ("cap", False)
    assert told["coverage"] == "5 of 8"
    assert {each["state"] for each in told["records"][5:]} == {"over_cap"}


def test_agents_that_fail_are_named_and_nobody_sums_up(hocket_project):
    told = run(hocket_project, lambda _call: Fail(cause="no luck")).result

    assert (told["stopped"], told["answer"], told["failed"]) == ("few", None, [0, 1, 2, 5])
    assert told["records"][0]["cause"] == "no luck"
    assert told["census"] == {"error": 8}
