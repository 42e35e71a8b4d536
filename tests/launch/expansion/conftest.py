"""A project whose script gives back its arguments, as they reached it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from hocket.testing import ScriptedBackend
from hocket.testing.running import Stage, resume_script, run_command

SCRIPT = '''"""Give back what was handed over."""

from hocket.script import agent, args, workflow

meta = {{"name": "case", "args": {schema}}}


async def main():
    {body}
'''
GIT = shutil.which("git")
TOLD = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass
class Place:
    """A project."""

    root: Path

    def write(self, name, content="", *, at=None):
        path = (at or self.root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def script(self, body="return args", **properties):
        """Save a script with these arguments."""
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        self.write("wf.py", SCRIPT.format(schema=repr(schema), body=body))

    def run(self, *words, backend=None, word="wf.py", **stage):
        """Type a command, and give what came of it."""
        backend = backend or ScriptedBackend({"": "an answer"})
        return run_command([word, *words], backend, project=self.root, stage=Stage(**stage))

    def resume(self, outcome, backend=None, *, args=None, source=None, **stage):
        """Go on with a run."""
        backend = backend or ScriptedBackend({"": "an answer"})
        given = {"args": args, "source": source, "stage": Stage(**stage)}
        return resume_script(outcome.run_id, backend, project=self.root, **given)

    def header(self, outcome):
        """Read what the journal says that a run was taken with."""
        lines = (outcome.folder / "journal.jsonl").read_text("utf-8").splitlines()
        return next(json.loads(line) for line in lines if '"header"' in line)

    def args(self, *words, **stage):
        """Type a command, and give what its script found, opened for a person."""
        return self.run(*words, **stage).result

    def settings(self, text):
        """Write the settings of the project."""
        self.write(".hocket/config.toml", text)

    def mine(self, text):
        """Write a person's own settings."""
        self.write("config.toml", text, at=Path(os.environ["HOCKET_CONFIG_HOME"]))

    def git(self, *arguments, at=None):
        """Run the person's own git."""
        ran = subprocess.run(
            [GIT, *arguments],
            cwd=at or self.root,
            env={**os.environ, **TOLD},
            check=True,
            capture_output=True,
        )
        return ran.stdout.decode()

    def repository(self):
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(".gitignore", ".hocket/\n__pycache__/\nbuilt/\nwf.py\nscript.py\n")

    def commit(self, message="more"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)


def typed(kind, **more):
    """Write the schema of an argument that is expanded."""
    return {"type": "string", "x-expand": kind, **more}


@pytest.fixture
def place(hocket_project):
    return Place(hocket_project)
