"""Whole runs without a model: simulated, resumed, and replayed from their recording."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from hocket.testing import resume_script, run_script
from hocket_plugins.backends.replay.backend import ReplayBackend
from hocket_plugins.backends.replay.recording import Recording
from hocket_plugins.backends.simulate.backend import SimulateBackend
from hocket_plugins.backends.simulate.behaviour import Behaviour

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


def simulated(told: str) -> SimulateBackend:
    return SimulateBackend(Behaviour.told(told))


def test_a_simulated_run_is_the_same_run_every_time(hocket_project: Path):
    told = "seed=3,latency=60,fail=0.25,fail_state=timeout,price=15"
    first = run_script(SCRIPT, simulated(told), project=hocket_project)
    second = run_script(SCRIPT, simulated(told), project=hocket_project)
    assert (first.status, first.cause) == ("completed", None)
    assert first.result == second.result
    assert first.census == second.census
    states = [state for state, _, _ in first.result["looked"]]
    assert set(states) == {"ok", "timeout"}
    assert len(states) == 12


def test_a_resume_meets_the_same_agents_and_asks_only_the_failed_ones(hocket_project: Path):
    told = "seed=3,fail=0.25"
    first = run_script(SCRIPT, simulated(told), project=hocket_project)
    again = resume_script(first.run_id, simulated(told), project=hocket_project)
    assert again.result == first.result
    assert again.census["error"] == first.census["error"] > 0


def test_a_recorded_run_gives_its_result_again_without_any_model(hocket_project: Path):
    first = run_script(SCRIPT, simulated("seed=5,fail=0.2,price=3"), project=hocket_project)
    replaying = ReplayBackend(Recording(first.folder))
    again = run_script(SCRIPT, replaying, project=hocket_project)
    assert again.folder != first.folder
    assert json.dumps(again.result) == json.dumps(first.result)
    assert again.census == first.census


def test_a_call_that_was_not_recorded_is_an_error_that_names_it(hocket_project: Path):
    first = run_script(SCRIPT, simulated("seed=5"), project=hocket_project)
    edited = SCRIPT.replace('"Vote."', '"Vote again."')
    again = run_script(edited, ReplayBackend(Recording(first.folder)), project=hocket_project)
    assert again.result["looked"] == first.result["looked"]
    assert again.result["votes"] == [None, None, None]
    assert again.census["error"] == 3
    assert any("replay: no recorded answer for call" in line for line in again.log)


def test_big_answers_are_recorded_beside_the_journal_and_found_there(hocket_project: Path):
    big = simulated("size=100000")
    first = run_script(SCRIPT, big, project=hocket_project)
    assert len(first.result["votes"][0]) == 100_000
    again = run_script(SCRIPT, ReplayBackend(Recording(first.folder)), project=hocket_project)
    assert again.result == first.result


@pytest.mark.parametrize("seed", range(5))
def test_no_simulated_run_goes_over_its_budget(hocket_project: Path, seed: int):
    from hocket.testing import Stage  # noqa: PLC0415

    stage = Stage(flags={"budget_tokens": 1500})
    ended = run_script(SCRIPT, simulated(f"seed={seed}"), project=hocket_project, stage=stage)
    assert ended.report["usage"]["output"] <= 1500
