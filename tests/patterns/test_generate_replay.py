"""On the real engine: the same wish whatever the latencies, and nothing is bought twice."""

from __future__ import annotations

import pytest

from hocket.testing import After, Fail, Stage, resume_script, run_script

SCRIPT = '''\
"""A wish."""
from hocket.script import generate_and_filter

meta = {"name": "wish"}


async def main():
    rubric = [{"ask": "is it new?"}, {"ask": "is it short?", "must": True}]
    options = {"n": 5, "keep": 1, "same": "the same river", "judges": 2}
    return await generate_and_filter("Name a river.", rubric=rubric, **options)
'''


def answer(call):
    """Make numbered ideas; the third is not short, the rest are as good as their number."""
    item, role = call.options.item, call.options.role
    if role == "work":
        return {"text": f"idea {item['index']}"}
    if role == "read":
        return {"groups": [[1, 2]]}
    if isinstance(item, dict):
        return {"q1": item["text"] != "idea 0", "q2": item["text"] != "idea 2"}
    return {"order": ["A", "B"] if item[0]["text"] > item[1]["text"] else ["B", "A"]}


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
    assert plain.result["kept"][0]["index"] == 4
    dropped = {row["index"]: row["why"] for row in plain.result["dropped"]}
    assert dropped == {0: "score", 1: "duplicate", 2: "must", 3: "score"}
    assert plain.census == {"ok": 5 + 1 + 4 * 2 + 2}


@pytest.mark.parametrize("left_at", [1, 5, 6, 14, 16])
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
    assert len(bought) == len({*bought}) == 16
    assert after.result == play(hocket_project).result


@pytest.mark.parametrize("most", [5, 6, 15])
def test_the_runs_cap_ends_it_with_what_there_is(hocket_project, most):
    outcome = play(hocket_project, flags={"max_agents": most})

    assert len(outcome.prompts) == most
    assert (outcome.result["stopped"], outcome.result["complete"]) == ("cap", False)
    assert outcome.status == "completed"
