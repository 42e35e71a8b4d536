"""What is installed can be listed and looked into, the blocked plugins too."""

from __future__ import annotations

import importlib.metadata
import io
import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest

from hocket.cli import main

if TYPE_CHECKING:
    from pathlib import Path

LISTENER = '''
from hocket.api.markers import hookimpl


@hookimpl
def hocket_register_patterns():
    return ()


@hookimpl
def hocket_choose_store(settings):
    return None


@hookimpl
def hocket_event(event):
    """Hear it."""
'''


class Terminal(io.StringIO):
    """A stdout that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project that blocks every plugin that happens to be here, and a folder for others."""
    (tmp_path / "project" / ".hocket").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    names = [point.name for point in importlib.metadata.entry_points(group="hocket")]
    block = f"[plugins]\nblock = {json.dumps(names)}\n"
    # The person's own settings: a project's cannot block a policy.
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(block, "utf-8")
    return tmp_path / "site"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    """Put a plugin package where Python finds it, as pip would."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[hocket]\n{name} = {name}\n", "utf-8")
    (folder / f"{name}.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, name, raising=False)


def test_the_list_has_a_row_for_each_plugin(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_ear", LISTENER)
    assert main(["plugins", "list"]) == 0
    out, err = capsys.readouterr()
    rows = [line.split("\t") for line in out.splitlines()]
    assert rows[-1] == ["acme_ear", "loaded", "acme_ear 1.2", "patterns, store, event"]
    assert {row[1] for row in rows[:-1]} == {"blocked"}
    assert all(row[2].startswith("hocket ") for row in rows[:-1])
    assert err == ""


def test_the_list_as_json(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_ear", LISTENER)
    assert main(["plugins", "list", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["command"]) == (1, "plugins list")
    assert answer["plugins"][-1] == {
        "name": "acme_ear",
        "package": "acme_ear",
        "version": "1.2",
        "state": "loaded",
        "hooks": ["hocket_register_patterns", "hocket_choose_store", "hocket_event"],
    }


def test_a_person_gets_a_table_and_the_next_command(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_ear", LISTENER)
    with redirect_stdout(Terminal()) as screen:
        assert main(["plugins", "list"]) == 0
    assert screen.getvalue().split()[:4] == ["plugin", "state", "package", "offers"]
    assert capsys.readouterr().err == "\nMore about one: hocket plugins show PLUGIN\n"


def test_one_plugin_is_shown_hook_by_hook(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_ear", LISTENER)
    with redirect_stdout(Terminal()) as screen:
        assert main(["plugins", "show", "acme_ear"]) == 0
    assert [line.split(maxsplit=1)[0] for line in screen.getvalue().splitlines()] == [
        "plugin",
        "package",
        "state",
        "patterns",
        "store",
        "event",
    ]
    assert "Hear everything, in order" in screen.getvalue()
    assert 'block = ["acme_ear"]' in capsys.readouterr().err

    assert main(["plugins", "show", "acme_ear", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hooks"][-1] == "hocket_event"


def test_a_blocked_plugin_is_shown_and_never_imported(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_bomb", "raise SystemExit('imported')")
    config = site.parent / "config" / "config.toml"
    config.write_text(config.read_text("utf-8").replace("= [", '= ["acme_bomb", '), "utf-8")
    with redirect_stdout(Terminal()) as screen:
        assert main(["plugins", "show", "acme_bomb"]) == 0
    assert "blocked" in screen.getvalue()
    assert capsys.readouterr().err == ""


def test_a_plugin_nobody_has_is_a_usage_error(site: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["plugins", "show", "views.progres"]) == 2
    err = capsys.readouterr().err
    assert "there is no plugin 'views.progres'; expected one of views.progress, " in err
    assert "hocket plugins list" in err


def test_a_broken_plugin_is_a_structure_error_that_says_how_to_go_on(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(site, monkeypatch, "acme_broken", "1 / 0")
    assert main(["plugins", "list", "--json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "structure"
    assert "plugin 'acme_broken'" in err
    assert 'block = ["acme_broken"]' in err


def test_the_group_alone_gives_its_help(capsys: pytest.CaptureFixture[str]):
    assert main(["plugins"]) == 0
    assert capsys.readouterr().out.startswith("Usage: hocket plugins [OPTIONS] COMMAND")
