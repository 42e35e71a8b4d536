"""Dry runs find what a script does at its edges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocket.engine.clock import MachineClock
from hocket.errors import UsageError
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.rehearsal.worlds import trials

HEAD = '''
"""A script that is looked at."""

from hocket.script import agent, log, parallel, phase

meta = {"name": "looked-at", "description": "Is looked at", "phases": ["Look"]}
NAMES = {
    "type": "object",
    "properties": {"names": {"type": "array", "items": {"type": "string"}, "x-expect": 5}},
    "required": ["names"],
}


async def main():
'''


@pytest.fixture
def problems(tmp_path):
    """Give a function that plays a script in every world and gives the problems by world."""

    def play(*lines, **flags):
        text = HEAD.lstrip() + "".join(f"    {line}\n" for line in lines)
        (tmp_path / "script.py").write_text(text, "utf-8")
        project = Project.open(tmp_path, flags=flags, choices={"backend": "simulate"})
        found = trials(prepare(project, Demand("script.py")), MachineClock())
        return {trial.world: trial.problems for trial in found if trial.problems}

    return play


def test_a_script_that_minds_its_edges_has_none(problems):
    assert problems('return {"said": await agent("Speak."), "complete": False}') == {}


def test_a_phase_that_meta_does_not_name_is_found_however_it_is_named(problems):
    told = problems('phase("Look")', 'await agent("Speak.", phase="Listen")', 'phase("Leave")')
    assert len(told) == 5
    assert told["agents that answer"] == (
        "phase 'Leave' is not in meta",
        "phase 'Listen' is not in meta",
    )


def test_a_call_that_is_never_awaited_is_found(problems):
    told = problems('late = agent("Speak.", label="late")', "return late is None")
    assert "never awaited: late" in told["agents that answer"][0]


def test_a_list_that_grows_beyond_the_cap_is_found_in_one_world_alone(problems):
    told = problems(
        'found = await agent("Name some.", schema=NAMES)',
        'names = found["names"] if found else []',
        "await parallel([agent(f'Look at {n}.') for n in range(len(names))])",
        max_agents=40,
    )
    assert list(told) == ["agents that find ten times as much"]
    assert told["agents that find ten times as much"] == (
        "it asks for more agents than its cap allows, and does not look at the budget",
    )


def test_a_result_that_is_no_json_is_found(problems):
    told = problems('return {"said": {1, 2}}')
    assert all("failed" in text for (text,) in told.values())


def test_without_the_agents_of_dry_runs_it_says_so(tmp_path):
    (tmp_path / "script.py").write_text(HEAD.lstrip() + "    return 1\n", "utf-8")
    there = Project.open(tmp_path, choices={"backend": "simulate"})
    (tmp_path / ".hocket").mkdir(exist_ok=True)
    settings = '[plugins]\nblock = ["backends.simulate"]\n'
    (tmp_path / ".hocket" / "config.toml").write_text(settings, "utf-8")
    blocked = Project.open(tmp_path)
    with pytest.raises(UsageError, match="blocked or not installed"):
        trials(replace(prepare(there, Demand("script.py")), project=blocked), MachineClock())
