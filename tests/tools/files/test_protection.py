"""What a person's rule must name, even inside the workspace (AGENT 4.2)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hocket.api.settings import PluginSettings
from hocket_plugins.tools import files
from hocket_plugins.tools.files.section import Files

STEERING = [
    *(".git/config", ".git/hooks/pre-commit", "sub/.git/config", ".hocket/config.toml"),
    *(".claude/settings.json", ".agents/skills/x/SKILL.md", ".vscode/tasks.json", ".mcp.json"),
    *("AGENTS.md", "CLAUDE.md", "docs/CLAUDE.md", "hocket.lock", ".GIT/config", "claude.md"),
]
SECRET = [
    *(".env", ".env.local", "config/.envrc", "server.pem", "keys/id_rsa", "id_ed25519.pub"),
    *("cert.p12", ".npmrc", "home/.netrc", "SERVER.PEM", ".hocket/runs/4f2a/journal.jsonl"),
]
PLAIN = ["src/app.py", ".github/workflows/ci.yml", "environment.txt", ".gitignore", "grid_id.py"]


@pytest.mark.parametrize("name", STEERING)
def test_what_steers_something_later_is_not_written(agent, name):
    path = agent.put(name, "one")
    for tool, more in (
        ("Write", {"content": "x"}),
        ("Edit", {"old_string": "o", "new_string": ""}),
    ):
        said = agent.fails(tool, file_path=name, **more)
        assert said == f"{name}: it is protected; only a rule {tool}({name}) would allow it"
    assert path.read_text() == "one"
    assert "it is protected" in agent.fails("Write", file_path=f"x/../{name}", content="x")


@pytest.mark.parametrize("name", [".hocket", ".vscode/new/x.json"])
def test_it_is_not_made_either(agent, name):
    agent.fails("Write", file_path=name, content="x")
    assert list(agent.ws.iterdir()) == []


def test_a_rule_that_names_it_allows_it(agent):
    agent.put("AGENTS.md", "one")
    agent.again(grants=["Edit(AGENTS.md)", "Write(hocket.lock)"])
    agent.does("Edit", file_path="AGENTS.md", old_string="one", new_string="two")
    agent.does("Write", file_path="hocket.lock", content="x")
    assert "it is protected" in agent.fails("Write", file_path="AGENTS.md", content="x")


@pytest.mark.parametrize("name", SECRET)
def test_what_may_hold_secrets_is_not_read(agent, name):
    agent.put(name, "canary")
    said = agent.fails("Read", file_path=name)
    assert said == f"{name}: it may hold secrets; a rule Read({name}) would allow it"
    found = agent.does("Grep", pattern="canary")
    assert found.splitlines()[0] == "[nothing was found]"
    assert "canary" not in agent.does("Grep", pattern="canary", path=name).replace("[", "")
    agent.again(grants=[f"Edit({name})"])
    assert agent.output("Edit", file_path=name, old_string="canary", new_string="x").is_error


def test_a_link_makes_no_secret_public(agent):
    agent.put(".env", "canary")
    (agent.ws / "notes.txt").symlink_to(".env")
    (agent.ws / ".env.link").symlink_to("plain.txt")
    agent.put("plain.txt", "words")
    assert "it may hold secrets" in agent.fails("Read", file_path="notes.txt")
    assert "it may hold secrets" in agent.fails("Read", file_path=".env.link")


def test_a_rule_lets_a_secret_be_read_and_searched(agent):
    agent.put(".env", "canary")
    agent.again(grants=["Read(.env)"])
    assert agent.does("Read", file_path=".env") == "     1\tcanary"
    assert agent.does("Grep", pattern="canary") == ".env:1:canary"


def test_a_yes_to_the_whole_path_is_a_yes_to_the_file(agent):
    path = agent.put("sub/.env", "canary").resolve()
    agent.again(grants=[f"Read({path})"])
    assert agent.does("Read", file_path=str(path)) == "     1\tcanary"
    agent.put(".env", "other")
    assert "it may hold secrets" in agent.fails("Read", file_path=".env")


@pytest.mark.parametrize("name", PLAIN)
def test_all_else_is_free(agent, name):
    agent.does("Write", file_path=name, content="one")
    agent.does("Read", file_path=name)
    agent.does("Edit", file_path=name, old_string="one", new_string="two")


def test_hook_hocket_register_tools_hands_over_five(agent):
    tools = files.hocket_register_tools(PluginSettings(agent.ws))
    assert [tool.name for tool in tools] == ["Read", "Glob", "Grep", "Edit", "Write"]
    assert all(tool.limits == Files() for tool in tools)


def test_the_limits_are_those_of_the_specification():
    assert Files().model_dump() == {
        "read_lines": 2000,
        "read_bytes": 262_144,
        "image_bytes": 5_242_880,
        "pdf_bytes": 20_971_520,
        "edit_bytes": 10_485_760,
        "search_paths": 200,
        "search_bytes": 102_400,
        "search_s": 10.0,
    }
    assert all(field.description for field in Files.model_fields.values())


@pytest.mark.parametrize("wrong", [{"read_lines": 0}, {"search_s": 0}, {"read_line": 1}])
def test_a_wrong_section_is_refused(wrong):
    (model,) = files.hocket_register_settings()
    assert model.model_config["title"] == "files"
    with pytest.raises(ValidationError):
        model.model_validate(wrong)
