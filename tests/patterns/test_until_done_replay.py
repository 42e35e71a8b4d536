"""On the real engine: the same search whatever the latencies, and nothing is bought twice."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.testing import After, Fail, Stage, Tokens, resume_script, run_script

SCRIPT = '''\
"""A search."""
from hocket.script import until_done

meta = {"name": "search"}
FOUND = {"type": "object", "required": ["at"], "properties": {"at": {"type": "string"}}}
SCHEMA = {"type": "object", "required": ["items"],
          "properties": {"items": {"type": "array", "items": FOUND}}}


async def main():
    options = {"same": "the same leak", "verify": {"lead": 1}, "value": 6.0}
    return await until_done("Find leaks.", schema=SCHEMA, key="at", **options)
'''
ROWS = ["abf", "c", "aX", "b", "c", "", "de", "d", "f"]
PRICE = Usage(output=10, cost_micros=500_000)


def answer(call):
    """Find by number; x is another word for b, and c is wrong."""
    item, role = call.options.item, call.options.role
    if role == "find":
        items = [{"at": place} for place in ROWS[item["index"]]]
        return Tokens(PRICE, {"items": items})
    if role == "read":
        names = [one["at"] for one in item]
        return {"groups": [[names.index("b") + 1, names.index("X") + 1]] if "X" in names else []}
    verdict = "refuted" if item["at"] == "c" else "supported"
    return Tokens(PRICE, {"verdict": verdict, "reason": "so"})


def play(project, answers=answer, *, again=None, **stage):
    stage = Stage(**stage)
    if again is not None:
        return resume_script(again.run_id, {"": answers}, project=project, stage=stage)
    return run_script(SCRIPT, {"": answers}, project=project, stage=stage)


@pytest.mark.parametrize("step", [97, 37])
def test_latencies_change_neither_requests_nor_result(hocket_project, step):
    asked = []

    def late(call):
        asked.append(call)
        return After(len(asked) * step % 98, answer(call))

    plain, late = play(hocket_project), play(hocket_project, late)

    assert late.result == plain.result
    assert sorted(late.prompts) == sorted(plain.prompts)
    assert [(item["value"]["at"], item["seen_by"]) for item in plain.result["items"]] == [
        ("a", [0, 2]),
        ("b", [0, 2, 3]),
        ("f", [0, 8]),
        ("d", [6, 7]),
        ("e", [6]),
    ]
    assert (plain.result["n"], plain.result["stopped"]) == (9, None)
    assert plain.result["rejected"][0]["state"] == "refuted"
    assert plain.census == {"ok": 9 + 2 + 6}


@pytest.mark.parametrize("left_at", [1, 6, 8, 12, 15, 17])
def test_killed_after_any_call_it_buys_only_what_it_lacks(hocket_project, left_at):
    runs, bought = [], []

    def interrupted(call):
        if len(bought) == left_at - 1:
            runs[0].leave("suspended", "told to")
            return Fail(cause="cut off")
        bought.append(call.prompt)
        return answer(call)

    def going_on(call):
        bought.append(call.prompt)
        return answer(call)

    before = play(hocket_project, interrupted, ready=runs.append, flags={"concurrency": 1})
    after = play(hocket_project, going_on, again=before)

    assert before.status == "suspended"
    assert len(bought) == len({*bought}) == 17
    assert after.result == play(hocket_project).result


@pytest.mark.parametrize("most", [5, 8, 12])
def test_the_runs_cap_ends_it_with_what_there_is(hocket_project, most):
    outcome = play(hocket_project, flags={"max_agents": most})

    assert len(outcome.prompts) == most
    assert (outcome.result["stopped"], outcome.result["complete"]) == ("cap", False)
    assert outcome.status == "completed"


@pytest.mark.parametrize("tokens", [1_000, 1_050, 1_100, 1_130])
def test_a_budget_that_runs_out_half_way_is_never_exceeded(hocket_project, tokens):
    outcome = play(hocket_project, flags={"budget_tokens": tokens, "concurrency": 1})

    assert outcome.result["complete"] is False
    assert outcome.status == "completed"
    spent = 10 * outcome.census["ok"]
    assert spent <= tokens
