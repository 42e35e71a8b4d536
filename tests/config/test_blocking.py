"""Plugins that are never imported, known from TOML alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hocket.errors import UsageError


def test_every_file_adds_to_the_list(house):
    house.write(
        user='[plugins]\nblock = ["a"]\n',
        pyproject='[tool.hocket.plugins]\nblock = ["b"]\n',
        project='[plugins]\nblock = ["c"]\n',
        managed='[plugins]\nblock = ["d", "policies.permissions"]\n',
    )
    assert house.blocked() == {"a", "b", "c", "d", "policies.permissions"}
    loaded = house.load(flags={"plugins": {"block": ["e"]}})
    assert set(loaded.settings.plugins.block) == house.blocked() | {"e"}
    assert "--plugins" in loaded.origins["plugins"]


def test_a_project_cannot_block_a_policy_and_that_is_said(house):
    house.write(project='[plugins]\nblock = ["acme", "policies.quarantine"]\n')
    assert house.blocked() == {"acme"}
    loaded = house.load()
    assert loaded.settings.plugins.block == ("acme",)
    assert loaded.notes == (
        ".hocket/config.toml:2: a project cannot block a policy; these stay: policies.quarantine",
    )


def test_nothing_blocked_by_an_empty_list(house):
    house.write(project="[plugins]\nblock = []\n")
    assert (house.blocked(), house.load().origins["plugins"]) == (frozenset(), "default")


@pytest.mark.parametrize("block", ['"acme"', "[1]", "{acme = true}"])
def test_a_list_that_is_none_is_named_with_its_line(block, house):
    house.write(project=f"\n[plugins]\nblock = {block}\n")
    with pytest.raises(UsageError) as caught:
        house.blocked()
    assert str(caught.value).startswith(".hocket/config.toml:3: 'plugins.block' is no list of name")


@pytest.mark.parametrize("text", ["", "plugins = 5\n", "[plugins]\nblok = []\n"])
def test_what_load_will_refuse_blocks_nothing(text, house):
    house.write(project=text)
    assert house.blocked() == frozenset()


def test_it_loads_no_pydantic(tmp_path):
    code = (
        "import sys, pathlib; from hocket.config import blocked;"
        "blocked(pathlib.Path('.'), {'HOCKET_CONFIG_HOME': '.'});"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
