"""The sandbox of tests: there for checks, and no wall."""

from __future__ import annotations

from hocket.testing import OpenSandbox, ScriptedBackend, ScriptedToolContext, Stage, run
from hocket.testing import run_script as play

SCRIPT = '''
"""One call with a check."""
from hocket.script import attempt

meta = {"name": "one", "description": "One call.", "checks": {"it": "test -e made"}}


async def main():
    return (await attempt("x", check="it"))["state"]
'''


def test_a_check_runs_as_it_is_on_every_machine(hocket_project):
    stage = Stage(plugins={"testing.sandbox": OpenSandbox()}, real_time=True)
    agents = ScriptedBackend({"": "done"}, has_workspace=True)

    before = play(SCRIPT, agents, project=hocket_project, stage=stage)
    (hocket_project / "made").touch()
    after = play(SCRIPT, agents, project=hocket_project, stage=stage)

    assert (before.result, after.result) == ("invalid", "ok")


def test_nothing_runs_by_it_alone(tmp_path):
    tool = OpenSandbox()

    output = run(tool.run({}, ScriptedToolContext(tmp_path)))

    assert (output.is_error, tool.shown({})) == (True, "OpenSandbox")
