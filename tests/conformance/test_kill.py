"""C60, C80: processes that die, hocket's own and the script's."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from hocket.api.markers import hookimpl
from hocket.scripts.python import PythonHost
from hocket.testing import Stage

CALLS = 12
BODY = f"""
    first = await parallel([lambda i=i: agent(f"first {{i}}") for i in range({CALLS // 2})])
    return [first, await pipeline(first, lambda found, _, i: agent(f"second {{i}}"))]
    """


class Command:
    """The real command in a process of its own, in a project with simulated agents."""

    def __init__(self, project, *words):
        options = ["--yes", "--json", "--simulate", "latency=0.05", "--concurrency", "2"]
        self._project = project
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hocket", *words, *options],
            cwd=project,
            stdout=subprocess.PIPE,
            text=True,
        )

    def killed(self, ended):
        """Kill it once that many calls have ended, and give the journal it leaves."""
        while not (journal := self._journal()) or count(journal)["ended"] < ended:
            try:
                self._process.wait(0.005)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError("it ended by itself")
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
        return self._journal()

    def report(self):
        """Let it end, and give what it printed."""
        return json.loads(self._process.communicate()[0])

    def _journal(self):
        for folder in (self._project / ".hocket" / "runs").glob("*/journal.jsonl"):
            whole = folder.read_bytes().rpartition(b"\n")[0]
            return [json.loads(line) for line in whole.split(b"\n") if line]
        return []


def count(journal, life=None):
    """Count the records by kind, of one life or of all."""
    return Counter(record["t"] for record in journal if life in (None, record["e"]))


def test_c60_a_killed_run_asks_only_for_what_has_no_result(case, hocket_project):
    for name in ("script.py", "other/script.py"):
        case.save(name, BODY)
    (hocket_project / "other" / ".hocket").mkdir()
    undisturbed = Command(hocket_project / "other", "run", "script.py")

    first = Command(hocket_project, "run", "script.py").killed(3)
    run_id = first[0]["run"]
    second = Command(hocket_project, "resume", run_id).killed(8)
    last = Command(hocket_project, "resume", run_id)
    report, journal = last.report(), last._journal()

    assert report["status"] == "completed"
    assert report["result"] == undisturbed.report()["result"]
    assert count(journal)["ended"] == CALLS
    lives = sorted({record["e"] for record in journal})
    for life, before in zip(lives[1:], (first, second), strict=True):
        assert count(journal, life)["started"] <= CALLS - count(before)["ended"]
    assert count(journal, lives[-1])["started"] == CALLS - count(second)["ended"]


class Mortal(PythonHost):
    """The Python host, which remembers the process of the script."""

    def __init__(self):
        self.pids = []
        self.again = asyncio.Event()

    @asynccontextmanager
    async def open(self, start):
        async with super().open(start) as process:
            self.process = process
            if self.pids:
                self.again.set()
            yield process

    def kill(self):
        """Kill the script's process."""
        self.pids.append(self.process.pid)
        os.kill(self.process.pid, signal.SIGKILL)

    @hookimpl
    def hocket_register_script_hosts(self):
        return [self]


@pytest.fixture
def host(hocket_project):
    """Put a mortal host in the place of the built-in one."""
    settings = hocket_project / ".hocket" / "config.toml"
    settings.write_text('[plugins]\nblock = ["scripts.python"]\n', "utf-8")
    return Mortal()


SCRIPT = """
    found = [await agent("one"), await agent("two")]
    return [*found, *await parallel([agent("three"), agent("four")])]
    """


@pytest.mark.parametrize("when", ["one", "two", "three", "four"])
def test_c80_a_script_process_that_died_once_starts_again(case, host, when):
    def answer(call):
        if call.prompt == when:
            host.kill()
        return call.prompt

    outcome = case.run(SCRIPT, {"": answer}, stage=Stage(plugins={"testing.host": host}))

    assert (outcome.status, outcome.result) == ("completed", ["one", "two", "three", "four"])
    assert sorted(outcome.prompts) == ["four", "one", "three", "two"]
    assert sum(outcome.census.values()) == 4
    assert len(host.pids) == 1
    assert sum("process died" in line for line in outcome.log) == 1


def test_c80_a_call_that_ends_while_the_script_starts_again_is_counted_once(case, host):
    class Late:
        async def obey(self, call, context):
            await host.again.wait()
            return call.prompt

    def kills(call):
        host.kill()
        return call.prompt

    outcome = case.run(
        "return await parallel([agent('kills'), agent('late')])",
        {"kills": kills, "late": Late()},
        stage=Stage(plugins={"testing.host": host}, flags={"concurrency": 2}),
    )

    assert outcome.result == ["kills", "late"]
    assert outcome.prompts == ["kills", "late"]
    assert sum(outcome.census.values()) == 2


def test_c80_a_second_death_fails_the_run_which_can_be_resumed(case, host):
    def answer(call):
        host.kill()
        return call.prompt

    stage = Stage(plugins={"testing.host": host})
    outcome = case.run(SCRIPT, {"": answer}, stage=stage)
    after = case.resume(outcome, {"": lambda call: call.prompt}, stage=stage)

    assert outcome.status == "failed"
    assert outcome.cause.startswith("crashed: ")
    assert after.result == ["one", "two", "three", "four"]
    assert set(after.prompts).isdisjoint(outcome.prompts)
