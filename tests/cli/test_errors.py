"""Every error ends as two lines for a person, an object for a program, and an exit code."""

from __future__ import annotations

import errno
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import pytest

from hocket import errors
from hocket.cli._errors import guard
from hocket.errors import (
    HocketError,
    NameClash,
    NoSolution,
    PackageRefused,
    RefusedError,
    RunStopped,
    RunSuspended,
    ScriptRejected,
    UnknownSetting,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = "Nothing was started."


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def action() -> NoReturn:
        raise error

    return action


class Full(io.StringIO):
    """A stream that takes everything and can pass nothing on."""

    def __init__(self, reason: int) -> None:
        super().__init__()
        self.reason = reason

    def flush(self) -> None:
        raise OSError(self.reason, "cannot")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (HocketError("x", found="y"), 1),
        (UnknownSetting("x", found="y"), 2),
        (NameClash("x", found="y"), 3),
        (RefusedError("x", found="y"), 4),
        (RunSuspended("x", found="y"), 75),
        (RunStopped("x", found="y"), 130),
    ],
)
def test_an_expected_error_has_the_exit_code_of_its_class(
    error: HocketError, code: int, capsys: pytest.CaptureFixture[str]
):
    assert guard(raising(error), as_json=False) == code
    assert capsys.readouterr() == ("", "hocket: x: y.\n")


def test_every_class_of_the_tree_is_told_by_its_own_code():
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    made = {
        ScriptRejected: lambda: ScriptRejected("x", ["y"]),
        PackageRefused: lambda: PackageRefused("x", ["y"], "tree"),
    }
    for each in classes:
        error = made.get(each, lambda each=each: each("x", found="y"))()
        with redirect_stderr(io.StringIO()) as told:
            assert guard(raising(error), as_json=False) == each.exit_code
        assert told.getvalue().startswith("hocket: ")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PackageRefused("x", ["one", "two\nhocket: three"], "tree", ""),
            ["x: one", "x: two\\nhoc"],
        ),
        (NoSolution("x", found="y", chains=("a needs b", "c needs b")), ["x: y.", "  a needs b"]),
    ],
)
def test_several_lines_are_lines_and_none_of_them_is_foreign(error, told, capsys):
    guard(raising(error), as_json=False)
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("hocket: ") for line in lines)
    for line, start in zip(lines, told, strict=False):
        assert line.removeprefix("hocket: ").startswith(start)


def test_an_error_says_who_what_expected_and_what_to_do(capsys: pytest.CaptureFixture[str]):
    error = UnknownSetting(
        ".hocket/config.toml:7",
        found="the key 'buget_usd' is unknown",
        expected="one of budget_usd, concurrency",
        hint=f"Did you mean 'budget_usd'?\n{NOTHING}",
    )
    assert guard(raising(error), as_json=False) == 2
    assert capsys.readouterr().err == (
        "hocket: .hocket/config.toml:7: the key 'buget_usd' is unknown; "
        "expected one of budget_usd, concurrency.\n"
        "  Did you mean 'budget_usd'?\n"
        "  Nothing was started.\n"
    )


def test_json_has_the_same_error_and_people_still_read_theirs(capsys: pytest.CaptureFixture[str]):
    assert guard(raising(RefusedError("run", found="no", hint="ask")), as_json=True) == 4
    out, err = capsys.readouterr()
    told = {"code": "consent", "message": "run: no.", "hint": "ask"}
    assert json.loads(out) == {"schema": 1, "error": told}
    assert err == "hocket: run: no.\n  ask\n"


def test_a_rejected_script_prints_every_finding_on_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
):
    findings = ["a.py:1:2: S05 import os", "a.py:14:21: S19 no option \x1b[31m'modle'"]
    error = ScriptRejected("a.py", findings, hint="Nothing ran, nothing was spent.")
    assert guard(raising(error), as_json=False) == 2
    assert capsys.readouterr().err == (
        "hocket: a.py:1:2: S05 import os\n"
        "hocket: a.py:14:21: S19 no option \\x1b[31m'modle'\n"
        "  Nothing ran, nothing was spent.\n"
    )


def test_foreign_words_in_an_error_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]):
    guard(raising(HocketError("a\nhocket: fine", found="\u202e")), as_json=False)
    assert capsys.readouterr().err == "hocket: a\\nhocket: fine: \\u202e.\n"


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), click.Abort()])
def test_ctrl_c_is_130(interruption: BaseException, capsys: pytest.CaptureFixture[str]):
    assert guard(raising(interruption), as_json=False) == 130
    assert capsys.readouterr().err == "hocket: the command: stopped from the keyboard.\n"


def test_a_bug_keeps_its_traceback_and_asks_for_a_report(capsys: pytest.CaptureFixture[str]):
    assert guard(raising(KeyError("sur\x1bprise")), as_json=True) == 70
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "bug"
    assert err.startswith("Traceback (most recent call last):\n")
    assert "KeyError: 'sur\\x1bprise'\nhocket: internal error: KeyError.\n  A bug" in err


def test_an_os_error_that_nobody_expected_is_a_bug(capsys: pytest.CaptureFixture[str]):
    assert guard(raising(FileNotFoundError(errno.ENOENT, "no", "x")), as_json=False) == 70
    assert "FileNotFoundError" in capsys.readouterr().err


def test_a_bug_is_still_told_by_its_code_when_stderr_is_full():
    with redirect_stderr(Full(errno.ENOSPC)):
        assert guard(raising(KeyError()), as_json=False) == 70


def test_a_click_error_of_no_option_and_no_command_is_usage(capsys: pytest.CaptureFixture[str]):
    assert guard(raising(click.FileError("x.toml", "locked")), as_json=False) == 2
    assert capsys.readouterr().err == (
        "hocket: the command line: Could not open file 'x.toml': locked.\n  Help: hocket --help\n"
    )
    assert guard(raising(click.UsageError("too much")), as_json=False) == 2
    assert capsys.readouterr().err == (
        "hocket: the command line: too much.\n  Help: hocket --help\n"
    )
    assert guard(raising(click.NoSuchOption("--x")), as_json=False) == 2
    assert capsys.readouterr().err.startswith("hocket: the command line: there is no option '--x'")


def test_a_reader_that_leaves_ends_it_quietly(capsys: pytest.CaptureFixture[str]):
    with redirect_stdout(Full(errno.EPIPE)):
        assert guard(lambda: click.echo("more"), as_json=False) == 141
        assert guard(lambda: None, as_json=False) == 141
    assert capsys.readouterr().err == ""


def test_an_answer_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str]):
    with redirect_stdout(Full(errno.ENOSPC)):
        assert guard(lambda: click.echo("more"), as_json=False) == 1
    assert capsys.readouterr().err == "hocket: stdout: the answer could not be written (cannot).\n"


def test_a_stream_that_knows_few_characters_shows_an_escape():
    raw = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(raw, "ascii")) as stream:
        assert guard(lambda: print("→", file=stream), as_json=False) == 0
        assert raw.getvalue() == b"\\u2192\n"


def test_only_the_guard_decides_about_exit_codes():
    source = Path(sys.modules["hocket.cli"].__file__ or "").parent
    calls = [path.name for path in source.glob("*.py") if "sys.exit" in path.read_text("utf-8")]
    assert calls == []
