"""Which servers count, and what is kept of them: nothing is connected here."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from pydantic import ValidationError

from hocket.api.settings import PluginSettings
from hocket.launch.project import Project
from hocket_plugins.tools import mcp
from hocket_plugins.tools.mcp.pins import Pins
from hocket_plugins.tools.mcp.roster import roster
from hocket_plugins.tools.mcp.server import Server, filled
from hocket_plugins.tools.mcp.trouble import Down

FILE = {
    "mcpServers": {
        "db": {"command": "db-server", "args": ["--ro"], "env": {"KEY": "${DB_KEY}"}},
        "hub": {"type": "http", "url": "https://hub.example/mcp", "headers": {"A": "b"}},
        "old": {"type": "sse", "url": "https://old.example"},
        "a__b": {"command": "x"},
        "odd": "no object",
        "args": {"command": "x", "args": "one text"},
        "numbers": {"command": "x", "args": [1]},
        "file": {"url": "file:///etc/passwd"},
    }
}


def imports(desk, told=FILE, *, trusted=True):
    content = json.dumps(told).encode()
    (desk.ws / ".mcp.json").write_bytes(content)
    desk.trusted = {".mcp.json": hashlib.sha256(content).hexdigest()} if trusted else {}


@pytest.mark.parametrize("who", ["user", "managed", "flags", "environment"])
def test_a_persons_settings_count(desk, who):
    desk.raw("s")
    desk.who = who
    assert [*roster(desk.settings()).servers] == ["s"]


@pytest.mark.parametrize("who", ["project", "", "default"])
def test_nobody_elses_do(desk, who):
    desk.pinned("s")
    desk.who = who
    found = roster(desk.settings())
    assert not found.servers
    expected = f"the server 's' does not count: {who or 'unknown'} settings cannot start one"
    assert found.notes == (expected,)
    assert desk.opened().tools == {}


def test_who_said_it_may_be_known_for_each_server(desk):
    desk.raw("mine")
    desk.raw("theirs")
    settings = replace(
        desk.settings(),
        origins={"mcp.servers": "project", "mcp.servers.mine": "user"},
    )
    assert [*roster(settings).servers] == ["mine"]


def test_a_trusted_file_of_the_project_counts(desk):
    imports(desk)
    found = roster(desk.settings())
    assert found.servers == {
        "db": Server(
            name="db",
            origin=".mcp.json",
            command=("db-server", "--ro"),
            variables={"KEY": "${DB_KEY}"},
        ),
        "hub": Server(
            name="hub", origin=".mcp.json", url="https://hub.example/mcp", headers={"A": "b"}
        ),
    }
    strange = ["old", "a__b", "odd", "args", "numbers", "file"]
    assert [*found.notes] == [
        f".mcp.json: '{name}' is no server that can be used here" for name in strange
    ]


def test_one_that_is_not_trusted_as_it_is_now_does_not(desk):
    imports(desk, trusted=False)
    assert not roster(desk.settings()).servers
    imports(desk)
    with (desk.ws / ".mcp.json").open("a") as file:
        file.write("\n")
    found = roster(desk.settings())
    assert not found.servers
    assert found.notes == (
        ".mcp.json: it is not trusted as it is now, so its servers do not count",
    )


def test_nor_does_any_file_of_a_project_nobody_trusts(desk):
    """Its servers would run programs; a person's own ones are there all the same."""
    imports(desk)
    desk.raw("own")
    assert {"own", "db"} <= roster(desk.settings()).servers.keys()
    desk.is_trusted = False
    found = roster(desk.settings())
    assert found.servers.keys() == {"own"}
    assert found.notes == (".mcp.json: nobody trusts the project, so its servers do not count",)


@pytest.mark.parametrize("told", [[], {"mcpServers": []}, "text"])
def test_a_trusted_file_of_another_shape(desk, told):
    imports(desk, told)
    assert roster(desk.settings()).notes == (".mcp.json: it is no JSON object with 'mcpServers'",)


def test_a_trusted_file_that_is_no_json(desk):
    (desk.ws / ".mcp.json").write_bytes(b"{")
    desk.trusted = {".mcp.json": hashlib.sha256(b"{").hexdigest()}
    assert "no JSON object" in roster(desk.settings()).notes[0]


def test_settings_say_more_about_an_imported_server_or_replace_it(desk):
    imports(desk)
    desk.servers["db"] = {"labels": {"query": ["read_only"]}, "tools": ["query"]}
    desk.servers["hub"] = {"url": "https://mine.example/mcp"}
    desk.servers["empty"] = {}
    found = roster(desk.settings())
    assert found.servers["db"].command == ("db-server", "--ro")
    assert found.servers["db"].lets("query")
    assert not found.servers["db"].lets("drop")
    assert found.servers["hub"].reached == "https://mine.example/mcp"
    assert "the server 'empty' has neither a command nor a url" in found.notes


def test_a_pin_holds_for_one_way_to_reach_a_server(desk):
    """Two projects call different servers by one name; none takes the other's approval."""
    desk.pinned("s")
    first = desk.servers["s"]
    desk.servers["s"] = {"command": "/somewhere/else"}
    assert desk.opened().tools == {}
    desk.pin("s")
    assert len(desk.opened().tools) == 1
    desk.servers["s"] = first
    assert len(desk.opened().tools) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("Says it again.", "Obey."),
        lambda text: text[:-20],
        lambda text: text.replace('"tools": [', '"tools": {"a": [').replace("}]", "}]}"),
        lambda text: text.replace('"name"', '"nome"'),
        lambda _text: '{"pins": []}',
        lambda _text: "[]",
    ],
)
def test_a_pin_that_was_tampered_with_approves_nothing(desk, damage):
    desk.pinned("s")
    path = desk.data / "mcp" / "s.json"
    path.write_text(damage(path.read_text()))
    assert desk.opened().tools == {}
    desk.pin("s")
    assert len(desk.opened().tools) == 1


def test_a_pin_is_for_its_owners_eyes(desk):
    desk.pinned("s")
    assert (desk.data / "mcp" / "s.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (desk.data / "mcp").iterdir()] == ["s.json"]


def test_where_nothing_is_kept_nothing_is_approved(desk):
    desk.raw("s")
    pins = Pins(None)
    server = roster(desk.settings()).servers["s"]
    assert pins.of(server) is None
    assert pins.names() == []
    assert not pins.forget("s")
    with pytest.raises(FileNotFoundError):
        pins.keep(server, [])


@pytest.mark.parametrize(
    "section",
    [
        {"a b": {}},
        {"a__b": {}},
        {"-a": {}},
        {"a" * 33: {}},
        {"a": {"command": "x", "url": "https://x.example"}},
        {"a": {"url": "ftp://x.example"}},
        {"a": {"labels": {"t": []}}},
        {"a": {"labels": {"t": ["harmless"]}}},
        {"a": {"timeout_s": 0}},
        {"a": {"comand": "x"}},
    ],
)
def test_what_cannot_be_configured(desk, section):
    desk.servers = section
    with pytest.raises(ValidationError):
        desk.settings()


def test_variables_are_filled_in_late():
    environ = {"A": "1", "EMPTY": ""}
    assert filled("x${A}y${B:-2}${EMPTY:-3} $A ${}", environ) == "x1y23 $A ${}"
    with pytest.raises(Down, match="the variable B is not set"):
        filled("${B}", environ)


def test_tools_are_known_without_importing_the_sdk(desk):
    """Half a second is for the first use, not for every run."""
    desk.pinned("s")
    told = {"ws": str(desk.ws), "data": str(desk.data), "servers": desk.servers}
    code = (
        "import json, sys; from pathlib import Path; told = json.loads(sys.argv[1])\n"
        "from hocket.api.settings import PluginSettings\n"
        "from hocket_plugins.tools import mcp\n"
        "section = mcp.hocket_register_settings()[0].model_validate({'servers': told['servers']})\n"
        "settings = PluginSettings(Path(told['ws']), {'mcp': section}, data=Path(told['data']),\n"
        "    origins={'mcp.servers': 'user'})\n"
        "(tool,) = mcp.hocket_register_tools(settings)\n"
        "tool.lacks(), tool.shown({'a': 1})\n"
        "print(tool.name, {'mcp', 'mcp_types', 'anyio', 'httpx2'} & set(sys.modules))\n"
    )
    arguments = [sys.executable, "-c", code, json.dumps(told)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == "mcp__s__echo set()\n"


def test_a_project_finds_what_its_owner_configured_and_approved(desk, monkeypatch):
    """Through the host, as a run does: the origins and the person's folder are handed over."""
    desk.pinned("s")
    homes = {"HOCKET_CONFIG_HOME": desk.home / "config", "HOCKET_DATA_HOME": desk.data}
    for name, folder in homes.items():
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    server = desk.servers["s"]
    words = json.dumps(server["args"])
    lines = f"[mcp.servers.s]\ncommand = {json.dumps(server['command'])}\nargs = {words}\n"

    def found():
        blocked = "block = ['tools.mcp']"
        (desk.ws / "pyproject.toml").write_text(f"[tool.hocket.plugins]\n{blocked}\n")
        project = Project.open(desk.ws, plugins={"test.mcp": mcp})
        return [name for name in project.host.tools(project.plugin_settings) if "mcp" in name]

    (homes["HOCKET_CONFIG_HOME"] / "config.toml").write_text(lines)
    assert found() == ["mcp__s__echo"]
    (homes["HOCKET_CONFIG_HOME"] / "config.toml").unlink()
    (desk.ws / ".hocket").mkdir()
    (desk.ws / ".hocket" / "config.toml").write_text(lines)
    assert found() == []


def test_without_the_plugins_settings_there_are_no_tools(tmp_path):
    assert mcp.hocket_register_tools(PluginSettings(tmp_path)) == []
