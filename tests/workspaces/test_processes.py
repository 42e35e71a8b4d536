"""Processes of dead calls are found by their mark, and nobody else's are touched."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess

import pytest

from hocket.workspaces.processes import reap, sweep


@pytest.fixture
def start():
    """Start processes that nobody waits for but this test."""
    started = []

    def one(mark, command="sleep 300"):
        environment = {"PATH": os.defpath, "HOCKET_CALL": mark}
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"{command} & echo; wait"],
            env=environment,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        process.stdout.readline()
        started.append(process)
        return process

    yield one
    for process in started:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.wait()
        process.stdout.close()


def test_a_sweep_takes_one_call_and_all_it_started(start, tmp_path):
    mine, other = start(f"{tmp_path}/1"), start(f"{tmp_path}/11")
    asyncio.run(sweep(f"{tmp_path}/1"))
    assert mine.wait() == -signal.SIGKILL
    assert other.poll() is None


def test_dead_runs_are_reaped_by_what_their_marks_say(start, tmp_path):
    stubborn = start(f"{tmp_path}/dead/1", "trap '' TERM; setsid sleep 300")
    living = start(f"{tmp_path}/living/1")
    count = asyncio.run(reap(lambda mark: mark.startswith(f"{tmp_path}/dead/")))
    assert count >= 2
    assert stubborn.wait() == -signal.SIGKILL
    assert living.poll() is None
    assert asyncio.run(reap(lambda mark: mark.startswith(f"{tmp_path}/dead/"))) == 0


def test_the_process_that_looks_is_never_meant(monkeypatch):
    """An agent may have started the hocket that cleans up after it."""
    script = (
        "import asyncio; from hocket.workspaces.processes import reap; "
        "print(asyncio.run(reap(lambda mark: mark == 'me')))"
    )
    environment = {**os.environ, "HOCKET_CALL": "me"}
    ended = subprocess.run(
        [os.sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    assert ended.stdout == b"0\n"
