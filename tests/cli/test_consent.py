"""The card and the person in front of it: every key, an edit, and nobody there at all."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

ASKED = "[N] no\n"


@pytest.fixture
def editor(desk, monkeypatch):
    """Give a function that makes `e` replace the script by another text, one after another."""

    def edits(*texts):
        program = desk.project.parent / "editor"
        for number, text in enumerate(texts):
            (desk.project.parent / f"text{number}").write_text(text, "utf-8")
        program.write_text(
            f"#!/bin/sh\ncd {shlex.quote(str(desk.project.parent))}\n"
            'n=$(cat count 2>/dev/null || echo 0); cp "text$n" "$1"; echo $((n + 1)) > count\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(program))

    return edits


def result(desk):
    (run_id,) = desk.runs
    return desk.show(run_id)["result"]


@pytest.mark.usefixtures("simulated")
def test_the_card_shows_what_is_asked_for_and_yes_runs_it_once(desk):
    meta = '"phases": ["Find", "Judge"], "checks": {"tests": "make test", "lint": ["ruff", "a b"]}'
    desk.save("return args", meta=meta)
    (desk.project / ".hocket" / "config.toml").write_text("budget_tokens = 5000\nbudget_usd = 2\n")
    terminal = desk.sit("run", "wf.py", "--concurrency", "4", "--args", '{"a": 1}')
    terminal.see(ASKED).press("y")
    assert terminal.end() == 0
    card = terminal.screen.split(ASKED)[0].splitlines()
    assert card[0] == "three: A script."
    assert [line.split(None, 1)[0] for line in card[1:]] == [
        "script", "args", "phases", "agents", "budget", "estimate", "backend", "may", "may", "Run",
    ]  # fmt: skip
    assert card[1].startswith("  script   wf.py  sha256:")
    assert card[2] == '  args     {"a": 1}'
    assert card[3] == "  phases   Find → Judge"
    assert card[4] == "  agents   at most 1,000, 4 at once"
    assert card[5] == "  budget   5,000 output tokens and $2.00"
    assert card[6] == "  estimate no agents"
    assert card[8:10] == ["  may run  tests: make test", "  may run  lint: ruff 'a b'"]
    assert result(desk) == {"a": 1}
    assert desk.type("run", "wf.py")[0] == 4


def test_always_is_pinned_to_the_digest_and_survives_no_edit(desk):
    script = desk.save("return 1")
    assert desk.sit("run", "wf.py").see(ASKED).press("a").see("completed").end() == 0
    (pinned,) = Path(os.environ["HOCKET_DATA_HOME"]).glob("approvals*")
    assert stat.S_IMODE(pinned.stat().st_mode) == 0o600
    assert [*json.loads(pinned.read_text()).values()] == ["three"]
    assert desk.type("run", "wf.py", "-q")[:2] == (0, "1\n")
    script.write_text(script.read_text().replace("return 1", "return 2"))
    assert desk.type("run", "wf.py", "-q")[0] == 4
    assert len(desk.runs) == 2


def test_always_covers_the_commands_that_were_shown_and_no_others(desk):
    settings = desk.project / ".hocket" / "config.toml"
    settings.write_text('[checks]\ntests = "make test"\n')
    desk.save("return 1", meta='"checks": {"t": "project:tests"}')
    terminal = desk.sit("run", "wf.py").see("may run  t: make test").see(ASKED)
    terminal.press("a").see("completed")
    assert desk.type("run", "wf.py", "-q")[0] == 0
    settings.write_text('[checks]\ntests = "rm -rf build"\n')
    assert desk.type("run", "wf.py", "-q")[0] == 4
    settings.unlink()
    code, _, err = desk.type("run", "wf.py", "-q")
    assert code == 2
    assert "the setting 'checks.tests' is missing" in err


def test_an_approval_that_cannot_be_kept_holds_for_once(desk, monkeypatch):
    desk.save("return 1")
    data = desk.project.parent / "a file"
    data.write_text("")
    monkeypatch.setenv("HOCKET_DATA_HOME", str(data))
    terminal = desk.sit("run", "wf.py").see(ASKED).press("a")
    terminal.see("this holds for once: it could not be kept")
    assert terminal.end() == 0


@pytest.mark.parametrize("key", ["n", "\r", "x", "\x1b", "\x04"])
def test_every_other_key_refuses(desk, key):
    desk.save("return 1")
    terminal = desk.sit("run", "wf.py").see(ASKED).press(key)
    terminal.see("hocket: three: not approved.\n  Nothing ran, nothing was spent.")
    assert (terminal.end(), desk.runs) == (4, [])


def test_ctrl_c_and_a_terminal_that_goes_away_refuse_too(desk):
    desk.save("return 1")
    assert desk.sit("run", "wf.py").see(ASKED).press("\x03").end() == 130
    terminal = desk.sit("run", "wf.py").see(ASKED)
    terminal.hang_up()
    assert terminal.end() != 0
    assert desk.runs == []


def test_view_shows_the_script_and_asks_again(desk, monkeypatch):
    monkeypatch.setenv("PAGER", "cat")
    desk.save("return 'the very line'")
    terminal = desk.sit("run", "wf.py").see(ASKED).press("v").see("'the very line'").see(ASKED)
    terminal.press("y").see("completed")
    assert terminal.end() == 0


def test_view_keeps_away_from_an_answer_that_is_piped(desk):
    desk.save("return 'the very line'")
    terminal = desk.sit("run", "wf.py", stdout=subprocess.PIPE).see(ASKED).press("v")
    terminal.see("return 'the very line'").see(ASKED).press("y").see("completed")
    assert terminal.process.stdout.read() == b"the very line\n"
    assert terminal.end() == 0


def test_edit_runs_what_was_edited_and_shows_a_new_card(desk, editor):
    script = desk.save("return 1")
    editor(script.read_text().replace("return 1", "return 2").replace("A script", "Another one"))
    terminal = desk.sit("run", "wf.py").see(ASKED).press("e").see("three: Another one.").see(ASKED)
    assert terminal.press("y").see("completed").end() == 0
    assert result(desk) == 2


def test_an_edit_the_checks_refuse_is_shown_and_never_runs(desk, editor):
    source = desk.save("return 1").read_text()
    editor(source.replace("return 1", "return open('x')"), source.replace("return 1", "return 3"))
    terminal = desk.sit("run", "wf.py").see(ASKED).press("e")
    terminal.see("wf.py:6:").see(f"[e] edit again  {ASKED}").press("e").see(ASKED).press("y")
    assert terminal.see("completed").end() == 0
    assert result(desk) == 3


def test_an_edit_the_checks_refuse_can_be_given_up(desk, editor):
    source = desk.save("return 1").read_text()
    editor(source.replace("return 1", "return open('x')"))
    terminal = desk.sit("run", "wf.py").see(ASKED).press("e").see(f"[e] edit again  {ASKED}")
    assert (terminal.press("n").end(), desk.runs) == (4, [])


@pytest.mark.usefixtures("simulated")
def test_what_came_with_hocket_is_not_edited_in_place(desk, editor):
    editor("broken")
    terminal = desk.sit("/tour", "x").see(ASKED).press("e").see("It came with hocket")
    assert terminal.see(ASKED).press("n").end() == 4


def test_foreign_words_cannot_play_a_row_of_the_card(desk):
    script = desk.save("return 1")
    fake = "nice\\n  may run  nothing at all\\x1b[2J"
    script.write_text(
        script.read_text()
        .replace('"""A script."""', "")
        .replace('"name": "three"', f'"name": "three", "description": "{fake}"')
    )
    terminal = desk.sit("run", "wf.py").see(ASKED)
    assert terminal.screen.startswith("three: nice\\n  may run  nothing at all\\x1b[2J\n")
    assert "\x1b[2J" not in terminal.screen


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        (
            ["run", "wf.py", "--args", '{"a": "b c"}'],
            'hocket run wf.py --args \'{"a": "b c"}\' --yes',
        ),
        (["run", "wf.py", "--", "-5"], "hocket run wf.py --yes -- -5"),
        (["/saved", "some words", "--json"], "hocket run /saved 'some words' --json --yes"),
    ],
)
def test_headless_is_exit_4_and_the_exact_command_that_would_allow_it(desk, typed, allowed):
    desk.save("return args")
    desk.save("return args", ".hocket/workflows/saved.py")
    code, out, err = desk.type(*typed)
    assert (code, desk.runs) == (4, [])
    assert err == (
        "hocket: three: nobody is here to approve it; "
        "expected --yes, or an approval of this very script.\n"
        f"  Allow it: {allowed}\n  Nothing ran, nothing was spent.\n"
    )
    if "--json" in typed:
        assert json.loads(out)["error"]["code"] == "consent"
    assert desk.type(*shlex.split(allowed)[1:])[0] == 0


def test_yes_needs_no_place_for_approvals(desk, monkeypatch):
    desk.save("return 1")
    (Path(os.environ["HOCKET_DATA_HOME"]) / "approvals.json").write_text("[1, not JSON")
    assert desk.type("run", "wf.py")[0] == 4
    assert desk.type("run", "wf.py", "--yes")[0] == 0
