"""One answer, in the form of whoever reads it: a person, a pipe, or a program."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import click
import pytest

from hocket.cli._errors import guard
from hocket.cli._output import emit, json_option, suggest, table, tell, wants_json, write
from hocket.errors import RunFailed

LONG = "a path that is far too long for one line of a narrow terminal " * 3
ROWS = [
    ("4f2a", "completed", "12,400", "[red]audit[/red]"),
    ("9c41", "failed", "7", "tab\tand\x1b[2Jclear"),
]


class Terminal(io.StringIO):
    """A stdout that a person looks at."""

    def isatty(self) -> bool:
        return True


@click.command()
@click.option("--fail", is_flag=True)
@json_option
def census(*, fail: bool) -> None:
    failure = RunFailed("run 4f2a", found="2 of 9 calls failed", hint="hocket resume 4f2a")
    emit("census", {"ok": 7}, lambda: write("ok 7"), failure=failure if fail else None)


def run(*args: str) -> int:
    def action() -> None:
        with census.make_context("census", list(args)) as context:
            census.invoke(context)

    return guard(action, as_json=wants_json(args))


def drawn(monkeypatch: pytest.MonkeyPatch, columns: int = 80, **env: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", "COLUMNS": str(columns), **env}.items():
        monkeypatch.setenv(name, value)
    with redirect_stdout(Terminal()) as screen:
        table(("run", "state", "tokens", "workflow"), ROWS, right=("tokens",))
    return screen.getvalue()


def test_a_person_gets_text(capsys: pytest.CaptureFixture[str]):
    assert run() == 0
    assert capsys.readouterr() == ("ok 7\n", "")


def test_json_is_one_object_with_its_schema_and_command(capsys: pytest.CaptureFixture[str]):
    assert run("--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"schema": 1, "command": "census", "ok": 7}
    assert (out.count("\n"), err) == (1, "")


def test_an_answer_may_say_that_it_failed(capsys: pytest.CaptureFixture[str]):
    told = "hocket: run 4f2a: 2 of 9 calls failed.\n  hocket resume 4f2a\n"
    assert run("--fail") == 1
    assert capsys.readouterr() == ("ok 7\n", told)

    assert run("--fail", "--json") == 1
    out, err = capsys.readouterr()
    error = {
        "code": "failed",
        "message": "run 4f2a: 2 of 9 calls failed.",
        "hint": "hocket resume 4f2a",
    }
    assert json.loads(out) == {"schema": 1, "command": "census", "ok": 7, "error": error}
    assert err == told


def test_json_is_ascii_so_no_terminal_obeys_it(capsys: pytest.CaptureFixture[str]):
    @click.command()
    @json_option
    def said() -> None:
        emit("said", {"text": "\x1b[2J\u202e ü \x9b"}, lambda: None)

    with said.make_context("said", ["--json"]) as context:
        said.invoke(context)
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out)["text"] == "\x1b[2J\u202e ü \x9b"


def test_only_options_ask_for_json():
    assert wants_json(["runs", "--json"])
    assert not wants_json(["run", "x.py", "--", "--json"])
    assert not wants_json([])


def test_a_pipe_gets_whole_rows_between_tabs_without_a_head(capsys: pytest.CaptureFixture[str]):
    table(("run", "state", "tokens", "workflow"), [*ROWS, ("1", "ok", "2", LONG)])
    suggest("a hint for people")
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "4f2a\tcompleted\t12,400\t[red]audit[/red]",
        "9c41\tfailed\t7\ttab\\tand\\x1b[2Jclear",
        f"1\tok\t2\t{LONG}",
    ]


def test_a_terminal_gets_an_aligned_table_where_words_in_brackets_stay(
    monkeypatch: pytest.MonkeyPatch,
):
    lines = [line.rstrip() for line in drawn(monkeypatch, NO_COLOR="1").splitlines()]
    assert lines == [
        "run   state      tokens  workflow",
        "4f2a  completed  12,400  [red]audit[/red]",
        "9c41  failed          7  tab\\tand\\x1b[2Jclear",
    ]


def test_colour_repeats_a_word_and_never_replaces_it(monkeypatch: pytest.MonkeyPatch):
    screen = drawn(monkeypatch)
    assert "\x1b[32mcompleted" in screen
    assert "\x1b[31mfailed" in screen


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, env: dict[str, str]):
    assert "\x1b" not in drawn(monkeypatch, **env)


def test_a_narrow_terminal_folds_and_cuts_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    with redirect_stdout(Terminal()) as screen:
        table(("", ""), [("word", "x" * 100)])
    assert screen.getvalue().count("x") == 100
    assert "…" not in screen.getvalue()
    assert screen.getvalue().startswith("word"), "without titles there is no head"


def test_a_hint_goes_to_stderr_and_only_when_a_person_looks(capsys: pytest.CaptureFixture[str]):
    with redirect_stdout(Terminal()):
        suggest("next: hocket runs")
    assert capsys.readouterr() == ("", "next: hocket runs\n")


def test_text_is_inert_wherever_it_is_printed(capsys: pytest.CaptureFixture[str]):
    write("a report\x1b]0;title\x07\nin two lines")
    tell("a note\x1b[1A")
    assert capsys.readouterr() == ("a report\\x1b]0;title\\x07\nin two lines\n", "a note\\x1b[1A\n")
