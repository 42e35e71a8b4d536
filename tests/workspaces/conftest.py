"""A person's repository, a run over it, and the tree an agent is given: all of it real."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from hocket.api.calls import Call, Options
from hocket.workspaces.workspaces import Workspaces

ISOLATED = Options(isolation="worktree")


def git(folder, *arguments, **environment):
    """Run the person's own git, without the settings of whoever runs the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **environment}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def call(number=7, label="Fix the tests", options=ISOLATED):
    return Call(number, f"key{number}", 0, "prompt", label, options=options)


def files(folder):
    """Read a tree as the person sees it: every file with its mode and bytes, links by target."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = os.fsencode(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", os.fsencode(path.readlink()))
        elif path.is_file():
            found[name] = (path.stat().st_mode & 0o777, path.read_bytes())
    return found


def change(tree):
    """Do everything to a tree that a patch has to carry: 11 files, 6 lines more, 3 less."""
    (tree / "app.py").write_text("one\n2\nthree\n")
    (tree / "new" / "deep").mkdir(parents=True)
    (tree / "new" / "deep" / "file.txt").write_text("new\n")
    (tree / "old.txt").unlink()
    (tree / "logo.bin").write_bytes(bytes(range(255, -1, -1)))
    (tree / "run.sh").chmod(0o755)
    (tree / "link").symlink_to("app.py")
    shutil.rmtree(tree / "docs")
    (tree / "docs").write_text("a file where a folder was\n")
    (tree / "empty").write_bytes(b"")
    (tree / "no line end").write_text("x")
    (tree / os.fsdecode(b"caf\xe9 \xff.txt")).write_text("the name is no UTF-8\n")


@dataclass
class Person:
    """Somebody's project, with what has to stay as it is."""

    project: Path
    cache: Path
    alive: set[str] = field(default_factory=set)
    at = staticmethod(git)
    call = staticmethod(call)
    change = staticmethod(change)
    files = staticmethod(files)

    def workspaces(self, run_id="run1", project=None, **more):
        where, keep = project or self.project, more.pop("keep", self.keep)
        return Workspaces(where, run_id, keep, self.alive.__contains__, self.cache, **more)

    def keep(self, patch):
        """Keep a patch as a run does: a file by its digest, whole or not there."""
        folder = self.cache.parent / "kept"
        folder.mkdir(exist_ok=True)
        digest = sha256(patch).hexdigest()
        (folder / "new").write_bytes(patch)
        (folder / "new").rename(folder / digest)
        return digest

    @property
    def kept(self):
        return {path.name: path.read_bytes() for path in self.cache.parent.glob("kept/*")}

    def git(self, *arguments, **environment):
        return git(self.project, *arguments, **environment)

    def work(self, agent, *, asked=None, run_id="run1", project=None, **options):
        """Let an agent work in a workspace; gives that, what the agent saw, and its changes."""

        async def story():
            opening = self.workspaces(run_id, project).open(asked or call(), **options)
            async with opening as workspace:
                seen = agent(workspace.path)
            return workspace, seen, opening.changes

        return asyncio.run(story())

    def line(self, *arguments):
        return self.git(*arguments).decode().strip()

    def commit(self, message="more"):
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def owned(self):
        """Give what no run may change: the tree, the index, HEAD and the settings, as bytes."""
        repository = self.project / ".git"
        inner = {name: (repository / name).read_bytes() for name in ("index", "HEAD", "config")}
        outer = {name: one for name, one in files(self.project).items() if b".git/" not in name}
        return inner, outer

    def branches(self):
        return self.line("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def left(self):
        """List what is left of workspaces: folders in the cache, and worktrees git knows."""
        folders = [path for path in self.cache.glob("worktrees/*/*/*") if path.is_dir()]
        return folders + self.worktrees()[1:]

    def worktrees(self):
        listed = self.git("worktree", "list", "--porcelain")
        return [line for line in listed.splitlines() if line.startswith(b"worktree ")]


class Trap:
    """Stands on PATH as `git`: runs it, and at the n-th command signals whoever started it."""

    SCRIPT = """#!/bin/sh
here=${{0%/*}}
count=$(($(cat "$here/count") + 1))
echo $count > "$here/count"
echo "$@" >> "$here/log"
read when signal how < "$here/when"
if [ $count -eq $when ] && [ $how = before ]; then
    kill -$signal $PPID
    [ $signal = KILL ] && exit 1
fi
if [ $count -eq $when ] && [ $how = after ]; then
    {git} "$@"
    code=$?
    kill -$signal $PPID
    exit $code
fi
exec {git} "$@"
"""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "git").write_text(self.SCRIPT.format(git=shutil.which("git")))
        (folder / "git").chmod(0o755)
        self.set(0)

    def set(self, when, signal="KILL", how="before"):
        (self.folder / "count").write_text("0\n")
        (self.folder / "when").write_text(f"{when} {signal} {how}\n")
        (self.folder / "log").write_text("")

    @property
    def commands(self):
        return (self.folder / "log").read_text().splitlines()

    @contextmanager
    def laid(self):
        old = os.environ["PATH"]
        os.environ["PATH"] = f"{self.folder}{os.pathsep}{old}"
        try:
            yield
        finally:
            os.environ["PATH"] = old


@pytest.fixture
def trap(tmp_path):
    return Trap(tmp_path / "trap")


@pytest.fixture
def plain(tmp_path):
    """Give a project that is no repository."""
    project = tmp_path / "a project"
    project.mkdir()
    (project / "app.py").write_text("one\ntwo\nthree\n")
    (project / "docs").mkdir()
    (project / "docs" / "guide.md").write_text("# Guide\n")
    (project / "run.sh").write_text("echo hello\n")
    (project / "old.txt").write_text("old\n")
    (project / "logo.bin").write_bytes(bytes(range(256)))
    return Person(project, tmp_path / "cache")


@pytest.fixture
def person(plain):
    """Give a project on a feature branch, two commits from where it began."""
    plain.git("init", "-q", "-b", "main")
    plain.git("config", "user.name", "Pat")
    plain.git("config", "user.email", "pat@example.org")
    plain.commit("begin")
    plain.git("checkout", "-qb", "feature")
    (plain.project / "feature.py").write_text("feature\n")
    plain.commit("feature")
    return plain
