"""What holds for all commands that come along: their form, a real kill, and agents that fail."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from hocket.rehearsal import case

SKILLS = Path(__file__).parents[2] / "skills"
NAMES = (
    "code-audit",
    "deep-research",
    "evals",
    "explore",
    "fact-check",
    "migrate",
    "rank",
    "review",
    "root-cause",
    "rules",
    "test-gen",
    "triage",
)
HOCKET = (sys.executable, "-m", "hocket")
MOST_LINES = 300
MORE = {"review": ["--mode", "full"]}
"""What is typed beside the case, where made-up answers else lead to one call alone."""


def read(name):
    return (SKILLS / name / "workflow.py").read_text("utf-8")


@pytest.fixture
def desk(tmp_path):
    """Give a person's own folders and a project with what a command's first case has in it."""
    return Desk(tmp_path)


class Desk:
    """Types a bundled command into the real program, in a process of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.project = folder / "project"
        own = {n: v for n, v in os.environ.items() if not n.startswith(("ANTHROPIC_", "HOCKET_"))}
        homes = ("HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME", "HOME")
        self.environment = {
            **own,
            **{name: str(folder / "home") for name in homes},
            "HOCKET_TRUSTED_FOLDERS": str(folder),
        }

    def lay_out(self, name):
        """Write the files of the first case; give what its person types."""
        first = next(iter(case.read(SKILLS / name).found.values()))
        checks = "".join(f"{n} = {json.dumps(c)}\n" for n, c in first.checks.items())
        self._write({".hocket/config.toml": f"[checks]\n{checks}"})
        self._write(first.files if first.before is None else first.before)
        self._committed()
        self._write(first.files)
        command = ["run", f"/{first.command or name}"]
        if first.args is not None:
            return [*command, "--args", json.dumps(first.args)]
        return [*command, *(first.words or ()), *MORE.get(name, ())]

    def _write(self, files):
        for path, text in files.items():
            file = self.project / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def _committed(self):
        """Make it a repository: some commands work on what is committed."""
        who = ("-c", "user.name=Pat", "-c", "user.email=pat@example.org")
        for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "begin")):
            done = ["git", "-c", "core.hooksPath=/dev/null", *words]
            subprocess.run(done, cwd=self.project, env=self.environment, check=True)

    def start(self, *words, simulate):
        command = [*HOCKET, *words, "--yes", "--json", "--quiet", "--simulate", simulate]
        out = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.project, env=self.environment, stdout=out, stderr=out
        )

    def run(self, *words, simulate):
        """Run a command to its end; give what it told."""
        done = self.start(*words, simulate=simulate)
        told, errors = done.communicate(timeout=100)
        assert told, errors.decode()
        return json.loads(told)

    def runs(self):
        return {one.name for one in self.project.glob(".hocket/runs/*") if one.is_dir()}

    def bought(self, runs):
        """List the calls of these runs that have an answer, as far as it is written whole."""
        files = [self.project / ".hocket" / "runs" / run / "journal.jsonl" for run in runs]
        lines = [
            line for file in files if file.exists() for line in file.read_text().split("\n")[:-1]
        ]
        records = map(json.loads, lines)
        return [
            (record["key"], record["occ"])
            for record in records
            if record["t"] == "ended" and record.get("op") == "agent" and record["state"] == "ok"
        ]


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_an_example_one_can_read(name):
    text = read(name)
    assert len(text.splitlines()) <= MOST_LINES
    imported = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert {getattr(node, "module", "") for node in imported} == {"hocket.script"}
    assert [*(SKILLS / name / "rubrics").glob("*.md")]
    assert case.read(SKILLS / name).broken == []
    assert case.read(SKILLS / name).found


@pytest.mark.parametrize("name", NAMES)
def test_its_own_cases_and_every_dry_run_pass(name, desk):
    command = [*HOCKET, "test", str(SKILLS / name)]
    desk.folder.joinpath("home").mkdir()
    done = subprocess.run(
        command, env=desk.environment, cwd=desk.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_killed_half_way_it_goes_on_and_comes_to_the_same(name, desk):
    words = desk.lay_out(name)
    whole = desk.run(*words, simulate="seed=7")
    count = sum(whole["census"].values())
    before = desk.runs()
    life = desk.start(*words, simulate="seed=7,latency=0.08")
    while len(desk.bought(desk.runs() - before)) < count // 2 and life.poll() is None:
        Event().wait(0.01)
    os.kill(life.pid, signal.SIGKILL)
    life.communicate()
    (run_id,) = desk.runs() - before
    kept = desk.bought({run_id})
    assert count // 2 <= len(kept) < count
    again = desk.run("resume", run_id, simulate="seed=7")
    assert again["result"] == whole["result"]
    bought = desk.bought({run_id})
    assert len(bought) == len({*bought}) == count
    assert bought[: len(kept)] == kept


@pytest.mark.parametrize("name", NAMES)
def test_with_a_fifth_of_its_agents_failing_it_is_honest(name, desk):
    words = desk.lay_out(name)
    told = desk.run(*words, simulate="seed=11,fail=0.2")
    assert told["status"] == "completed"
    data = told["result"]["data"]
    missing = [unit for covered in data.get("coverage", []) for unit in covered["missing"]]
    assert not (missing and told["result"]["complete"])
    (run_id,) = desk.runs()
    text = (desk.project / ".hocket" / "runs" / run_id / "report.md").read_text("utf-8")
    for state, number in told["census"].items():
        assert f"{state} {number:,}" in text
