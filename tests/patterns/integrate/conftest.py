"""A repository, agents that edit it as their prompts say, and a script that integrates."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hocket.api.calls import EndState, Outcome, Usage
from hocket.testing import OpenSandbox, ScriptedBackend, Stage, resume_script, run_script

LINES = 12
GIT = shutil.which("git")
LIFE = """\
import importlib.util, json, pathlib, sys
_, here, project, told = sys.argv
units, options, checks = json.loads(told)
spec = importlib.util.spec_from_file_location("yard", here)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.Yard(pathlib.Path(project)).play(units, options, checks=checks)
"""
SCRIPT = '''\
"""Let agents edit, and put together what they made."""

from hocket.script import args, attempt, integrate, parallel{imports}

meta = {{"name": "port", "description": "Port it", "checks": {checks}}}


async def main():
    asked = [
        attempt(one["prompt"], label=one["label"], isolation="worktree"{more}) for one in args
    ]
    work = await parallel(asked)
    return await integrate({work}{options})
'''


def order(number, first, again=None, **more):
    """Write what an agent shall do: lines of files to set, and those to set in later rounds."""
    told = {"id": number, "set": first, "again": again or first, **more}
    return {"prompt": json.dumps(told), "label": f"unit {number}"}


class Editor:
    """An agent that does what its prompt says, when its turn comes."""

    def __init__(self, arrival=(), *, deadly=True):
        self._deadly = deadly
        self._arrival = list(arrival)
        self._done = {number: asyncio.Event() for number in self._arrival}

    async def obey(self, call, context):
        told, _, rest = call.prompt.removeprefix("Do it.\n").partition("\n")
        orders = json.loads(told)
        again = "(Round " in rest
        if again and orders.get("dies") and self._deadly:
            os._exit(9)
        if again and orders.get("fails"):
            return Outcome(EndState.ERROR, cause="scripted")
        edits = orders["again"] if again else orders["set"]
        self._edit(context.tools.workspace.path, edits)
        if not again:
            await self._in_turn(orders["id"])
        if orders.get("spends"):
            context.spend(Usage(output=orders["spends"]))
        return "done"

    def _edit(self, tree, edits):
        for name, number, text in edits:
            path = tree / name
            if text is None:
                path.unlink()
                continue
            lines = path.read_text().splitlines() if path.exists() else [""]
            lines[number] = text
            path.write_text("\n".join(lines) + "\n")

    async def _in_turn(self, number):
        if number in self._done:
            before = self._arrival.index(number)
            if before:
                await self._done[self._arrival[before - 1]].wait()
            self._done[number].set()


class Yard:
    """A person's project in git, and what became of it."""

    order = staticmethod(order)
    editor = Editor
    sandbox = OpenSandbox

    def __init__(self, project):
        self.project = project

    def write(self):
        """Write six files of twelve lines, and the settings."""
        project = self.project
        for name in "abcdef":
            text = "".join(f"{name} {number}\n" for number in range(LINES))
            (project / f"{name}.txt").write_text(text)
        # The sandbox of the shell is not what is tested here.
        (project / ".hocket" / "config.toml").write_text('plugins.block = ["tools.shell"]')
        return self

    def begin(self):
        """Make it a repository with one commit, and something that is not committed."""
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Pat")
        self.git("config", "user.email", "pat@example.org")
        (self.project / ".gitignore").write_text(".hocket/runs\nscript.py\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "begin")
        (self.project / "a.txt").write_text("not committed\n")
        (self.project / "script.py").write_text("")
        self.before = self.owned()
        return self

    def git(self, *words):
        clean = {name: one for name, one in os.environ.items() if not name.startswith("GIT_")}
        clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            [GIT, *words], cwd=self.project, env=clean, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def owned(self):
        """Give what no run may change: files, index, HEAD, and the branches of the person."""
        mine = ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt", ".gitignore")
        files = {name: (self.project / name).read_bytes() for name in mine}
        git = {name: (self.project / ".git" / name).read_bytes() for name in ("index", "HEAD")}
        status = self.git("status", "--porcelain")
        return files, git, status, self.git("rev-parse", "main")

    def play(self, units, options="", *, checks=None, work="work", again=None, **more):
        """Run the script; gives the outcome and the agents."""
        parts = {name: more.pop(name, "") for name in ("more", "imports")}
        parts |= {"options": options, "work": work}
        source = SCRIPT.format(checks=json.dumps(checks or {}), **parts)
        editor = Editor(more.pop("arrival", ()))
        agents = more.pop("agents", None) or ScriptedBackend({"": editor}, has_workspace=True)
        plugins = more.pop("plugins", {"sandbox": OpenSandbox()})
        stage = Stage(
            real_time=True, plugins=plugins, flags={"concurrency": 16, **more.pop("flags", {})}
        )
        given = {"project": self.project, "args": units, "stage": stage}
        if again is not None:
            return resume_script(again, agents, project=self.project, stage=stage), agents
        return run_script(source, agents, **given), agents

    def log(self, branch, form="%s"):
        """List what the commits of a branch say, the first one first."""
        told = self.git("log", "--reverse", f"--format={form}%x00", f"main..{branch}")
        return [one.strip("\n") for one in told.split("\0") if one.strip("\n")]

    def at(self, commit, name):
        return self.git("show", f"{commit}:{name}").splitlines()

    def left(self):
        """List the worktrees that are left, beside the person's own."""
        homes = self.project.parent / "homes"
        folders = [one for one in homes.glob("*/**/worktrees/*/*/*") if one.is_dir()]
        return folders, self.git("worktree", "list", "--porcelain").count("worktree ") - 1

    def lives_and_dies(self, units, options="", checks=None):
        """Play it in a process of its own, in which an agent ends everything."""
        told = json.dumps([units, options, checks])
        given = [__file__, str(self.project), told]
        done = subprocess.run(
            [sys.executable, "-c", LIFE, *given], capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 9, done.stderr

    def run_ids(self):
        return [one.name for one in Path(self.project, ".hocket", "runs").glob("????")]


@pytest.fixture
def folder(hocket_project):
    """Give the same project outside of git."""
    return Yard(hocket_project).write()


@pytest.fixture
def yard(folder):
    return folder.begin()
