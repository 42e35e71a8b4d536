"""Every installed tool: what it gives of a project that nobody trusts is from outside."""

from __future__ import annotations

import asyncio
import os
import shutil
from hashlib import sha256

import pytest

from hocket.api.settings import PluginSettings
from hocket.api.tools import TRUSTED, Effect, Label, Workspace
from hocket.host import PluginHost
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.web.section import Web

CANARY = "canary-word"
GIVES = {Effect.READ_PROJECT, Effect.EXECUTE, Effect.WRITE_WORKSPACE}
COMMAND = "cat src/a.txt; ls src"
PROJECT = Label(outside=True, sources=frozenset({"project"}))
SKILL = f"---\nname: s\ndescription: Does {CANARY}.\n---\n{CANARY}\n"

ROWS = {
    "Read": [{"file_path": "src/a.txt"}, {"file_path": "src"}, {"file_path": "src/gone"}],
    "Glob": [{"pattern": "**/*"}, {"pattern": "*", "path": "src"}, {"pattern": "nothing"}],
    "Grep": [
        {"pattern": CANARY},
        {"pattern": CANARY, "output_mode": "count"},
        {"pattern": CANARY, "output_mode": "files_with_matches"},
    ],
    "Edit": [
        {"file_path": "src/a.txt", "old_string": "x", "new_string": "y"},
        {"file_path": "src/a.txt", "old_string": "gone", "new_string": "y"},
    ],
    "Write": [{"file_path": "src/new", "content": "x"}, {"file_path": "src/a.txt", "content": "x"}],
    "Bash": [{"command": COMMAND}],
    "WebSearch": [{"query": CANARY}],
}
"""What gives words of the project, and how it is asked for some."""
NEVER = {"Skill"}
"""What gives words of a trusted project only: without trust it has none of it."""


class Project:
    """A project full of canaries, with every tool that is installed."""

    def __init__(self, home) -> None:
        self.home, self.path = home, home / "project"
        (self.path / "src").mkdir(parents=True)
        (self.path / "src" / "a.txt").write_text(f"x {CANARY}\n")
        (self.path / "src" / f"{CANARY}.txt").write_text("words\n")
        skill = self.path / ".claude" / "skills" / "s" / "SKILL.md"
        skill.parent.mkdir(parents=True)
        skill.write_text(SKILL)
        self.pinned = {".claude/skills/s/SKILL.md": sha256(SKILL.encode()).hexdigest()}

    def settings(self, *, is_trusted: bool) -> PluginSettings:
        """Give settings of a person who trusts the texts of the project to be searched."""
        section = Web(folder="src", folder_trusted=True)
        return PluginSettings(
            self.path,
            {"web": section},
            origins={"web.folder": "user", "web.folder_trusted": "user"},
            trusted=self.pinned,
            is_trusted=is_trusted,
            data=self.home / "data",
        )

    def tools(self, *, is_trusted: bool):
        return PluginHost.load().tools(self.settings(is_trusted=is_trusted))

    def use(self, tool, arguments):
        variables = {"PATH": os.defpath, "HOME": str(self.home)}
        grants = (f"Bash({COMMAND})",)
        workspace = Workspace(self.path)
        context = ScriptedToolContext(workspace, environment=variables, grants=grants)
        return asyncio.run(tool.run(arguments, context))


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return Project(tmp_path)


def test_every_installed_tool_has_a_row(project):
    """A new tool that reads a project gets one too, or this fails."""
    trusted = project.tools(is_trusted=True)
    giving = {name for name, tool in trusted.items() if tool.effects & GIVES}
    assert giving == ROWS.keys() | NEVER
    assert not NEVER & project.tools(is_trusted=False).keys()


CASES = [
    pytest.param(name, one, id=f"{name}-{n}") for name in ROWS for n, one in enumerate(ROWS[name])
]


@pytest.mark.skipif(shutil.which("bash", path=os.defpath) is None, reason="there is no bash")
@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_its_words_are_the_projects_and_the_projects_words_are_from_outside(
    project, name, arguments
):
    doubted = project.use(project.tools(is_trusted=False)[name], arguments)
    expected = {"web.folder"} if name == "WebSearch" else PROJECT.sources
    assert doubted.label == Label(outside=True, sources=frozenset(expected)), doubted.text
    assert doubted.status
    assert CANARY not in doubted.status
    assert "src" not in doubted.status


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_in_a_trusted_project_none_of_them_is(project, name, arguments):
    output = project.use(project.tools(is_trusted=True)[name], arguments)
    assert output.label == TRUSTED, output.text


def test_a_skill_of_a_trusted_project_is_trusted(project):
    output = project.use(project.tools(is_trusted=True)["Skill"], {"name": "s"})
    assert CANARY in output.text
    assert output.label == TRUSTED


def test_no_description_of_a_tool_holds_a_word_of_a_project_nobody_trusts(project):
    """Descriptions stand in every prompt; those of skills are the project's words."""
    trusted = project.tools(is_trusted=True).values()
    assert any(CANARY in tool.description for tool in trusted)
    for tool in project.tools(is_trusted=False).values():
        assert CANARY not in f"{tool.name} {tool.description} {tool.input_schema}"
