"""A server beneath a ceiling: declared with just these tools, and with its variables."""

from __future__ import annotations

import os

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.mcp.offer import digest

NAME = "mcp__s__echo"


def beneath(desk, run, **table):
    """Let the run be a bundle's that declares this."""
    workspace = Workspace(desk.ws, ceiling=Ceiling(**table))
    variables = {"PATH": os.defpath, "HOME": str(desk.home)}
    run.person = ScriptedToolContext(workspace, environment=variables, call_id=f"{desk.run_id}/1")


@pytest.mark.parametrize("item", ["s@1.0.0#sha256:{}", "*"])
def test_a_declared_server_is_used(desk, story, item):
    desk.pinned("s")

    async def what(run):
        beneath(desk, run, mcp=(item.format(digest([desk.echo])),))
        assert "hi" in await run.text(NAME, text="hi")

    story(what)


@pytest.mark.parametrize("item", [f"s@1.0.0#sha256:{'a' * 64}", f"t@1.0.0#sha256:{'a' * 64}"])
def test_one_with_other_tools_is_not(desk, story, item):
    desk.pinned("s")

    async def what(run):
        beneath(desk, run, mcp=(item,))
        trouble = await run.trouble(NAME, text="hi")
        assert "capability:mcp: its bundle declared other tools than it offers" in trouble

    story(what)


@pytest.mark.parametrize(("env", "starts"), [((), 0), (("MY_TOKEN",), 1)])
def test_one_whose_variable_is_not_declared_is_not_even_started(
    desk, story, monkeypatch, env, starts
):
    monkeypatch.setenv("MY_TOKEN", "secret")
    started = desk.pinned("s", env=["MY_TOKEN"])

    async def what(run):
        beneath(desk, run, mcp=("*",), env=env)
        output = await run.use(NAME, text="hi")
        assert output.is_error is not bool(env)
        assert ("capability:env:MY_TOKEN" in output.text) is not bool(env)

    story(what)
    assert started() == starts
