"""A bundle that passes has an identity; of one that does not, everything wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import shops
from authors import edited, packed, put, written

from hocket.errors import PackageRefused
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder


def refused(folder):
    """Pack what must not pass; give every problem."""
    with pytest.raises(PackageRefused) as told:
        packed(folder)
    assert (told.value.exit_code, told.value.who) == (3, folder.name)
    return told.value.problems


def test_a_new_bundle_passes_as_it_is_and_has_the_digest_of_its_folder(tmp_path):
    folder = written(tmp_path)
    made = packed(folder)
    tree = read_folder("test", folder)
    assert made.digest == hk1(tree)
    assert made.tree == tree
    assert (made.files, made.size) == (5, sum(len(one) for _, _, one in tree.entries))
    assert made.capabilities.startswith("sha256:")
    assert made.warnings == ()
    assert [one.name for one in made.manifest.commands] == ["second-opinion"]


def test_a_bundle_of_others_passes_too(tmp_path):
    made = packed(shops.bundle(tmp_path, "hello"))
    assert made.warnings == (
        'bundle.toml: capabilities: "read:docs/**" is named by no script or agent file',
        'bundle.toml: capabilities: "tools:Read" is named by no script or agent file',
    )


def test_all_that_is_wrong_is_told_with_file_and_key(tmp_path):
    folder = written(tmp_path)
    edited(folder / "bundle.toml", '"0.1.0"', '"0.1"')
    edited(folder / "bundle.toml", "license =", "licence =")
    edited(folder / "SKILL.md", "license: MIT", "license: MIT\nmodel: large")
    edited(folder / "workflow.py", "async def main", "open('x')\n\n\nasync def main")
    put(folder / "__pycache__" / "workflow.cpython-311.pyc", b"\0")
    put(folder / "rubrics" / ".DS_Store", b"\0")
    assert refused(folder) == (
        "__pycache__/workflow.cpython-311.pyc: is what Python compiled; delete it",
        "rubrics/.DS_Store: is what a file browser noted; delete it",
        'bundle.toml: licence: unknown key "licence" (did you mean "license"?)',
        'bundle.toml: version: "0.1" is not X.Y.Z',
        *refused(folder)[4:],
    )
    skill, script = refused(folder)[4], refused(folder)[5:]
    assert skill == 'SKILL.md: fields that hocket ignores: "model"'
    assert script
    assert all(one.startswith("workflow.py:") for one in script)


def test_compiled_files_without_their_folder_are_litter_as_well(tmp_path):
    folder = written(tmp_path)
    put(folder / "scripts" / "tool.PYC", b"\0")
    assert refused(folder) == ("scripts/tool.PYC: is what Python compiled; delete it",)


def test_the_command_and_the_script_have_one_name(tmp_path):
    folder = written(tmp_path)
    edited(folder / "workflow.py", '"name": "second-opinion"', '"name": "other"')
    assert refused(folder) == ('bundle.toml: commands.second-opinion.script: meta.name is "other"',)


def test_what_skill_md_says_of_hocket_agrees_with_the_manifest(tmp_path):
    folder = written(tmp_path)
    edited(folder / "bundle.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    edited(folder / "bundle.toml", 'license = "MIT"', 'license = "Apache-2.0"')
    edited(folder / "SKILL.md", "metadata:\n", "metadata:\n  hocket-version: 0.1.0\n")
    assert refused(folder) == (
        'SKILL.md: license: "MIT" differs from bundle.toml\'s "Apache-2.0"',
        'SKILL.md: metadata.hocket-version: "0.1.0" differs from bundle.toml\'s "0.2.0"',
    )


def test_a_skill_file_in_small_letters_is_read_by_us_and_not_by_all(tmp_path):
    folder = written(tmp_path)
    (folder / "SKILL.md").rename(folder / "skill.md")
    assert refused(folder) == ("SKILL.md: the file is called skill.md",)


@pytest.mark.parametrize("file", ["bundle.toml", "SKILL.md"])
def test_a_file_that_is_missing_is_told(tmp_path, file):
    folder = written(tmp_path)
    (folder / file).unlink()
    assert f"{file}: missing" in refused(folder)


@pytest.mark.parametrize("name", ["model", "max_agents", "max-agents", "yes", "json", "Help"])
def test_an_argument_may_not_have_the_name_of_an_option(tmp_path, name):
    folder = written(tmp_path)
    edited(
        folder / "workflow.py",
        '"properties": {\n            "question"',
        f'"properties": {{\n            "{name}": {{"type": "string"}},\n            "question"',
    )
    (told,) = refused(folder)
    assert told.startswith(f"workflow.py: meta.args: {name!r} is the name of an option of runs")


def test_the_rules_for_trees_come_first(tmp_path):
    folder = written(tmp_path)
    (folder / "link.md").symlink_to("SKILL.md")
    put(folder / ".git" / "config", "")
    assert {one.split(":")[0] for one in refused(folder)} >= {"'.git'", "'link.md'"}


@pytest.mark.parametrize("name", ["Second-Opinion", "second_opinion", "con", "core", "x" * 65])
def test_a_folder_without_a_name_for_a_bundle_is_refused(tmp_path, name):
    folder = written(tmp_path)
    folder = folder.rename(tmp_path / name)
    assert refused(folder)


def test_a_name_is_taken_from_the_folder_however_it_is_typed(tmp_path, monkeypatch):
    folder = written(tmp_path)
    monkeypatch.chdir(folder)
    assert packed(Path()).manifest.name == "second-opinion"


def test_what_nobody_names_is_warned_of(tmp_path):
    folder = written(tmp_path)
    asked = (
        'tools = ["Read", "WebFetch", "mcp__*"], network = ["*"], write = ["out/**"], '
        'shell = ["git"], env = ["TOKEN"], reveal = true, hooks = true'
    )
    edited(folder / "bundle.toml", 'tools = ["Read"]', asked)
    put(folder / "agents" / "reader.md", "Use WebFetch and git.")
    told = [one.split('"')[1] for one in packed(folder).warnings]
    assert told == ["env:TOKEN", "hooks", "reveal", "tools:mcp__*", "write:out/**"]


def test_a_script_that_no_command_starts_is_warned_of(tmp_path):
    folder = written(tmp_path)
    other = (folder / "workflow.py").read_text("utf-8").replace('"second-opinion"', '"other"')
    put(folder / "workflows" / "other.py", other)
    assert packed(folder).warnings == ("workflows/other.py: no command of bundle.toml starts it",)


def test_a_plain_skill_is_a_bundle_without_commands(tmp_path):
    folder = tmp_path / "advice"
    put(folder / "SKILL.md", "---\nname: advice\ndescription: Gives advice.\n---\nBe kind.\n")
    put(
        folder / "bundle.toml",
        'schema = 1\nname = "advice"\nversion = "1.0.0"\ndescription = "Gives advice."\n',
    )
    assert packed(folder).manifest.commands == ()
