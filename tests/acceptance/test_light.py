"""A8: what nobody needs is not imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from hocket.testing.standin import StandIn, serving

LOADED = """
import json, sys
from hocket.__main__ import main
sys.argv = ["hocket", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def loaded(project, *words):
    """Run a command in a process of its own; gives its output and the packages it imported."""
    home = str(project / ".home")
    places = {"HOME": home, "HOCKET_DATA_HOME": home, "HOCKET_CONFIG_HOME": home}
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        cwd=project,
        env={**os.environ, **places, "OPENAI_API_KEY": "sk-nobody"},
        capture_output=True,
        text=True,
        timeout=25,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, set(json.loads(ran.stderr.splitlines()[-1]))


def test_a08_the_version_loads_no_sdk(hocket_project):
    _, packages = loaded(hocket_project, "--version")
    assert packages.isdisjoint({"anthropic", "openai", "mcp", "httpx2", "pydantic"})


def test_a08_a_run_on_a_local_server_loads_no_sdk_of_another(hocket_project):
    with serving(StandIn()) as server:
        settings = (
            f'[openai]\nbase_url = "{server.url}/v1"\n[agent_loop]\nmodel = "openai/standin"\n'
        )
        (hocket_project / ".home").mkdir()
        (hocket_project / ".home" / "config.toml").write_text(settings, "utf-8")
        (hocket_project / "script.py").write_text(
            "from hocket.script import agent\n"
            'meta = {"name": "one", "description": "One agent."}\n'
            "async def main():\n"
            '    return await agent("answer=yes;", tools=[])\n',
            "utf-8",
        )
        words = ("run", "script.py", "--yes", "--json", "--backend", "agent_loop")
        told, packages = loaded(hocket_project, *words)
    assert json.loads(told)["result"] == "yes"
    assert packages.isdisjoint({"anthropic", "openai", "mcp"})
