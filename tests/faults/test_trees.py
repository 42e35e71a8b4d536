"""Cases 61 to 63: hocket is killed while tools run, and at any step of a worktree."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hocket.workspaces.shelf import short

case = pytest.mark.case
pytestmark = pytest.mark.timeout(60)
PATIENCE_S = 20.0
GONE_S = 5.0
"""So soon after hocket is gone nothing that it started may be alive."""
SCRIPT = '''"""One agent in a tree of its own."""
from hocket.script import attempt

meta = {"name": "one", "description": "One agent"}


async def main():
    return await attempt("work", label="Work", isolation=ISOLATION)
'''
PLUGIN = '''
"""A backend whose agent appends to a file, starts a command, and lets it run for long."""

import asyncio
import os
from pathlib import Path

from hocket.api.calls import Bound, EndState, Outcome
from hocket.api.markers import hookimpl


class Agent:
    name = "agent"
    has_workspace = True
    checks_pass = False

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        tools, folder = context.tools, Path(os.environ["OUT"])
        (tools.workspace.path / "new.txt").write_text("new\\n")
        with (folder / "effect").open("a") as effects:
            effects.write("done\\n")
        if not (folder / "brief").exists():
            environment = {**tools.environment, "HOCKET_CALL": tools.call_id}
            command = "trap '' TERM; setsid sleep 300 & setsid sleep 300 & wait; sleep 300"
            await asyncio.create_subprocess_shell(command, env=environment)
            (folder / "begun").touch()
            await context.clock.sleep(300)
        return Outcome(EndState.OK, "done")

    async def aclose(self):
        pass


@hookimpl
def hocket_register_backends(settings):
    return [Agent()]
'''
GIT_TRAP = """#!/bin/sh
here=${0%/*}
echo "$@" >> "$here/log"
read number < "$here/when"
if [ $(wc -l < "$here/log") -eq $number ]; then
    [ -e "$here/after" ] && GIT "$@"
    kill -KILL $PPID
    exit 1
fi
exec GIT "$@"
"""


def git(folder, *words):
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=Pat", "-c", "user.email=p@x.org", *words]
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, check=True)
    return done.stdout.decode()


class Shop:
    """A repository in which the real command runs, and dies."""

    def __init__(self, project):
        self.project, self.out = project, project.parent / "out"
        self.home = project.parent / "home"
        site = project.parent / "site"
        info = site / "acme_agent-1.dist-info"
        for folder in (self.out, self.home, info):
            folder.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-agent\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[hocket]\nacme.agent = acme_agent\n")
        (site / "acme_agent.py").write_text(PLUGIN)
        places = ("HOME", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME")
        self.environment = {
            **os.environ,
            **dict.fromkeys(places, str(self.home)),
            "PYTHONPATH": str(site),
            "OUT": str(self.out),
        }
        (project / ".gitignore").write_text(".hocket/\nscript.py\n")
        git(project, "init", "-q", "-b", "main")
        git(project, "add", "-A")
        git(project, "commit", "-qm", "begin")

    def script(self, isolation):
        (self.project / "script.py").write_text(SCRIPT.replace("ISOLATION", repr(isolation)))

    def begin(self, *words):
        return subprocess.Popen(
            [sys.executable, "-m", "hocket", *words, "--json"],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self):
        return self.begin("run", "script.py", "--yes", "--backend", "agent")

    def resume(self):
        """Go on to the end; gives the report."""
        process = self.begin("resume", self.folder.name)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        return json.loads(out)

    @property
    def folder(self):
        (folder,) = (self.project / ".hocket" / "runs").glob("????")
        return folder

    def records(self, kind):
        lines = (self.folder / "journal.jsonl").read_text("utf-8").splitlines()
        return [record for record in map(json.loads, lines) if record["t"] == kind]

    def marked(self):
        """List the living processes that carry a mark of this project."""
        ending, found = f".{short(self.project)}/".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            marks = [one for one in variables if one.startswith(b"HOCKET_CALL=")]
            found += [folder.name for one in marks if ending in one]
        return found

    def left(self):
        """List what is left of trees: folders, worktrees that git knows, locks."""
        trees = [*self.home.glob("worktrees/*/*/*/"), *(self.project / ".git").rglob("*.lock")]
        return trees + git(self.project, "worktree", "list").splitlines()[1:]

    def close(self):
        for pid in self.marked():
            os.kill(int(pid), signal.SIGKILL)


def until(condition, seconds=PATIENCE_S):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail("it never came to pass")


@pytest.fixture
def shop(hocket_project):
    made = Shop(hocket_project)
    yield made
    made.close()


def killed(shop, isolation):
    """Kill hocket alone while its agent's command runs."""
    shop.script(isolation)
    with shop.run() as life:
        until((shop.out / "begun").exists)
        until(lambda: len(shop.marked()) >= 3)
        life.kill()
    (shop.out / "brief").touch()


@case(61)
@pytest.mark.parametrize("isolation", [None, "worktree"])
def test_61_what_a_tool_without_a_sandbox_detached_is_reaped_by_the_next_start(shop, isolation):
    killed(shop, isolation)
    assert shop.marked() != []

    began = time.monotonic()
    told = shop.resume()

    assert time.monotonic() - began < PATIENCE_S
    assert told["status"] == "completed"
    assert "processes that a dead run had left" in told["notes"][0]
    assert (shop.marked(), shop.left()) == ([], [])


@case(61)
def test_61_any_next_start_will_do(shop):
    killed(shop, "worktree")

    with shop.begin("clean") as cleaning:
        told = json.loads(cleaning.communicate(timeout=PATIENCE_S)[0])

    assert told["processes"] >= 3
    assert [one["changes"]["files"] for one in told["trees"]] == [1]
    until(lambda: shop.marked() == [], GONE_S)
    assert shop.left() == []


@case(62)
@pytest.mark.parametrize("isolation", [None, "worktree"])
def test_62_an_effect_without_a_result_is_at_least_once_and_never_silent(shop, isolation):
    killed(shop, isolation)
    (started,) = shop.records("started")
    assert started["effects"] is True
    assert shop.records("ended") == []

    with shop.begin("resume", shop.folder.name) as life:
        out, err = life.communicate(timeout=PATIENCE_S)

    assert json.loads(out)["result"]["ok"]
    assert b"call 1 (Work) may have run already; it runs again" in err
    assert (shop.out / "effect").read_text() == "done\ndone\n"


def steps(shop):
    """Count the commands of git in an undisturbed life."""
    shop.script("worktree")
    (shop.out / "brief").touch()
    trap = shop.out / "git"
    trap.write_text(GIT_TRAP.replace("GIT", shutil.which("git")))
    trap.chmod(0o755)
    (shop.out / "when").write_text("0\n")
    shop.environment["PATH"] = f"{shop.out}{os.pathsep}{shop.environment['PATH']}"
    with shop.run() as life:
        told = json.loads(life.communicate(timeout=PATIENCE_S)[0])
    assert told["result"]["changes"]["files"] == 1
    with shop.begin("runs", "rm", told["run_id"]) as removal:
        removal.communicate()
    git(shop.project, "branch", "-D", told["result"]["changes"]["branch"])
    log = (shop.out / "log").read_text().splitlines()
    return [at for at, line in enumerate(log, 1) if _changes_something(line)]


def _changes_something(line):
    wanted = ("worktree add", "update-ref", "symbolic-ref", "commit-tree", "worktree remove")
    return any(word in line for word in wanted)


@case(63)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("when", ["before", pytest.param("after", marks=pytest.mark.slow)])
def test_63_a_kill_at_a_step_of_a_worktree_leaves_nothing_and_loses_nothing(shop, when):
    git(shop.project, "worktree", "add", "-q", str(shop.project.parent / "mine"), "-b", "mine")
    numbers = steps(shop)
    assert len(numbers) >= 5
    if when == "after":
        (shop.out / "after").touch()
    for number in numbers:
        (shop.out / "log").write_text("")
        (shop.out / "when").write_text(f"{number}\n")
        with shop.run() as life:
            life.communicate(timeout=PATIENCE_S)
        assert life.returncode == -signal.SIGKILL, number
        (shop.out / "when").write_text("0\n")

        told = shop.resume()

        assert told["result"]["changes"]["files"] == 1, number
        assert [one.split()[0].endswith("mine") for one in shop.left()] == [True], number
        assert (shop.project.parent / "mine").is_dir()
        with shop.begin("runs", "rm", told["run_id"]) as removal:
            removal.communicate()
