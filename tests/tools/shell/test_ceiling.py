"""A shell beneath a ceiling: what it writes, which variables reach it, and no network."""

from __future__ import annotations

import asyncio
import os

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.settings import PluginSettings
from hocket.api.tools import Workspace
from hocket_plugins.tools import shell
from hocket_plugins.tools.shell import shield


def beneath(agent, **table):
    """Give the agent a call of a bundle that declares this."""
    environment = {**agent.context.environment}
    workspace = Workspace(agent.ws, ceiling=Ceiling(**table))
    agent.context = type(agent.context)(
        workspace, environment=environment, call_id=agent.call_id, grants=["Network(true)"]
    )
    return agent


@pytest.mark.parametrize(
    ("write", "name", "written"),
    [
        (("reports/**",), "reports/a.md", True),
        (("reports/**",), "b.md", False),
        (("reports/**",), "src/b.md", False),
        (("src/x.py",), "src/x.py", True),
        (("src/x.py",), "src/y.py", False),
        (("src/*.py",), "src/x.py", False),
        (("**",), "src/y.py", True),
        (("**",), ".env", False),
        (("**",), ".git/config", False),
        ((".env",), ".env", True),
        ((), "b.md", False),
    ],
)
def test_only_what_is_declared_may_be_written(boxed, write, name, written):
    for path in (".env", ".git/config", "src/x.py"):
        (boxed.ws / path).parent.mkdir(exist_ok=True)
        (boxed.ws / path).write_text("old")
    beneath(boxed, write=write)
    output = boxed.output(f"echo new > {name}")
    assert output.is_error is not written
    content = (boxed.ws / name).read_text() if (boxed.ws / name).exists() else "old"
    assert (content == "new\n") is written


def test_what_is_there_can_be_read_and_programs_run(boxed):
    (boxed.ws / "a.txt").write_text("alpha")
    assert beneath(boxed).does("cat a.txt; echo > /tmp/x && echo fine") == "alphafine"


def test_it_has_no_network_whatever_rules_say(boxed):
    beneath(boxed)
    assert boxed.does("cat /proc/net/dev | grep -vc lo:").strip() == "2"


def test_variables_reach_it_only_by_name(boxed, monkeypatch):
    monkeypatch.setenv("FIRST_TOKEN", "one")
    monkeypatch.setenv("OTHER_TOKEN", "two")
    (model,) = shell.hocket_register_settings()
    section = model.model_validate({"environment": ["FIRST_TOKEN", "OTHER_TOKEN"]})
    (boxed.tool,) = shell.hocket_register_tools(PluginSettings(boxed.ws, {"shell": section}))
    shown = beneath(boxed, env=("FIRST_TOKEN",)).does("env")
    assert "FIRST_TOKEN=one" in shown
    assert "OTHER_TOKEN" not in shown


def test_without_a_sandbox_each_command_is_asked(bare):
    beneath(bare)
    refused = bare.output("echo hi")
    assert refused.is_error
    assert len(bare.context.asked) == 1
    for times in (2, 3):
        text = (
            "Bash(echo hi) would run without a sandbox (turned off by a setting). "
            f"Command {times} of this agent."
        )
        bare.context.answers[text] = "allow"
        assert bare.does("echo hi") == "hi"
    assert len(set(bare.context.asked)) == 3


def test_a_check_is_held_as_well(boxed):
    workspace = Workspace(boxed.ws, ceiling=Ceiling(write=("out/**",)))
    for name, code in (("a", 1), ("out/a", 0)):
        wrapped = boxed.tool.wrap(("bash", "-c", f"echo x > {name}"), workspace, network=False)
        assert wrapped is not None

        async def ran(argv=wrapped):
            process = await asyncio.create_subprocess_exec(*argv, stderr=asyncio.subprocess.DEVNULL)
            return await process.wait()

        assert asyncio.run(ran()) == code


def test_links_lead_nowhere(tmp_path):
    ground, out = tmp_path / "ws", tmp_path / "out"
    ground.mkdir()
    out.mkdir()
    (ground / "link").symlink_to(out)
    (ground / "gone").symlink_to(tmp_path / "nothing")
    (ground / "file").write_text("x")
    globs = ("link/**", "link/deep/**", "gone/**", "file/**", "new/deep/**", "a*/**")
    ceiling = Ceiling(write=globs)
    assert shield.writable(str(ground), ceiling) == [str(ground / "new/deep")]
    assert not (out / "deep").exists()
    assert shield.writable(str(ground), None) is None
    assert os.listdir(out) == []  # noqa: PTH208
