"""What is written is true: tables, versions, settings, and the code in the READMEs."""

from __future__ import annotations

import asyncio
import inspect
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

import hocket
from hocket.config import load
from hocket.config.settings import PluginChoices, Settings
from hocket.host import PluginHost
from hocket.host.plugins import installed
from hocket.testing.patterns import fails, run_pattern

READMES = ("README.md", "core/README.md", "plugins/README.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(checkout, name, language):
    """Give the code blocks of one language in a README, in order."""
    text = (checkout.root / name).read_text("utf-8")
    return [body for kind, body in BLOCK.findall(text) if kind == language]


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """Import what a README says is saved as a file."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("hocket_by_length", None)


@pytest.mark.parametrize("name", [*READMES, "core/SETTINGS.md"])
def test_the_tables_are_what_the_code_says(name, checkout):
    assert not checkout.docs.is_stale(checkout.root / name), "python tests/docs.py"


def test_a_stale_table_is_noticed_and_written_again(checkout, tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- hooks -->\n| old |\n<!-- /hooks -->\nafter\n")
    assert checkout.docs.is_stale(path)
    path.write_text(checkout.docs.filled(path.read_text()))
    assert not checkout.docs.is_stale(path)
    text = path.read_text()
    assert "| `hocket_choose_approver(settings, interactive)` | Choose who answers" in text
    assert (text.split("\n")[0], text.split("\n")[-2]) == ("before", "after")


def test_every_command_is_in_the_table_of_commands(checkout):
    rows = [row[0] for row in checkout.docs.commands()]
    assert any(row.startswith("`hocket run ") for row in rows)
    assert any(row.startswith("`hocket plugins list") for row in rows)


@pytest.mark.parametrize("model", [Settings, PluginChoices])
def test_every_setting_of_hocket_has_a_text(model, checkout):
    assert set(checkout.docs.field_docs(model)) == set(model.model_fields)


def test_every_setting_of_a_plugin_has_a_text_and_a_default(checkout):
    for section, model in PluginHost.load().settings_models().items():
        assert set(checkout.docs.field_docs(model)) == set(model.model_fields), section
        assert inspect.getdoc(model), section
        model()


def test_the_versions_are_the_same(checkout):
    version = checkout.pyproject["project"]["version"]
    changelog = (checkout.root / "CHANGELOG.md").read_text("utf-8")
    assert hocket.__version__ == version
    assert re.search(r"^## (\d\S*)", changelog, re.MULTILINE)[1] == version


def test_the_changelog_has_known_sections_only(checkout):
    changelog = (checkout.root / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## (.*)", changelog, re.MULTILINE)[1] == "Unreleased"
    sections = set(re.findall(r"^### (.*)", changelog, re.MULTILINE))
    assert sections <= {"Added", "Changed", "Fixed", "Removed"}


def test_the_registry_is_valid(checkout):
    text = (checkout.root / "registry.toml").read_text("utf-8")
    registry = tomllib.loads(text)
    assert (registry["schema"], registry["name"]) == (1, "core")
    assert registry["serial"] >= 1
    assert registry["description"]
    assert registry["updated"].tzinfo is not None
    known = {"schema", "name", "description", "owner", "serial", "updated", "expires", "package"}
    assert set(registry) <= known | {"allow-dependencies-from", "include", "trust", "renames"}


def test_the_first_plugin_has_11_lines_and_works(checkout, beside):
    first, _, testing = blocks(checkout, "plugins/README.md", "python")
    assert len([line for line in first.splitlines() if line.strip()]) == 11
    (beside / "hocket_by_length.py").write_text(first)
    spoken = {}
    exec(compile(testing, "plugins/README.md", "exec"), spoken)  # noqa: S102
    module = sys.modules["hocket_by_length"]
    others = [point.name for point in installed()]
    host = PluginHost.load(blocked=others, extra={"by_length": module})
    settings = spoken["settings"]
    router = host.router(settings)
    assert router.name == "by_length"
    assert asyncio.run(router.route(spoken["call"])).model == "small"


def test_the_pattern_of_the_readme_works(checkout):
    _, text, _ = blocks(checkout, "plugins/README.md", "python")
    spoken = {}
    exec(compile(text, "plugins/README.md", "exec"), spoken)  # noqa: S102
    (poll,) = spoken["hocket_register_patterns"]()
    replies = iter(["yes", fails(), "no", "yes", "yes"])

    played = run_pattern(poll, {"question": "Is it?", "voters": 4}, lambda _ask: next(replies))

    assert played.result["answer"] == "yes"
    assert (played.result["votes"], played.result["calls"]) == ({"yes": 3, "no": 1}, 5)
    assert played.asks[0].options == {"role": "vote"}


def test_the_package_of_the_first_plugin_names_its_module(checkout):
    (package,) = blocks(checkout, "plugins/README.md", "toml")
    points = tomllib.loads(package)["project"]["entry-points"]["hocket"]
    assert points == {"by_length": "hocket_by_length"}


@pytest.mark.parametrize("name", ["README.md", "core/README.md"])
def test_settings_in_a_readme_are_accepted(name, checkout, tmp_path):
    (tmp_path / ".hocket").mkdir()
    models = PluginHost.load().settings_models()
    for block in blocks(checkout, name, "toml"):
        (tmp_path / ".hocket" / "config.toml").write_text(block)
        load(tmp_path, flags={}, env={"HOCKET_CONFIG_HOME": str(tmp_path)}, models=models)


@pytest.mark.parametrize("name", READMES)
def test_scripts_in_a_readme_pass_the_checks(name, checkout):
    host = PluginHost.load().script_hosts()[".py"]
    patterns = list(PluginHost.load().patterns().values())
    for block in blocks(checkout, name, "python"):
        if "hocket.script" in block:
            script = host.read(block, "README.py")
            assert [one for one in host.check(script, patterns) if not one.warning] == []
        else:
            compile(block, name, "exec")


@pytest.mark.parametrize("name", READMES)
def test_commands_in_a_readme_run(name, checkout, tmp_path):
    """Run the `hocket …` lines of `sh` blocks one after another in one new folder."""
    home = {"HOCKET_CONFIG_HOME": str(tmp_path / "c"), "HOCKET_DATA_HOME": str(tmp_path / "d")}
    lines = [line for block in blocks(checkout, name, "sh") for line in block.splitlines()]
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["hocket"]:
            ended = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=tmp_path,
                env={**home, "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ended.returncode == 0, f"{line}\n{ended.stderr}"
