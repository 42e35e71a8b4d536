"""The sandbox around somebody else's command: a check runs where an agent's commands run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hocket.api.tools import Enclosing, Workspace
from hocket.errors import RefusedError
from hocket_plugins.tools.shell import sandbox


def ran(agent, *argv, roots=(), network=False, **variables):
    """Run a command as a check would be run: with an environment of its own."""
    whole = agent.tool.wrap(argv, Workspace(agent.ws, roots=roots), network=network)
    done = subprocess.run(
        whole, env={"PATH": "/usr/bin:/bin", **variables}, cwd=agent.ws, capture_output=True,
        stdin=subprocess.DEVNULL, text=True, check=False, timeout=20,
    )  # fmt: skip
    return done.returncode, done.stdout.strip()


def test_it_keeps_its_environment_and_begins_in_the_workspace(boxed):
    said = ran(boxed, "sh", "-c", "echo $MORE $(pwd -P); touch made", MORE="kept")
    assert said == (0, f"kept {boxed.ws.resolve()}")
    assert (boxed.ws / "made").exists()


def test_it_sees_the_workspace_and_nothing_else_of_the_machine(boxed, tmp_path):
    (tmp_path / "private").write_text("x")
    (boxed.ws / ".git").mkdir()
    assert ran(boxed, "cat", str(tmp_path / "private"))[0] != 0
    assert ran(boxed, "touch", ".git/config")[0] != 0
    links = ran(boxed, "sh", "-c", "cat /proc/net/dev | wc -l")
    assert int(links[1]) <= 3


def test_more_folders_are_read_and_not_written(boxed, tmp_path):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "check.sh").write_text("echo fine")
    assert ran(boxed, "sh", str(bundle / "check.sh"), roots=(bundle,)) == (0, "fine")
    assert ran(boxed, "touch", str(bundle / "x"), roots=(bundle,))[0] != 0


def test_the_network_is_shared_only_when_asked_for(boxed):
    alone = boxed.tool.wrap(("true",), Workspace(boxed.ws), network=False)
    shared = boxed.tool.wrap(("true",), Workspace(boxed.ws), network=True)
    assert ("--share-net" in alone, "--share-net" in shared) == (False, True)


def test_without_a_sandbox_there_is_none_around_it(bare):
    assert isinstance(bare.tool, Enclosing)
    assert bare.tool.wrap(("true",), Workspace(bare.ws), network=False) is None


def test_where_one_is_required_and_missing_it_is_refused(bare, tmp_path, monkeypatch):
    here = tmp_path / "bin"
    here.mkdir()
    (here / "bash").symlink_to("/bin/bash")
    monkeypatch.setenv("PATH", str(here))
    bare.again(sandbox="require")
    with pytest.raises(RefusedError, match="bubblewrap"):
        bare.tool.wrap(("true",), Workspace(bare.ws), network=False)
    bare.again(sandbox="auto")
    assert bare.tool.wrap(("true",), Workspace(bare.ws), network=False) is None


def test_without_a_shell_there_is_no_sandbox_either(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    bare.again(sandbox="auto")
    assert bare.tool.wrap(("true",), Workspace(bare.ws), network=False) is None


def test_the_real_one_is_found_on_the_path_of_hocket():
    if (found := sandbox.program("bwrap", {}, not_in="/nowhere")) is None:
        pytest.skip("bubblewrap is not installed")
    assert Path(found).is_absolute()
