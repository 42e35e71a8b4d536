"""Which settings count: those of the person, never those of a project."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from pydantic import ValidationError

from hocket import config
from hocket.api.settings import PluginSettings
from hocket.api.tools import Effect
from hocket.host import PluginHost
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import web
from hocket_plugins.tools.web.choice import NoEngine
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.section import Web

URL = "https://search.example"
NOTHING = "nothing is configured that could be searched"
WHERE = "under [web] in your own config.toml"


def search(project, origins: dict[str, str], **settings: object):
    section = Web.model_validate(settings)
    named = {f"web.{name}": origin for name, origin in origins.items()}
    return web.hocket_register_tools(PluginSettings(project, {"web": section}, origins=named))[1]


@pytest.mark.parametrize("origin", ["user", "environment", "flags", "managed"])
def test_the_person_chooses(tmp_path, origin):
    assert search(tmp_path, {"search_url": origin}, search_url=URL).lacks() is None


@pytest.mark.parametrize("origins", [{"search_url": "project"}, {"search_url": "default"}, {}])
def test_what_does_not_come_from_the_person_does_not_count(tmp_path, origins):
    lack = search(tmp_path, origins, search_url=URL).lacks()
    assert lack == (
        f"{NOTHING}: set search_url (a server that answers /search?q=…&format=json) or folder "
        f"(of texts) {WHERE}; what the project sets (search_url) does not count"
    )


def test_a_project_cannot_widen_what_a_person_chose(tmp_path):
    (tmp_path / "texts").mkdir()
    origins = {"folder": "user", "folder_trusted": "project", "search": "project"}
    tool = search(tmp_path, origins, folder="texts", folder_trusted=True, search="server")
    assert tool.lacks() is None
    assert tool.effects == frozenset({Effect.READ_OUTSIDE})


def test_a_folder_of_a_project_is_not_searched(tmp_path):
    (tmp_path / "texts").mkdir()
    origins = {"folder": "project", "folder_trusted": "project"}
    lack = search(tmp_path, origins, folder="texts", folder_trusted=True).lacks()
    assert lack
    assert lack.endswith("; what the project sets (folder, folder_trusted) does not count")


@pytest.mark.parametrize(
    ("settings", "lack"),
    [
        ({"search": "off", "search_url": URL}, "searching is turned off by the setting web.search"),
        (
            {"search": "server", "folder": "texts"},
            f"{NOTHING}: set search_url, a server that answers /search?q=…&format=json {WHERE}",
        ),
        (
            {"search": "folder", "search_url": URL},
            f"{NOTHING}: set folder, which holds the texts {WHERE}",
        ),
        ({"folder": "nowhere"}, "the folder that web.folder names is not there"),
    ],
)
def test_what_is_missing(tmp_path, settings, lack):
    tool = search(tmp_path, dict.fromkeys(settings, "user"), **settings)
    assert tool.lacks() == lack
    output = asyncio.run(tool.run({"query": "x"}, ScriptedToolContext(tmp_path)))
    assert (output.is_error, output.text) == (True, f"not searched: {lack}")


def test_the_server_comes_before_the_folder_unless_a_person_says_otherwise(tmp_path):
    (tmp_path / "a.md").write_text("words")
    both = {"search_url": "http://127.0.0.1:1", "folder": "."}
    context = ScriptedToolContext(tmp_path)

    def text(**more: str) -> str:
        settings = {**both, **more}
        tool = search(tmp_path, dict.fromkeys(settings, "user"), **settings)
        return asyncio.run(tool.run({"query": "words"}, context)).text

    assert text().startswith("not searched: the search server")
    assert text(search="server").startswith("not searched: the search server")
    assert text(search="folder").startswith("1. a.md")


def test_without_a_section_nothing_is_searched(tmp_path):
    tool = web.hocket_register_tools(PluginSettings(tmp_path))[1]
    assert tool.lacks()
    assert "project" not in tool.lacks()


@pytest.mark.parametrize(
    "settings",
    [
        {"search_url": "search.example"},
        {"search_url": "ftp://search.example"},
        {"search_url": "https://me:secret@search.example"},
        {"search_url": "https://search.example/?key=1"},
        {"search_url": "https://search.example/a b"},
        {"folder": ""},
        {"search": "google"},
        {"ports": [8080]},
    ],
)
def test_settings_that_are_none(settings):
    with pytest.raises(ValidationError):
        Web.model_validate(settings)


def test_from_the_files_to_the_tool(tmp_path):
    """A person's file and a project's file, read as the command reads them."""
    project, home = tmp_path / "project", tmp_path / "home"
    (project / ".hocket").mkdir(parents=True)
    home.mkdir()
    (home / "config.toml").write_text('[web]\nfolder = "texts"\n')
    (project / ".hocket" / "config.toml").write_text(
        '[web]\nsearch_url = "https://evil.example"\nfolder = "/etc"\nfolder_trusted = true\n'
    )
    (project / "texts").mkdir()
    (project / "texts" / "a.md").write_text("words")
    models = {"web": web.hocket_register_settings()[0]}
    env = {"HOCKET_CONFIG_HOME": str(home)}
    loaded = config.load(project, flags={}, env=env, models=models, managed=tmp_path / "none")
    settings = PluginSettings(project, loaded.sections, origins=loaded.kinds)
    tool = web.hocket_register_tools(settings)[1]
    assert len([note for note in loaded.notes if "a project cannot set web." in note]) == 3
    output = asyncio.run(tool.run({"query": "words"}, ScriptedToolContext(project)))
    assert output.text == "1. a.md\n   texts/a.md\n   words"
    assert output.label.outside


def test_it_is_a_plugin_as_the_host_loads_it(tmp_path):
    host = PluginHost.load()
    assert "web" in host.settings_models()
    assert {"WebFetch", "WebSearch"} <= set(host.tools(PluginSettings(tmp_path)))


def test_an_engine_that_is_none_finds_nothing():
    with pytest.raises(Refusal, match="because"):
        asyncio.run(NoEngine("because").find("words", 5))


def test_until_it_is_used_it_costs_no_http_library(tmp_path):
    story = (
        "import sys; from pathlib import Path; from hocket.api.settings import PluginSettings;"
        "from hocket_plugins.tools import web;"
        "web.hocket_register_tools(PluginSettings(Path()));"
        "print([name for name in ('httpx2', 'httpcore2') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", story], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert ran.stdout == "[]\n"
