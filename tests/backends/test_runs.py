"""Whole runs without a model: simulated, resumed, and replayed from their recording."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from hocket.api.events import CallFinished, CallStarted
from hocket.errors import UsageError
from hocket.testing import Outcome, Stage, resume_script, run_script
from hocket_plugins.views.progress.board import Board

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = dedent('''
    """Look at files and judge them."""
    from hocket.script import agent, attempt, parallel
    meta = {"name": "look", "description": "Look at files"}
    FILES = {
        "type": "object",
        "properties": {"files": {"type": "array", "items": {"type": "string"}, "x-expect": 12}},
        "required": ["files"],
    }
    async def main():
        found = await agent("List the files.", schema=FILES)
        calls = [attempt(f"Look at {n}: {name}") for n, name in enumerate(found["files"])]
        looked = await parallel(calls)
        votes = await parallel([agent("Vote.") for _ in range(3)])
        return {"looked": [[one["state"], one["value"], one["usage"]] for one in looked],
                "votes": votes}
''')


def simulated(told: str, **flags: object) -> Stage:
    return Stage(choices={"backend": "simulate", "simulate": told}, flags=flags)


def replayed(run: Outcome) -> Stage:
    return Stage(choices={"backend": "replay", "replay": run.run_id})


def test_a_simulated_run_is_the_same_run_every_time(hocket_project: Path):
    stage = simulated("seed=3,latency=60,fail=0.25,fail_state=timeout,price=15")
    first = run_script(SCRIPT, project=hocket_project, stage=stage)
    second = run_script(SCRIPT, project=hocket_project, stage=stage)
    assert (first.status, first.cause) == ("completed", None)
    assert first.result == second.result
    assert first.census == second.census
    states = [state for state, _, _ in first.result["looked"]]
    assert set(states) == {"ok", "timeout"}
    assert len(states) == 12


def test_a_resume_meets_the_same_agents_and_asks_only_the_failed_ones(hocket_project: Path):
    stage = simulated("seed=3,fail=0.25")
    first = run_script(SCRIPT, project=hocket_project, stage=stage)
    again = resume_script(first.run_id, project=hocket_project, stage=stage)
    assert again.result == first.result
    asked = [event for event in again.events if isinstance(event, CallStarted)]
    assert len(asked) == first.census["error"] > 0


def test_a_recorded_run_gives_its_result_again_without_any_model(hocket_project: Path):
    stage = simulated("seed=5,fail=0.2,price=3")
    first = run_script(SCRIPT, project=hocket_project, stage=stage)
    again = run_script(SCRIPT, project=hocket_project, stage=replayed(first))
    assert again.run_id != first.run_id
    assert again.result == first.result
    assert (again.census, again.report["usage"]) == (first.census, first.report["usage"])


def test_a_call_that_was_not_recorded_is_an_error_that_names_it(hocket_project: Path):
    first = run_script(SCRIPT, project=hocket_project, stage=simulated("seed=5"))
    edited = SCRIPT.replace('"Vote."', '"Vote again."')
    again = run_script(edited, project=hocket_project, stage=replayed(first))
    assert again.result["looked"] == first.result["looked"]
    assert again.result["votes"] == [None, None, None]
    assert again.census["error"] == 3
    assert any("replay: no recorded answer for call" in line for line in again.log)


def test_big_answers_are_recorded_beside_the_journal_and_found_there(hocket_project: Path):
    first = run_script(SCRIPT, project=hocket_project, stage=simulated("size=100000"))
    assert len(first.result["votes"][0]) == 100_000
    again = run_script(SCRIPT, project=hocket_project, stage=replayed(first))
    assert again.result == first.result


def test_a_replay_of_a_replay_is_the_same_again(hocket_project: Path):
    first = run_script(SCRIPT, project=hocket_project, stage=simulated("seed=8,fail=0.1"))
    second = run_script(SCRIPT, project=hocket_project, stage=replayed(first))
    third = run_script(SCRIPT, project=hocket_project, stage=replayed(second))
    assert third.result == first.result


@pytest.mark.parametrize("seed", range(3))
def test_no_simulated_run_goes_over_its_budget(hocket_project: Path, seed: int):
    stage = simulated(f"seed={seed}", budget_tokens=1500)
    ended = run_script(SCRIPT, project=hocket_project, stage=stage)
    spent = [event.usage.output for event in ended.events if isinstance(event, CallFinished)]
    assert 0 < sum(spent) <= 1500


def test_a_wrong_word_for_simulate_stops_before_anything_runs(hocket_project: Path):
    with pytest.raises(UsageError, match="the key 'latancy' is unknown"):
        run_script(SCRIPT, project=hocket_project, stage=simulated("latancy=1"))
    assert not (hocket_project / ".hocket" / "runs").exists()


def test_what_a_view_shows_in_the_end_is_the_census(hocket_project: Path):
    ended = run_script(SCRIPT, project=hocket_project, stage=simulated("seed=3,fail=0.25"))
    board = Board()
    for event in ended.events:
        board.hear(event)
    assert board.run.complete
    assert board.run.ended == sum(ended.census.values())
    assert board.run.failed == ended.census["error"]
    assert board.run.running == {}
