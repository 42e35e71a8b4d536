"""The doctor says of every part what is here, what would be used, and why; it survives anything."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
from pathlib import Path

import pytest

from hocket import __version__
from hocket.cli import main
from hocket.cli.doctor.finding import Finding

ACME = """
from hocket.api.markers import hookimpl
from hocket.scripts.python import PythonHost


class Part:
    def __init__(self, name):
        self.name = name


@hookimpl
def hocket_register_backends(settings):
    return [Part("simulate")]


@hookimpl
def hocket_register_script_hosts():
    return [PythonHost()]


@hookimpl
def hocket_choose_router(settings):
    return Part("acme_router")


@hookimpl
def hocket_choose_executor(settings):
    return Part("acme_executor")


@hookimpl
def hocket_choose_store(settings):
    return Part(settings.choices.get("store", "acme_store"))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a plugin of every part, and block those that happen to be here."""
    here = tmp_path / "project"
    (here / ".hocket").mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HOCKET_BACKEND", "HOCKET_STORE"):
        monkeypatch.delenv(name, raising=False)
    names = [point.name for point in importlib.metadata.entry_points(group="hocket")]
    (tmp_path / "config").mkdir()
    block = f"[plugins]\nblock = {json.dumps(names)}\n"
    (tmp_path / "config" / "config.toml").write_text(block, "utf-8")
    install(tmp_path / "site", monkeypatch, "acme", ACME)
    return here


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    """Put a plugin package where Python finds it, as pip would."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[hocket]\n{name} = {name}\n", "utf-8")
    (folder / f"{name}.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, name, raising=False)


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Let PATH hold these programs and nothing else."""
    folder.mkdir()
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def findings(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Finding]:
    """Run the doctor and give its last finding for each part."""
    assert main(["doctor", "--json", *args]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["command"]) == (1, "doctor")
    return {each["part"]: Finding(**each) for each in answer["findings"]}


def test_every_part_has_its_line(project: Path, capsys: pytest.CaptureFixture[str]):
    found = findings(capsys)
    assert list(found) == [
        "hocket",
        "python",
        "git",
        "sandbox",
        "plugins",
        "settings",
        "backend",
        "scripts",
        "router",
        "executor",
        "store",
        "runs",
    ]
    assert found["hocket"].which == __version__
    assert found["plugins"].which == "1 loaded"
    assert found["backend"] == Finding("backend", "simulate", "chosen", "no backend was named")
    assert found["scripts"].which == "python (.py)"
    assert found["router"] == Finding("router", "acme_router", "chosen", "no router was named")
    assert found["runs"] == Finding("runs", ".hocket/runs", "missing", "the first run makes it")


def test_a_pipe_gets_a_row_for_each_line(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["doctor"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {len(row) for row in rows} == {4}
    assert ["backend", "simulate", "chosen", "no backend was named"] in rows


def test_what_was_named_is_chosen_and_it_says_where(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HOCKET_STORE", "postgres")
    (project / ".hocket" / "config.toml").write_text('backend = "simulate"\n', "utf-8")
    (project / ".hocket" / "runs").mkdir()
    found = findings(capsys)
    assert found["store"] == Finding("store", "postgres", "chosen", "named by HOCKET_STORE")
    assert found["backend"].why == "named by .hocket/config.toml"
    assert found["runs"].state == "found"
    assert "HOCKET_STORE" in found["settings"].which


def offer(project: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the plugin offer these backends instead."""
    parts = ", ".join(f"Part({name!r})" for name in names)
    changed = ACME.replace('Part("simulate")', parts) + "# changed\n" * len(names)
    (project.parent / "site" / "acme.py").write_text(changed, "utf-8")
    monkeypatch.delitem(sys.modules, "acme", raising=False)


@pytest.mark.parametrize(
    ("here", "named", "states"),
    [
        (("replay", "simulate"), "", {"simulate": "chosen", "replay": "found"}),
        (("acme", "simulate"), "", {"simulate": "chosen", "acme": "found"}),
        (("acme", "simulate"), "acme", {"acme": "chosen", "simulate": "found"}),
        (("acme",), "gone", {"": "missing", "acme": "found"}),
        ((), "", {"": "missing"}),
    ],
)
def test_each_backend_has_its_line_and_the_one_that_a_run_takes_is_chosen(
    here: tuple[str, ...],
    named: str,
    states: dict[str, str],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    offer(project, monkeypatch, *here)
    monkeypatch.setenv("HOCKET_BACKEND", named)
    main(["doctor", "--json"])
    found = [Finding(**each) for each in json.loads(capsys.readouterr().out)["findings"]]
    lines = [each for each in found if each.part == "backend"]
    assert {each.which: each.state for each in lines} == states
    assert all(each.why for each in lines)


def test_a_model_can_be_required(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    offer(project, monkeypatch, "acme", "simulate")
    monkeypatch.setenv("HOCKET_BACKEND", "acme")
    assert main(["doctor", "--require-model", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["backend"], answer["has_model"]) == ("acme", True)

    monkeypatch.delenv("HOCKET_BACKEND")
    assert main(["doctor", "--require-model", "--json"]) == 1
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["backend"], answer["has_model"]) == ("simulate", False)
    assert answer["error"]["code"] == "failed"
    assert answer["findings"]
    assert "the backend would be 'simulate', which asks no model" in err


def test_a_broken_plugin_or_setting_is_a_line_and_no_end(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (project / ".hocket" / "config.toml").write_text("buget_usd = 5\n", "utf-8")
    settings = findings(capsys)["settings"]
    assert settings.state == "broken"
    assert settings.why.startswith(".hocket/config.toml:1: ")

    install(project.parent / "more", monkeypatch, "acme_broken", "1 / 0")
    found = findings(capsys)
    assert found["plugins"].state == "broken"
    assert "acme_broken" in found["plugins"].why
    assert found["runs"].part == "runs"

    assert main(["doctor", "--require-model"]) == 1
    assert "hocket: doctor: no backend" in capsys.readouterr().err


def test_a_part_that_nobody_offers_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    source = "from hocket.api.markers import hookimpl\n"
    (project.parent / "site" / "acme.py").write_text(source, "utf-8")
    found = findings(capsys)
    assert [found[part].state for part in ("router", "executor", "store")] == ["missing"] * 3
    assert found["backend"].state == "missing"


def test_a_setting_that_does_not_hold_is_noted(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / ".hocket" / "config.toml").write_text("max_agents = 2000\n", "utf-8")
    settings = findings(capsys)["settings"]
    assert "max_agents" in settings.why


def test_git_and_sandbox_are_tried_and_not_only_looked_for(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = project.parent / "bin"
    programs(folder, monkeypatch, git="echo git version 2.99", bwrap="exit 0")
    found = findings(capsys)
    assert (found["git"].which, found["git"].state) == ("2.99", "found")
    assert found["sandbox"].state == "found"


def test_programs_that_fail_are_broken_and_say_why(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    denied = 'echo "warning\nNo permission to create a namespace" >&2; exit 1'
    programs(project.parent / "bin", monkeypatch, git="exit 3", bwrap=denied)
    found = findings(capsys)
    assert found["git"].state == "broken"
    assert found["git"].why == "it failed and does not say why"
    assert found["sandbox"].why == "No permission to create a namespace"


def test_programs_that_are_missing_or_cannot_start(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    programs(project.parent / "bin", monkeypatch)
    found = findings(capsys)
    assert [found[part].state for part in ("git", "sandbox")] == ["missing", "missing"]

    bad = project.parent / "bin" / "git"
    bad.write_bytes(b"\x7fELF no program")
    bad.chmod(0o755)
    assert "Exec format error" in findings(capsys)["git"].why


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
def test_the_real_sandbox_gets_a_clear_answer(project: Path, capsys: pytest.CaptureFixture[str]):
    sandbox = findings(capsys)["sandbox"]
    assert sandbox.state in {"found", "broken"}
    assert sandbox.why


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder closed to all")
def test_a_folder_that_cannot_be_written_is_broken(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir("/proc/self")
    assert findings(capsys)["runs"].state == "broken"
