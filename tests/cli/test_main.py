"""The door of the command line: which command is meant, what help costs, and odd surroundings."""

from __future__ import annotations

import importlib.metadata
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hocket import __version__
from hocket.cli import main
from hocket.cli._group import COMMANDS, root

MARCH = '''
import click

from hocket.api.markers import hookimpl


@hookimpl
def hocket_register_commands(group):
    @group.command()
    @click.argument("word")
    def march(word):
        """March."""
        print(word)
'''
LOADED = """
import sys
from hocket.cli import main
code = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
print(*sorted(name for name in sys.modules if name.startswith("hocket.")), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with nobody's settings and without the plugins that happen to be here."""
    here = tmp_path / "project"
    (here / ".hocket").mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOCKET_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "config").mkdir()
    names = [point.name for point in importlib.metadata.entry_points(group="hocket")]
    block = f"[plugins]\nblock = {json.dumps(names)}\n"
    (tmp_path / "config" / "config.toml").write_text(block, "utf-8")
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


def child(*args: str, env: dict[str, str] | None = None, **streams: int) -> tuple[int, str, str]:
    """Start hocket as a shell does."""
    command = [sys.executable, "-m", "hocket", *args]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    ended = subprocess.run(
        command, env=env, encoding="utf-8", check=False, timeout=20, **{**pipes, **streams}
    )
    return ended.returncode, ended.stdout, ended.stderr


def modules(*args: str) -> set[str]:
    """Run a command line in a fresh Python and give what was imported."""
    command = [sys.executable, "-c", LOADED, *args]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=20)
    return set(ended.stderr.split())


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]):
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"hocket {__version__}\n", "")


def test_the_version_says_the_same_on_the_long_way(capsys: pytest.CaptureFixture[str]):
    assert main(["--version", "runs"]) == 0
    assert capsys.readouterr() == (f"hocket {__version__}\n", "")


def test_the_version_imports_next_to_nothing():
    loaded = modules("--version")
    assert not loaded & {"click", "pydantic", "asyncio", "rich", "pluggy", "importlib"} - {
        "importlib"
    }
    assert {name for name in loaded if name.startswith("hocket.")} == {"hocket.cli"}


def test_help_imports_no_command_and_nothing_heavy():
    loaded = modules("--help")
    heavy = {
        "pydantic",
        "asyncio",
        "rich",
        "pluggy",
        "anthropic",
        "aiohttp",
        "jsonschema",
        "httpx2",
    }
    assert not loaded & heavy
    commands = {command.target.partition(":")[0] for command in COMMANDS.values()}
    assert not loaded & (commands | {"hocket.host", "hocket.config", "hocket.launch"})


def test_help_lists_every_command_in_order(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = lines[lines.index("Commands:") + 1 :][: len(COMMANDS)]
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    for line, command in zip(listed, COMMANDS.values(), strict=True):
        assert line.endswith(command.summary)
        assert len(line) <= 80


@pytest.mark.parametrize("args", [[], ["-h"]])
def test_no_words_at_all_ask_for_help(args: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(args) == 0
    short = capsys.readouterr()
    main(["--help"])
    assert short == capsys.readouterr()


@pytest.mark.parametrize("name", ["init", "doctor", "plugins", "completion"])
def test_the_line_in_the_help_is_the_first_line_of_the_command(name: str):
    group = root()
    with group.make_context("hocket", [name]) as context:
        command = group.get_command(context, name)
        assert group.list_commands(context) == list(COMMANDS)
    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name].summary


def test_an_unknown_command_names_the_nearest_three(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["rnu"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "hocket: the command line: there is no command 'rnu'; expected one of run, runs, trust.\n"
        "  Did you mean 'run'? All commands: hocket --help\n"
    )


def test_what_looks_like_a_script_or_a_workflow_is_told_how_to_run_it(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["audit.py"]) == 2
    assert "A script is run by: hocket run audit.py" in capsys.readouterr().err
    assert main(["zzz"]) == 2
    assert "A saved workflow: hocket /zzz" in capsys.readouterr().err


def test_a_usage_error_is_json_when_that_was_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["zzz", "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == 1
    assert answer["error"]["code"] == "usage"


def test_an_unknown_option_names_those_there_are(capsys: pytest.CaptureFixture[str]):
    assert main(["doctor", "--jsn"]) == 2
    assert capsys.readouterr().err == (
        "hocket: doctor: there is no option '--jsn'; expected one of "
        "--require-model, --probe, --json, --help.\n"
        "  Did you mean '--json'? Help: hocket doctor --help\n"
    )
    assert main(["--zzz"]) == 2
    assert capsys.readouterr().err == (
        "hocket: the command line: there is no option '--zzz'; "
        "expected one of --version, --help.\n  Help: hocket --help\n"
    )


def test_a_slash_name_is_the_short_form_of_run():
    group = root()
    with group.make_context("hocket", ["/audit", "src", "--json"]) as context:
        context.resilient_parsing = True
        group.table = {"run": COMMANDS["doctor"]}
        name, command, args = group.resolve_command(context, ["/audit", "src", "--json"])
    assert (name, args) == ("run", ["/audit", "src", "--json"])
    assert command is not None


def test_a_workflow_that_nobody_saved_is_a_usage_error_of_run(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["/nobody-saved-this", "words"]) in {2, 3}
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_that_was_deleted_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    gone = project / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for args in (["init"], ["doctor"], ["plugins", "list"]):
        assert main(args) == 2
        err = capsys.readouterr().err
        assert err == "hocket: the current folder: it was deleted.\n  Go to another one.\n"


def test_a_real_terminal_gets_a_table_in_colour_and_a_hint(project: Path):
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", "PYTHONUNBUFFERED": ""}
    env.pop("NO_COLOR", None)
    code, _, err = child("plugins", "list", env=env, stdout=theirs)
    os.close(theirs)
    screen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert code == 0
    head = re.sub(r"\x1b\[[0-9;]*m", "", screen).splitlines()[0]
    assert head.split() == ["plugin", "state", "package", "offers"]
    assert "\x1b[33mblocked" in screen
    assert err == "\nMore about one: hocket plugins show PLUGIN\n"


def test_a_plugin_adds_a_command(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(project.parent / "site", monkeypatch, "acme_march", MARCH)
    assert main(["march", "left"]) == 0
    assert capsys.readouterr() == ("left\n", "")
    assert main(["march", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: hocket march [OPTIONS] WORD\n")


def test_a_plugin_cannot_take_a_command_of_hocket(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(project.parent / "site", monkeypatch, "acme_runs", MARCH.replace("march", "runs"))
    assert main(["zzz"]) == 3
    error = capsys.readouterr().err
    assert "'runs'" in error
    assert "acme_runs" in error


def test_a_plugin_that_is_broken_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    install(project.parent / "site", monkeypatch, "acme_broken", "1 / 0")
    assert main(["zzz"]) == 3
    assert "plugin 'acme_broken'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "20"},
    ],
)
def test_help_needs_neither_home_nor_terminal_nor_locale(env: dict[str, str]):
    code, out, err = child("--help", env={"PATH": os.defpath, **env})
    assert (code, err) == (0, "")
    assert out.startswith("Usage: hocket")


def test_a_person_without_a_home_is_told_in_one_line_or_served(tmp_path: Path):
    env = {"PATH": os.defpath, "LANG": "C"}
    code, out, err = child("plugins", "list", "--json", env=env)
    assert code == 0 or err.startswith("hocket: "), err
    assert "Traceback" not in err
    assert json.loads(out)["schema"] == 1


@pytest.mark.parametrize(
    "args", ["--version", "--help", "completion bash", "completion csh --json"]
)
def test_a_closed_stdout_or_stderr_is_no_reason_to_complain(args: str):
    for closed in (">&-", "2>&-", ">&- 2>&- <&-"):
        command = f"exec '{sys.executable}' -m hocket {args} {closed}"
        ended = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, encoding="utf-8", check=False
        )
        assert ended.returncode == (2 if "csh" in args else 0)
        assert "Traceback" not in ended.stderr
        assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("args", [["--version"], ["--help"], ["completion", "bash"]])
def test_a_reader_that_left_is_no_reason_to_complain(args: list[str], unbuffered: str):
    reading, writing = os.pipe()
    os.close(reading)
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    code, _, err = child(*args, env=env, stdout=writing)
    os.close(writing)
    assert (code, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("args", [["--version"], ["completion", "bash"]])
def test_a_full_disk_is_said(args: list[str], unbuffered: str):
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        code, _, err = child(*args, env=env, stdout=full.fileno())
    assert code == 1
    assert err == ("hocket: stdout: the answer could not be written (No space left on device).\n")
