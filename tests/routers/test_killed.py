"""A process that dies in the middle of an escalation: nothing is free, nothing is mixed up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

SOURCE = '''"""One question."""
from hocket.script import agent, budget

meta = {"name": "one"}


async def main():
    return [await agent("task", label="it"), budget.spent()]
'''
LIFE = """
import os, signal, sys
from pathlib import Path
from hocket.api.calls import Usage
from hocket.testing import ScriptedBackend, Tokens, run_script


class Dies:
    async def obey(self, call, context):
        os.kill(os.getpid(), signal.SIGKILL)


def answer(call):
    if call.options.model == sys.argv[2]:
        return Dies()
    said = {"right": False} if call.options.role == "verify" else call.options.model
    return Tokens(Usage(output=10), said)


run_script(SOURCE, ScriptedBackend({"": answer}), project=Path(sys.argv[1]))
"""
WORST = 1_000
"""What the scripted backend reserves for a step."""


@pytest.mark.parametrize(("dies", "before"), [("weak", 0), ("judge", 10), ("strong", 20)])
def test_a_kill_in_any_try_costs_its_worst_case_and_the_call_begins_again(
    routed, models, dies, before
):
    place = routed("escalate")
    place.settings(weak="weak", strong="strong", judge="judge", verify="Is it right?")
    code = f"SOURCE = {SOURCE!r}\n{LIFE}"
    command = [sys.executable, "-c", code, str(place.project), dies]
    died = subprocess.run(command, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr

    (folder,) = (place.project / ".hocket" / "runs").glob("????")
    backend = models(cost={"weak": 1, "judge": 2, "strong": 3}, judge={"right": False})
    after = place.go_on(folder.name, backend)

    assert backend.asked == ["weak", "judge", "strong"]
    assert after.result == ["an answer", before + WORST + 6]
    lines = (folder / "journal.jsonl").read_text("utf-8").splitlines()
    ends = [one for one in map(json.loads, lines) if one["t"] == "ended"]
    assert [(one["state"], one["usage"]["output"]) for one in ends] == [("ok", 6)]
