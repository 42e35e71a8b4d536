"""A shell asks hocket what can be typed next, and nothing heavy is loaded for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hocket.cli import main
from hocket.cli._group import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path


def complete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> list[str]:
    """Ask as bash does after Tab at the end of the line."""
    words = line.split(" ")
    monkeypatch.setenv("_HOCKET_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    return [answer.partition(",")[2] for answer in capsys.readouterr().out.splitlines() if answer]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("hocket ", list(COMMANDS)),
        ("hocket ru", ["run", "runs"]),
        ("hocket --v", ["--version"]),
        ("hocket zzz", []),
        ("hocket zzz ", list(COMMANDS)),
        ("hocket plugins ", ["list", "show"]),
        ("hocket doctor --", ["--require-model", "--probe", "--json", "--help"]),
        ("hocket completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_tab_offers_what_can_come_next(
    line: str,
    answers: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert complete(monkeypatch, capsys, line) == answers


def test_a_shell_nobody_knows_gets_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("_HOCKET_COMPLETE", "csh_complete")
    assert main([]) == 1
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_hocket_again(shell: str, capsys: pytest.CaptureFixture[str]):
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert f"_HOCKET_COMPLETE={shell}_complete" in out
    assert err == ""

    assert main(["completion", shell, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "schema": 1,
        "command": "completion",
        "shell": shell,
        "script": out.removesuffix("\n"),
    }


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["completion"], "Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish."),
        (["completion", "csh"], "'csh' is not one of 'bash', 'zsh', 'fish'."),
    ],
)
def test_only_shells_that_are_known(
    args: list[str], found: str, capsys: pytest.CaptureFixture[str]
):
    assert main(args) == 2
    assert found in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_a_real_bash_completes(tmp_path: Path):
    program = tmp_path / "hocket"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hocket "$@"\n', "utf-8")
    program.chmod(0o755)
    script = f"""
        PATH="{tmp_path}:$PATH"
        eval "$(hocket completion bash)"
        COMP_WORDS=(hocket plugins s) COMP_CWORD=2
        $(complete -p hocket | sed 's/.*-F \\([^ ]*\\).*/\\1/') hocket
        echo "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", script],  # noqa: S607
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=20,
    )
    assert (ended.stdout, ended.stderr) == ("show\n", "")
