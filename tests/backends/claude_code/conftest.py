"""Claude Code with a program of our own in its place, where its SDK is installed."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from hocket.api.calls import Call, Options
from hocket.engine.clock import MachineClock
from hocket.testing import ScriptedContext, ScriptedToolContext
from hocket_plugins.backends.claude_code.backend import ClaudeCode
from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

FAKE = Path(__file__).with_name("fake.py")
needs_sdk = pytest.mark.skipif(
    find_spec("claude_agent_sdk") is None,
    reason="needs the extra: pip install 'hocket[claude-code]'",
)


class Program:
    """A folder with a `claude` in it, what it is to do, and what it was told."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.tree = folder, folder / "tree"
        self.tree.mkdir()
        self.path = folder / "bin" / "claude"
        self.path.parent.mkdir()
        self.path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" "$@"\n')
        self.path.chmod(0o755)
        self._told = folder / "told"
        monkeypatch.setenv("FAKE_PLAN", str(folder / "plan"))
        monkeypatch.setenv("FAKE_TOLD", str(self._told))

    def plan(self, *steps, **more):
        self._told.unlink(missing_ok=True)
        (self.folder / "plan").write_text(json.dumps({"steps": steps, **more}))

    def told(self, kind):
        lines = self._told.read_text("utf-8").splitlines() if self._told.exists() else []
        return [one for one in map(json.loads, lines) if one["kind"] == kind]

    def context(self, *complaints, **more):
        tools = ScriptedToolContext(self.tree, clock=MachineClock())
        return ScriptedContext(complaints, clock=MachineClock(), tools=tools, **more)

    def backend(self, **section):
        return ClaudeCode(ClaudeCodeSection(cli_path=str(self.path), **section))

    def call(self, prompt="Do it.", **options):
        return Call(7, "k", 0, prompt, "label", options=Options(**options))

    def run(self, context=None, call=None, **section):
        backend = self.backend(**section)
        running = backend.run(call or self.call(), context or self.context())
        return asyncio.run(asyncio.wait_for(running, 25))

    def is_gone(self):
        """Say whether no process of the last start is left, not even an unburied one."""
        (started,) = self.told("started")
        return not Path("/proc", str(started["pid"])).exists()


@pytest.fixture
def program(tmp_path, monkeypatch):
    return Program(tmp_path, monkeypatch)
