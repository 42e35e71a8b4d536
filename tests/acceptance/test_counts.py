"""What is counted instead of timed: writes, syncs, tasks, requests, and what a run leaves open."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from office import LongWinded

from hocket.api.markers import hookimpl
from hocket.testing import After, ScriptedBackend, Stage, run_script
from hocket_plugins.stores.files import FilesStore
from hocket_plugins.stores.files.disk import Disk

SCRIPT = """
from hocket.script import agent, args, parallel
meta = {"name": "fan", "description": "A fan-out."}
async def main():
    return len(await parallel([lambda n=n: agent(f"unit {n}.") for n in range(args)]))
"""
TICK_S = 0.05


class CountingDisk(Disk):
    """A disk that remembers in which tick the journal was written, and each sync of it."""

    def __init__(self):
        self.ticks = set()
        self.syncs = 0

    def write(self, fd, content):
        if bytes(content[:8]) == b'{"crc":"':
            self.ticks.add(int(asyncio.get_running_loop().time() / TICK_S))
        return super().write(fd, content)

    def sync(self, fd):
        self.syncs += Path(f"/proc/self/fd/{fd}").readlink().name == "journal.jsonl"
        super().sync(fd)

    @hookimpl
    def hocket_choose_store(self, settings):
        return FilesStore(settings.project, self)


def fan(project, size, answers, **stage):
    flags = {"concurrency": 16, "max_agents": 5_000}
    given = Stage(flags=flags, **stage)
    return run_script(SCRIPT, answers, project=project, args=size, stage=given)


def test_a_call_of_one_turn_is_three_lines_of_the_journal(office):
    office.fan("id=#;", 20)
    around = {"header", "opened", "closed"}
    lines = [r["t"] for r in office.journal.records if r["t"] not in around]
    assert sorted(lines) == ["ended"] * 20 + ["started"] * 20 + ["usage"] * 20


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at descriptors as on Linux")
def test_there_is_one_sync_for_each_tick_in_which_something_was_written(hocket_project):
    disk = CountingDisk()
    answers = {"": lambda call: After(0.01 + call.number % 7 / 10, "x")}
    fan(hocket_project, 1_000, answers, plugins={"testing.store": disk})
    assert 10 < disk.syncs <= len(disk.ticks) + 2  # and one at the start, one at the end


@pytest.mark.parametrize("count", [800, pytest.param(4_000, marks=pytest.mark.slow)])
def test_calls_that_wait_are_no_tasks(hocket_project, count):
    alive = []

    def ready(run):
        def look():
            alive.append((len(asyncio.all_tasks()), len(run.calls.in_flight)))

        asyncio.get_running_loop().call_later(5.0, look)

    fan(hocket_project, count, {"": After(10.0, "x")}, ready=ready)
    ((tasks, calls),) = alive
    assert (calls, tasks <= 16 + 20) == (count, True)


def test_a_replay_asks_no_provider(office):
    first = office.fan("id=#; answer=v#;", 20)
    again = office.again(first)
    assert (again.result, again.census) == (first.result, {"cached": 20})
    assert office.server.log == []


def test_one_request_writes_a_new_prefix_before_its_reply_begins(office):
    body = """
        say = "id=#; first=1000; lat=2000;"
        return await parallel([
            lambda n=n: agent(say.replace("#", str(n)), agent_type="long") for n in range(12)
        ])
        """
    office.play(body, plugins={"types": LongWinded()})
    first = office.server.log[0]
    assert sum(entry.at_s < first.at_s + 1.0 for entry in office.server.log) == 1


def held_open():
    """Count what a process has: descriptors, threads and children."""
    children = [p.read_text().split() for p in Path("/proc/self/task").glob("*/children")]
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return descriptors, threading.active_count(), sum(map(len, children))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at descriptors as on Linux")
@pytest.mark.parametrize("runs", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_runs_leave_nothing_open(hocket_project, runs):
    fan(hocket_project, 3, ScriptedBackend({"": "x"}))
    before = held_open()
    for _ in range(runs):
        fan(hocket_project, 3, ScriptedBackend({"": "x"}))
    assert held_open() == before
