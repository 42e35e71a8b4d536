"""C12 to C16: what a script finds in `args`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hocket.errors import UsageError
from hocket.testing import ScriptedBackend

QUESTION = '"args": {"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}}'
DEPTH = '"args": {"type": "object", "properties": {"depth": {"type": "integer", "maximum": 5}}}'


def test_c12_absent_args_are_none(case):
    assert case.run("return [args is None, args]").result == [True, None]


def test_c12_null_args_are_none(case):
    case.save("kid.py", "return [args is None, args]")

    outcome = case.run('return await workflow({"script_path": "kid.py"}, None)')

    assert outcome.result == [True, None]


@pytest.mark.parametrize(("text", "value"), [('{"a":1}', {"a": 1}), ('["a"]', ["a"])])
def test_c13_a_text_that_is_json_is_parsed_with_one_note(case, text, value):
    outcome = case.run("return args", args=text)

    assert outcome.result == value
    assert outcome.card.notes == ("args: a text that is JSON was parsed",)


@pytest.mark.parametrize("value", ["5", "true", "free text", "", False, 0, 1.5, {"a": [None]}])
def test_c14_everything_else_comes_as_it_is(case, value):
    outcome = case.run("return args", args=value)

    assert (outcome.result, type(outcome.result)) == (value, type(value))
    assert outcome.card.notes == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["who", "sings?"], '{"q": "who sings?"}'),
        (['{"q": "as JSON"}'], '{"q": "as JSON"}'),
    ],
)
def test_c15_free_text_goes_into_the_one_text_property(case, words, found):
    (case.project / "typed.py").write_text(case.source("return args", meta=QUESTION), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "hocket", "run", "typed.py", *words, "--yes", "--json"],
        cwd=case.project,
        env={**os.environ, "HOCKET_BACKEND": "simulate"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert f'"result": {found}' in done.stdout


@pytest.mark.parametrize(("args", "path"), [({"depth": 6}, "args/depth"), ([1], "args/")])
def test_c16_wrong_args_are_refused_with_their_path(case, args, path):
    agents = ScriptedBackend({"": "never"})

    with pytest.raises(UsageError) as caught:
        case.run("return await agent('x')", agents, args=args, meta=DEPTH)

    assert caught.value.found.startswith(f"{path}: must be ")
    assert agents.calls == []
    assert not (case.project / ".hocket" / "runs").exists()


def test_c16_the_defaults_are_filled_in_first(case):
    meta = '"args": {"type": "object", "properties": {"depth": {"default": 3}}}'

    assert case.run("return args", meta=meta).result == {"depth": 3}


def test_args_are_copied(case):
    outcome = case.run("args['a'].append(2)\nreturn args", args={"a": [1]})
    again = case.resume(outcome)

    assert [o.result for o in (outcome, again)] == [{"a": [1, 2]}] * 2
