"""The context a tool is tested with: it lends, and remembers."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from hocket.api.tools import Workspace
from hocket.testing import JumpingClock, ScriptedToolContext


def test_a_folder_is_a_shared_workspace_and_the_environment_is_a_search_path():
    context = ScriptedToolContext(Path("/project"))
    assert context.workspace == Workspace(Path("/project"), "shared")
    assert context.environment == {"PATH": os.defpath}
    assert (context.call_id, context.memory) == ("run/1", {})
    assert context.clock.monotonic() == 0.0


def test_what_was_given_is_lent():
    workspace, clock = Workspace(Path("/tree"), "worktree"), JumpingClock()
    context = ScriptedToolContext(workspace, environment={"LANG": "C"}, call_id="r/7", clock=clock)
    assert (context.workspace, context.clock) == (workspace, clock)
    assert (context.environment, context.call_id) == ({"LANG": "C"}, "r/7")


def test_it_remembers_what_a_tool_said_kept_and_asked():
    context = ScriptedToolContext(Path("/project"), grants=["Bash(npm test)"])
    context.progress("alive")
    digest = context.keep(b"much")
    assert digest == sha256(b"much").hexdigest()
    granted = [context.granted(use) for use in ("Bash(npm test)", "Bash(rm x)")]
    assert (context.said, context.kept, granted) == (["alive"], {digest: b"much"}, [True, False])
    assert context.asked == ["Bash(npm test)", "Bash(rm x)"]


def test_what_a_search_found_may_be_fetched():
    context = ScriptedToolContext(Path("/project"), fetchable=["https://a.example/"])
    context.found(("https://b.example/1",))
    urls = ("https://a.example/", "https://b.example/1", "https://c.example/")
    assert [context.may_fetch(url) for url in urls] == [True, True, False]


def test_memory_lasts_from_use_to_use():
    context = ScriptedToolContext(Path("/project"))
    context.memory["shell.directory"] = "src"
    assert context.memory == {"shell.directory": "src"}
