"""A person's repository, a model service as a process, and the real command between them."""

from __future__ import annotations

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from threading import Event

import pytest

HOCKET = (sys.executable, "-m", "hocket")
PATIENCE_S = 60.0
SETTINGS = """\
backend = "agent_loop"
concurrency = 16
[agent_loop]
model = "standin"
[anthropic]
base_url = "{url}"
[shell]
sandbox = "{sandbox}"
[permissions]
allow = {allow}
"""


def git(folder, *words):
    """Run the person's own git, without the settings of whoever runs the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *words]
    done = subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class World:
    """Everything a run needs that is not hocket: all of it real, but for the model."""

    def __init__(self, folder):
        self.folder = folder
        self.project = folder / "project"
        self.home = folder / "home"
        self.home.mkdir()
        own = {n: v for n, v in os.environ.items() if not n.startswith(("ANTHROPIC_", "HOCKET_"))}
        places = ("HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME", "HOME")
        self.environment = {
            **own,
            **{name: str(self.home) for name in places},
            "HOCKET_TRUSTED_FOLDERS": str(folder),
            "ANTHROPIC_API_KEY": "sk-nobody",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self._plugins()),
        }
        self._processes = []

    def git(self, *words):
        return git(self.project, *words)

    def repository(self, files):
        """Begin a repository with one commit."""
        for name, text in files.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Pat")
        self.git("config", "user.email", "pat@example.org")
        self.git("add", "-A")
        self.git("commit", "-qm", "begin")

    def serve(self, rules=()):
        """Start the stand-in for a model service, scripted by rules."""
        path = self.folder / "rules.json"
        path.write_text(json.dumps(list(rules)), "utf-8")
        words = [sys.executable, "-m", "hocket.testing.standin", "--rules", str(path)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("http://")

    def settings(self, allow, *, sandbox="auto"):
        """Write the person's settings: what agents may do unasked, and where they think."""
        text = SETTINGS.format(url=self.url, sandbox=sandbox, allow=json.dumps(allow))
        (self.home / "config.toml").write_text(text, "utf-8")

    def asked(self):
        """List the requests that the service saw: who asked, and for which turn."""
        with urllib.request.urlopen(f"{self.url}/__log") as answer:  # noqa: S310  (our own)
            return [(entry["id"], entry["turn"]) for entry in json.load(answer)]

    def begin(self, *words):
        """Start a command in a process group of its own."""
        process = subprocess.Popen(
            [*HOCKET, *words],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def hocket(self, *words, code=0):
        """Run a command to its end; gives the object it prints."""
        process = self.begin(*words, "--json")
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == code, err or out
        return json.loads(out)

    def until(self, condition):
        """Wait for what other processes do; gives what the condition gave."""
        for _ in range(3000):
            if found := condition():
                return found
            Event().wait(0.02)
        pytest.fail("it never came to pass")

    @property
    def run(self):
        (folder,) = (self.project / ".hocket" / "runs").glob("????")
        return folder

    def journal(self, kind):
        lines = (self.run / "journal.jsonl").read_text("utf-8").splitlines()
        return [record for record in map(json.loads, lines) if record["t"] == kind]

    def marked(self):
        """List the processes that carry a mark of a call of this project, dead ones not."""
        found, home = {}, f"HOME={self.home}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                variables = (folder / "environ").read_bytes().split(b"\0")
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            marks = [one for one in variables if one.startswith(b"HOCKET_CALL=")]
            if marks and (home in variables or self._runs_here(marks[0])):
                found[int(folder.name)] = b" ".join(words).decode()
        return found

    def worktrees(self):
        """List the worktrees that git knows beside the person's own, and what locks them."""
        listed = self.git("worktree", "list", "--porcelain").split("\n\n")
        return [one for one in listed if one.strip()][1:]

    def close(self):
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=PATIENCE_S)
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def _runs_here(self, mark):
        run_id = mark.partition(b"=")[2].partition(b".")[0].decode()
        return (self.project / ".hocket" / "runs" / run_id).is_dir()

    def _plugins(self):
        """Give a folder that installs the permission rules, where the package does not yet."""
        site = self.folder / "site"
        info = site / "rules-1.dist-info"
        info.mkdir(parents=True)
        points = importlib.metadata.entry_points(group="hocket")
        if "policies.permissions" not in points.names:
            (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rules\nVersion: 1\n")
            target = "hocket_plugins.policies.permissions"
            (info / "entry_points.txt").write_text(f"[hocket]\npolicies.permissions = {target}\n")
        return site


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()
