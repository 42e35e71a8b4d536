"""`hocket /name`: flags of the script, its manual, and its bundle's ceiling."""

from __future__ import annotations

import json

import pytest
from receiving import install, scope_of

from hocket.api.ceiling import Ceiling

META = (
    '"phases": ["Look", "Tell"], "limits": {"agents": 12}, "when_to_use": "Now.", '
    '"args": {"type": "object", "required": ["q", "n"], "properties": {'
    '"q": {"type": "string", "description": "what to ask"}, '
    '"n": {"type": "integer", "maximum": 9}, '
    '"loud": {"type": "boolean", "default": False, "description": "in capitals"}, '
    '"model": {"type": "string"}}}'
)


@pytest.fixture
def echo(desk):
    desk.save("return args", ".hocket/workflows/echo.py", meta=META)
    return desk


@pytest.mark.parametrize(
    "words",
    [
        ["/echo", "who", "--n", "3", "sings"],
        ["run", "echo", "--n=3", "who", "sings", "--yes"],
        ["/echo", "--n", "3", "--q", "who sings"],
        ["/echo", "--n", "3", "--no-loud", "--max-agents", "5", "who sings"],
    ],
)
def test_flags_and_words_become_the_arguments(echo, words):
    code, told = echo.json(*_with_yes(words))
    assert (code, told["result"]) == (0, {"q": "who sings", "n": 3, "loud": False})


def _with_yes(words):
    return words if "--yes" in words else [words[0], "--yes", *words[1:]]


def test_behind_two_hyphens_there_are_no_flags(echo):
    told = echo.type("/echo", "--yes", "--json", "--n", "3", "--", "--n")[1]
    assert json.loads(told)["result"]["q"] == "--n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--n", "three"], "/three: --n: 'three'; expected a whole number."),
        (["x", "--n", "10"], "/three: args/n: must be ≤ 9"),
        (["x"], "/three: args/: must have"),
        (["x", "--nn", "1"], "Did you mean --n?"),
        (["x", "--n", "1", "--n", "2"], "--n is given twice"),
        (["x", "--n", "1", "--args", "{}"], "both --args and words"),
    ],
)
def test_what_does_not_fit_is_said_and_makes_no_run(echo, words, said):
    code, out, err = echo.type("/echo", "--yes", *words)
    assert (code, out, echo.runs) == (2, "", [])
    assert said in err


def test_the_manual_of_a_command(echo):
    code, out, err = echo.type("/echo", "--help")
    assert (code, err, echo.runs) == (0, "", [])
    for line in (
        "Now.",
        '  hocket /echo "q" --n N [--loud] [--model TEXT]',
        "  --q TEXT\twhat to ask (needed)",
        "  --loud\tin capitals (else false)",
        "  phases\tLook → Tell",
        "  size\tat most 12 agents",
        "held to nothing else",
    ):
        assert line in out


def test_the_manual_of_a_bundle_tells_its_ceiling(desk):
    install(scope_of(desk.project), "deep")
    code, told = desk.json("run", "deep", "-h")
    assert (code, told["command"], told["bundle"], told["agents"]) == (0, "help", "deep", 7)
    assert told["capabilities"]["tools"] == ["Read"]
    assert told["usage"] == "hocket run deep"
    out = desk.type("/deep", "--help")[1]
    assert "  tools\tRead\n" in out
    assert "  not\tenv, hooks," in out
    assert desk.json("/echo", "--help")[0] == 2


def test_the_manual_of_what_declared_nothing(desk):
    install(scope_of(desk.project), "deep", ceiling=Ceiling(is_declared=False))
    assert "  may\tundeclared: each effect is asked" in desk.type("/deep", "--help")[1]


def test_help_of_run_itself(desk):
    code, out, _ = desk.type("run", "--help")
    assert code == 0
    assert "Usage: hocket run [OPTIONS] [SCRIPT] [WORDS]..." in out
    assert "--budget-usd" in out


def test_an_installed_bundle_runs_and_an_edited_one_does_not(desk):
    folder = install(scope_of(desk.project), "deep")
    assert desk.json("/deep", "--yes")[1]["result"] == "deep"
    (folder / "deep.py").write_text("evil")
    code, _, err = desk.type("/deep", "--yes")
    assert code == 3
    assert "edited: restore with install --frozen" in err
