"""Killed at any step, an install, an update and a removal leave the old state or the new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STORIES = ["install", "update", "remove"]


def played(story, *, exchange=True, stride=1, twice=0, moments=0):
    """Play a story in a process without threads, which may fork."""
    told = {"exchange": exchange, "stride": stride, "twice": twice, "moments": moments}
    done = subprocess.run(
        [sys.executable, str(HERE / "dying_installs.py"), story, json.dumps(told)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "registry")]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("story", STORIES)
def test_killed_at_a_step_the_next_command_finds_old_or_new(story):
    told = played(story, stride=15)
    assert told["faults"] == []
    assert min(told["ended"].values()) > 0, told


@pytest.mark.parametrize("story", ["update", "remove"])
def test_without_an_exchange_two_renames_lose_nothing_either(story):
    told = played(story, exchange=False, stride=15)
    assert told["faults"] == []


def test_the_recovery_itself_may_be_killed(tmp_path):
    told = played("update", stride=40, twice=1)
    assert told["faults"] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("story", STORIES)
def test_killed_before_and_after_every_step(story, exchange):
    told = played(story, exchange=exchange)
    assert told["faults"] == []
    assert sum(told["ended"].values()) == 2 * told["steps"]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("story", STORIES)
def test_every_recovery_is_killed_at_every_step(story, exchange):
    told = played(story, exchange=exchange, twice=3)
    assert told["faults"] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", STORIES)
def test_killed_at_random_moments(story):
    told = played(story, moments=200)
    assert told["faults"] == []
    assert sum(told["ended"].values()) == 200
