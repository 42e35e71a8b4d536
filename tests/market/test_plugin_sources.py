"""A plugin knows places of its own kind; what lies there is checked like everything else."""

from __future__ import annotations

import json

import pytest
from shops import bundle

PLUGIN = '''"""Bundles of the archive of this team."""

import json
from pathlib import Path

from hocket.api.markers import hookimpl
from hocket.api.protocols import Tree


@hookimpl
def hocket_resolve_bundle(spec):
    kind, _, name = spec.partition(":")
    if kind != "team":
        return None
    told = json.loads((Path.cwd() / f"{name}.json").read_text())
    return Tree(tuple((kind, path, text.encode()) for kind, path, text in told))
'''


@pytest.fixture
def team(bob):
    """Let Bob's project have the plugin, and what it finds."""
    folder = bob.project / ".hocket" / "plugins"
    folder.mkdir()
    (folder / "team.py").write_text(PLUGIN, "utf-8")
    root = bundle(bob.folder / "made", "demo")
    files = [["f", path, text.decode()] for path, text in bob.files(root).items()]
    (bob.project / "demo.json").write_text(json.dumps(files), "utf-8")
    (bob.project / "evil.json").write_text(json.dumps([["f", "../../x", ""]]), "utf-8")
    return bob


def test_it_is_installed_and_comes_back_from_the_lock(team):
    said = team.types("install", "team:demo", "--yes")
    assert said.code in {0, 4}, said
    if said.code == 4:
        assert "--accept=source:team" in said.err
        said = team.does("install", "team:demo", "--yes", "--accept=source:team")
    assert 'source = "plugin:team:demo"' in team.lock.read_text("utf-8")
    before = team.files(team.workflows)
    (team.workflows / "demo" / "rubrics" / "polite.md").unlink()
    team.does("install", "--frozen", "--yes", "--accept=source:team")
    assert team.files(team.workflows) == before


def test_what_lies_there_keeps_the_rules(team):
    said = team.types("install", "team:evil", "--yes")
    assert (said.code, "has the part '..'" in said.err) == (3, True), said


def test_a_place_that_nobody_knows(team):
    said = team.types("install", "oci:registry/demo", "--yes")
    assert (said.code, "no plugin here knows this place" in said.err) == (1, True), said
