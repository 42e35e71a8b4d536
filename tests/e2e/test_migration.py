"""Forty files with a deprecated call, an agent for each, and the repository's own tests green."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
pytestmark = pytest.mark.timeout(180)

FILES = 40
CARELESS = 17
"""The agent that says it is done before it is."""
CLOCK = '''\
"""The time, in two ways."""

import warnings


def utcnow():
    """Give the time; deprecated, since nobody can tell its zone."""
    warnings.warn("use now_utc", DeprecationWarning, stacklevel=2)
    return "12:00"


def now_utc():
    """Give the time with its zone."""
    return "12:00+00:00"
'''
PART = '''\
"""Part {number} of the shop."""

from shop import clock


def stamp():
    """Say when part {number} was asked."""
    return "part {number} at " + clock.utcnow()
'''
TESTS = '''\
"""Every part says when it was asked, and none by the deprecated call."""

import importlib
import unittest
import warnings


class Parts(unittest.TestCase):
    def test_all(self):
        for number in range({files}):
            part = importlib.import_module(f"shop.part_{{number:02d}}")
            with self.subTest(part=number), warnings.catch_warnings():
                warnings.simplefilter("error", DeprecationWarning)
                self.assertEqual(part.stamp(), f"part {{number}} at 12:00+00:00")
'''
CHECKER = '''\
"""Fail unless something was changed here, and none of it uses the deprecated call."""

import pathlib
import subprocess
import sys
from collections import Counter

changed = ["git", "diff", "--name-only", "HEAD"]
names = subprocess.run(changed, capture_output=True, text=True, check=True).stdout.split()
left = [name for name in names if "clock.utcnow" in pathlib.Path(name).read_text()]
sys.exit("nothing was changed" if not names else " ".join(left) or 0)
'''
CHECK = "python3 tests/migrated.py"
SCRIPT = f'''\
"""Replace a deprecated call, one agent for every file."""

from hocket.script import args, attempt, parallel

meta = {{
    "name": "migrate",
    "description": "Replace clock.utcnow() in every file",
    "checks": {{"replaced": "{CHECK}"}},
}}


async def main():
    asked = [
        attempt(
            f"Replace clock.utcnow() by clock.now_utc() in {{one['path']}}.\\n{{one['orders']}}",
            label=one["path"],
            tools=["Read", "Edit"],
            isolation="worktree",
            check="replaced",
        )
        for one in args["files"]
    ]
    done = await parallel(asked)
    return [[one["state"], one["changes"]["files"], one["changes"]["branch"]] for one in done]
'''


def orders(number):
    """Script the model for one file: it reads, it edits, it says that it is done."""
    path = f"shop/part_{number:02d}.py"
    read = f"tool=Read{json.dumps({'file_path': path})};"
    new = {"old_string": "clock.utcnow()", "new_string": "clock.now_utc()"}
    edit = f"tool=Edit{json.dumps({'file_path': path, **new})};"
    steps = [f"id={number};", read, "then;", edit, "then;", "answer=done;"]
    if number == CARELESS:
        steps = [f"id={number};", read, "then;", "answer=done;", "then;", *steps[3:]]
    return " ".join(steps)


def suite(project):
    """Run the repository's own tests."""
    command = [sys.executable, "-B", "-m", "unittest", "-q", "tests.test_parts"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def shop(world):
    """Give a repository whose suite fails, and a scripted model that can mend it."""
    parts = {f"shop/part_{n:02d}.py": PART.format(number=n) for n in range(FILES)}
    tests = {"tests/test_parts.py": TESTS.format(files=FILES), "tests/migrated.py": CHECKER}
    packages = {"shop/__init__.py": "", "tests/__init__.py": "", ".gitignore": "__pycache__/\n"}
    world.repository({**parts, **tests, **packages, "shop/clock.py": CLOCK, "migrate.py": SCRIPT})
    world.serve()
    world.settings(["Edit", "Read", f"Bash({CHECK})"])
    files = [{"path": path, "orders": orders(n)} for n, path in enumerate(parts)]
    (world.folder / "args.json").write_text(json.dumps({"files": files}), "utf-8")
    return world


def agents_did_it(shop):
    """Let the agents work: all end well, and the person's own tree is as it was."""
    told = shop.hocket("run", "migrate.py", "--yes", "--args", f"@{shop.folder}/args.json")
    assert (told["status"], told["census"]) == ("completed", {"ok": FILES})
    assert [one[:2] for one in told["result"]] == [["ok", 1]] * FILES
    assert len({branch for *_, branch in told["result"]}) == FILES
    assert shop.git("status", "--porcelain", "--untracked-files=no") == ""
    assert (shop.worktrees(), shop.marked()) == ([], {})


def test_forty_files_are_migrated_and_the_suite_is_green(shop):
    assert suite(shop.project).returncode == 1
    before = shop.git("rev-parse", "HEAD")
    agents_did_it(shop)
    turns = Counter(name for name, _ in shop.asked())
    careful = {str(n): 3 for n in range(FILES)}
    assert turns == {**careful, str(CARELESS): 4}

    shown = shop.hocket("apply", shop.run.name, "--dry-run")
    assert {one["state"] for one in shown["patches"]} == {"would apply"}
    applied = shop.hocket("apply", shop.run.name)

    assert [one["state"] for one in applied["patches"]] == ["applied"] * FILES
    done = suite(shop.project)
    assert done.returncode == 0, done.stderr
    staged = [row.split() for row in shop.git("diff", "--cached", "--numstat").splitlines()]
    assert staged == [["1", "1", f"shop/part_{n:02d}.py"] for n in range(FILES)]
    assert shop.git("rev-parse", "HEAD") == before
    again = shop.hocket("apply", shop.run.name)
    assert {one["state"] for one in again["patches"]} == {"already applied"}
    assert len(shop.git("diff", "--cached", "--numstat").splitlines()) == FILES
