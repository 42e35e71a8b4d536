"""verify and classify_and_act in real runs: what a script sees, kills, resumes, late answers."""

from __future__ import annotations

import pytest

from hocket.api.calls import Bound, Usage
from hocket.api.patterns.draws import Draws
from hocket.testing import (
    After,
    Fail,
    ScriptedBackend,
    Stage,
    Tokens,
    resume_script,
    run_script,
)

HEAD = """\
from hocket.script import args, classify_and_act, verify

meta = {"name": "panel", "description": "Votes."}


async def main():
    return await """
VERIFY = f"{HEAD}verify(args, lead=2, group='of', against='Prove it wrong.')\n"
CLASSIFY = f"""{HEAD}classify_and_act(
        args, {{"bug": "broken", "wish": "missing"}}, confirm=["bug"],
        act={{"bug": {{"prompt": "Mend {{id}}."}}}})
"""
CLAIMS = [{"text": f"claim {n}", "of": n % 2} for n in range(4)]
ITEMS = [{"id": n, "text": f"item {n}"} for n in range(4)]
IMPORTANCES = ["low", "low", "high", "normal", "low", "critical"]
ORDER = ["critical", "high", "normal", "low", "low", "low"]
CASES = [(VERIFY, CLAIMS), (CLASSIFY, ITEMS)]
NAMES = ["verify", "classify_and_act"]


def draw(call):
    return Draws(sum(call.prompt.encode()) + 2).below(3)


def answer(call):
    """Answer by the prompt alone: most agree, some do not."""
    kind = draw(call)
    if call.options.role == "act":
        return "done"
    if call.options.role == "classify":
        return {"class": ("bug", "bug", "wish")[kind], "reason": "so"}
    return {"verdict": ("supported", "supported", "refuted")[kind], "reason": "so"}


@pytest.fixture
def play(hocket_project):
    def play(script, args, answers=answer, **stage):
        rules = {"": answers}
        stage = Stage(**stage)
        return run_script(script, rules, project=hocket_project, args=args, stage=stage)

    return play


@pytest.fixture
def again(hocket_project):
    def again(before, answers=answer):
        rules, stage = {"": answers}, Stage()
        return resume_script(before.run_id, rules, project=hocket_project, stage=stage)

    return again


@pytest.mark.parametrize(("script", "args"), CASES, ids=NAMES)
def test_a_replay_buys_nothing_and_gives_the_same(play, again, script, args):
    before = play(script, args)
    after = again(before)

    assert before.status == "completed"
    assert before.result["calls"] == len(before.prompts) > 8
    assert (after.prompts, after.result) == ([], before.result)


@pytest.mark.parametrize("killed_at", [1, 4, 7, 12])
@pytest.mark.parametrize(("script", "args"), CASES, ids=NAMES)
def test_killed_half_way_it_buys_no_vote_twice(play, again, script, args, killed_at):
    runs, done = [], []

    def until(call):
        if len(done) >= killed_at:
            runs[0].leave("suspended", "told to")
            return Fail(cause="cut off")
        done.append(call.prompt)
        return answer(call)

    whole = play(script, args)
    before = play(script, args, until, ready=runs.append)
    after = again(before)

    assert sorted(done + after.prompts) == sorted(whole.prompts)
    assert after.result == whole.result


@pytest.mark.parametrize(("script", "args"), CASES, ids=NAMES)
def test_late_answers_change_neither_requests_nor_result(play, script, args):
    def slowly(seed):
        draws = Draws(seed)
        return lambda call: After(draws.unit() * 100, answer(call))

    runs = [play(script, args, slowly(seed), flags={"concurrency": 3}) for seed in (1, 2, 3)]

    assert runs[0].result == runs[1].result == runs[2].result
    assert len({tuple(sorted(run.prompts)) for run in runs}) == 1


def test_a_vote_that_failed_is_asked_again_and_a_resume_knows_it(play, again):
    failed = []

    def once(call):
        if call.prompt.endswith("Vote 1.") and "claim 2" in call.prompt and not failed:
            failed.append(call.prompt)
            return Fail()
        return answer(call)

    before = play(VERIFY, CLAIMS, once)
    after = again(before)

    assert before.result["census"]["error"] == 1
    assert before.result["verdicts"][2]["failed"] == 1
    assert (after.prompts, after.result) == ([], before.result)


def test_claims_that_failed_for_good_are_asked_again_by_a_resume(play, again):
    def mostly(call):
        return Fail() if "claim 3" in call.prompt else answer(call)

    whole = play(VERIFY, CLAIMS)
    before = play(VERIFY, CLAIMS, mostly)
    after = again(before)

    assert before.result["verdicts"][3]["cause"] == "error"
    assert before.result["complete"] is False
    assert all("claim 3" in prompt for prompt in after.prompts)
    verdicts = [{**told, "failed": 0} for told in after.result["verdicts"]]
    assert verdicts == whole.result["verdicts"]


@pytest.mark.parametrize("most", [1, 5, 9])
def test_the_cap_of_a_run_ends_it_with_what_there_is(play, most):
    outcome = play(VERIFY, CLAIMS, flags={"max_agents": most})

    assert outcome.status == "completed"
    assert len(outcome.prompts) == most
    assert (outcome.result["stopped"], outcome.result["complete"]) == ("cap", False)
    decided = sum(told["error"] is not None for told in outcome.result["verdicts"])
    assert decided <= most // 2


@pytest.mark.parametrize("tokens", [10, 70, 130])
def test_the_budget_of_a_run_ends_it_with_what_there_is(play, tokens):
    outcome = play(VERIFY, CLAIMS, flags={"budget_tokens": tokens})

    assert outcome.status == "completed"
    assert outcome.result["complete"] is False
    assert outcome.result["stopped"] == "budget"


@pytest.mark.parametrize("tokens", [40, 70, 110])
def test_as_a_budget_runs_down_what_matters_most_is_decided_first(hocket_project, tokens):
    claims = [{"text": f"claim {n}", "importance": how} for n, how in enumerate(IMPORTANCES)]
    yes = Tokens(Usage(output=10), {"verdict": "supported", "reason": "so"})
    backend = ScriptedBackend({"": yes}, bound=Bound(output=10))
    flags = {"budget_tokens": tokens, "concurrency": 1}
    stage = Stage(flags=flags)
    outcome = run_script(VERIFY, backend, project=hocket_project, args=claims, stage=stage)

    decided = [claim["importance"] for claim in outcome.result["supported"]]
    assert sorted(decided, key=ORDER.index) == ORDER[: len(decided)]
    assert 2 <= len(decided) < len(claims)
    assert len(backend.calls) * 10 <= tokens
    assert (outcome.result["complete"], outcome.result["stopped"]) == (False, "budget")


def test_a_misspelt_option_costs_nothing(play):
    with pytest.raises(Exception, match="wiht"):
        play(VERIFY.replace("lead=2", "wiht=2"), CLAIMS)


def test_a_misspelt_place_is_told_to_the_script(play):
    outcome = play(VERIFY.replace("Prove it wrong.", "Prove {itme} wrong."), CLAIMS)

    assert (outcome.status, outcome.prompts) == ("failed", [])
    assert "{itme} is not known here" in outcome.cause


def test_screens_and_declared_checks_are_found_by_name(play):
    unknown = play(VERIFY.replace("lead=2", "screen=['nobody']"), CLAIMS)
    known = play(VERIFY.replace("lead=2", "screen=['quote_in_source']"), CLAIMS)

    assert unknown.status == "failed"
    assert "'nobody' is no screen" in unknown.cause
    assert {told["cause"] for told in known.result["verdicts"]} == {"quote not in source"}
    assert known.prompts == []
