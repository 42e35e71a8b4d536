"""Nothing a command started outlives it, however it ends (cases 60, 61 and 101; A17)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest

from hocket_plugins.tools.shell import leftovers, supervisor

DAEMONS = """
trap '' TERM
setsid bash -c 'trap "" TERM; echo >> ready; exec -a {mark} sleep inf' &
( setsid env -i bash -c 'trap "" TERM; echo >> ready; exec -a {mark} sleep inf' & )
nohup bash -c 'trap "" HUP; echo >> ready; exec -a {mark} sleep inf' > /dev/null 2>&1 &
until [ "$(wc -l < ready 2>/dev/null)" = 3 ]; do sleep 0.02; done
"""
"""Starts three that do not want to end: in another session, without a mark, without output."""

HOCKET = """
import asyncio, sys, threading
from pathlib import Path
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.shell.bash import Bash
from hocket_plugins.tools.shell.section import Shell

def work():
    command = sys.stdin.readline().strip()
    context = ScriptedToolContext(Path(sys.argv[1]), grants=[f"Bash({command})"])
    asyncio.run(Bash(Shell(sandbox=sys.argv[2])).run({"command": command}, context))

if sys.argv[3] == "main":
    work()
else:
    # The parent-death signal of the kernel fires when the spawning thread ends.
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
"""


@pytest.fixture
def mark() -> str:
    return f"m{uuid4().hex}"


def test_a17_daemons_end_with_a_command_that_ends(agent, mark, alive):
    assert agent.head(DAEMONS.format(mark=mark)).startswith("[exit code 0")
    assert alive(mark) == []


def test_a17_daemons_end_with_a_command_that_takes_too_long(agent, mark, alive):
    head = agent.head(f"{DAEMONS.format(mark=mark)} exec -a {mark} sleep inf", 1.0)
    assert head.startswith("[stopped after 1 s")
    assert alive(mark) == []


def test_a17_daemons_end_with_a_command_that_is_cancelled(agent, mark, alive):
    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent.use(f"{DAEMONS.format(mark=mark)} sleep inf"))
            await agent.until_there("ready")
            task.cancel()
        assert task.cancelled()

    asyncio.run(story())
    assert alive(mark) == []


def test_cancelled_again_and_again_it_still_cleans_up(agent, mark, alive):
    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent.use(f"{DAEMONS.format(mark=mark)} sleep inf"))
            await agent.until_there("ready")
            for _ in range(5):
                task.cancel()
                await asyncio.sleep(0.01)
        assert task.cancelled()

    asyncio.run(story())
    assert alive(mark) == []


def test_cancelled_at_any_step_of_the_start_nothing_is_left(agent, mark, alive):
    async def story(turns: int) -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent.use(f"exec -a {mark} sleep inf"))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

    for turns in range(0, 48, 3):
        asyncio.run(story(turns))
        assert alive(mark) == []


@pytest.mark.parametrize("thread", ["main", "worker"])
@pytest.mark.parametrize("sandbox", ["off", "auto"])
def test_a17_case_61_everything_ends_when_hocket_is_killed(
    tmp_path, mark, alive, soon, sandbox, thread
):
    """SIGKILL, a real one: no line of hocket's own runs after it."""
    command = DAEMONS.format(mark=mark).replace("\n", " ; ").strip(" ;").replace("& ;", "&")
    with subprocess.Popen(
        [sys.executable, "-c", HOCKET, tmp_path, sandbox, thread],
        stdin=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    ) as hocket:
        assert hocket.stdin
        hocket.stdin.write(f"{command} ; echo go > begun ; exec -a {mark} sleep inf\n".encode())
        hocket.stdin.flush()
        assert soon((tmp_path / "begun").exists, 20)
        assert len(alive(mark)) >= 4
        hocket.kill()
    assert soon(lambda: alive(mark) == [])


def test_a_command_that_kills_its_supervisor_is_said_to_be_killed(bare, mark, alive):
    """The command dies with its parent, and what it left is found by its mark."""
    command = DAEMONS.format(mark=mark).replace("env -i", "env")
    output = bare.output(f"{command} kill -9 $PPID; exec -a {mark} sleep inf", 20)
    assert output.text.startswith("[the shell was killed")
    assert output.is_error
    assert alive(mark) == []


def test_a_command_that_asks_its_supervisor_to_end_ends(bare, mark, alive):
    head = bare.head(f"kill -TERM $PPID; exec -a {mark} sleep inf", 20)
    assert head.startswith("[exit code 143")
    assert alive(mark) == []


def test_a_supervisor_that_was_stopped_is_killed_and_its_tree_with_it(bare, mark, alive):
    command = DAEMONS.format(mark=mark).replace("env -i", "env")
    output = bare.output(f"{command} kill -STOP $PPID; exec -a {mark} sleep inf", 2.0)
    assert output.text.startswith("[stopped after 2 s")
    assert alive(mark) == []


def test_a_stopped_tree_is_ended_as_well(agent, mark, alive):
    head = agent.head(f"(exec -a {mark} sleep inf) & sleep 0.1; kill -STOP $! $$", 0.5)
    assert head.startswith("[stopped after 0.5 s")
    assert alive(mark) == []


def test_case_101_the_parent_cannot_be_signalled_from_the_sandbox(boxed):
    """There is no process but its own in there."""
    assert boxed.does("kill -9 -1 2>/dev/null; echo still here") == "still here"
    seen = boxed.does("ls /proc | grep -c '^[0-9]*$'")
    assert int(seen) <= 6


def test_processes_are_marked_with_their_call(agent):
    variables = agent.does("env").splitlines()
    assert f"HOCKET_CALL={agent.call_id}" in variables


def test_a17_leftovers_of_a_call_are_found_by_its_mark(mark, alive, soon):
    """What the next start does after hocket and every supervisor were killed at once."""
    marked = {"PATH": os.defpath, "HOCKET_CALL": mark}
    command = ["/bin/bash", "-c", "setsid sleep inf & setsid sleep inf & wait"]
    with subprocess.Popen(command, env=marked, start_new_session=True) as left:
        assert soon(lambda: len(alive(mark)) >= 3)
        assert leftovers.reap("HOCKET_CALL", mark[:-1]) == 0
        assert leftovers.reap("HOCKET_CALL", mark) >= 3
        assert left.wait(5) == -signal.SIGKILL
    assert alive(mark) == []


def test_a_number_that_went_to_another_process_is_left_alone():
    assert not leftovers._kill(os.getpid(), b"HOCKET_CALL=never")
    assert not leftovers._kill(2**22 + 1, b"HOCKET_CALL=never")


def test_the_family_of_a_process_is_known():
    with subprocess.Popen(["/bin/sleep", "inf"]) as child:
        assert child.pid in supervisor.family(child.pid)
        child.kill()


def test_a_supervisor_without_an_order_just_ends():
    ended = subprocess.run(
        [sys.executable, "-I", "-S", supervisor.__file__],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
