"""S10, S12, S17, S18: calls of the host, and the functions handed to it."""

from __future__ import annotations

import pytest

from hocket.scripts import manifest
from hocket.scripts.check import check
from hocket.scripts.source import render

HEAD = """\
from hocket.script import agent, attempt, parallel, pipeline, workflow, ask, reveal, phase, log
from hocket.script import args, budget, agent as worker, verify
import asyncio, functools
meta = {"name": "n", "description": "d", "checks": {"tests": "pytest", "lint": ["ruff"]}}
"""
MAIN = "async def main():\n    return 1\n"


def found(body: str, head: str = HEAD) -> list[str]:
    """Check a script; line 5 is the first of the body."""
    tail = "" if "def main" in body else MAIN
    script = manifest.read(f"{head}{body}\n{tail}", "wf.py")
    return [line.removeprefix("wf.py:") for line in render("wf.py", check(script, ["verify"]))]


def in_main(line: str) -> list[str]:
    return found(f"async def main():\n    {line}\n")


@pytest.mark.parametrize(
    ("call", "name", "hint"),
    [
        ('agent("x", check="test")', "test", "did you mean 'tests'?"),
        ('attempt("x", check="zz")', "zz", "known: lint, tests"),
        ('worker("x", check="LINTS")', "LINTS", "did you mean 'lint'?"),
        ('verify([], check="zz")', "zz", "known: lint, tests"),
        ('verify([], invariants=["tests", "zz"])', "zz", "known: lint, tests"),
        ('functools.partial(agent, check="zz")', "zz", "known: lint, tests"),
    ],
)
def test_a_check_must_be_declared(call: str, name: str, hint: str) -> None:
    (line,) = in_main(f"x = {call}")
    column = 9 + call.index(f'"{name}"')
    assert line == f"6:{column}: S10 check '{name}' is not in meta.checks; {hint}"


def test_without_checks_the_hint_says_how_to_declare_one() -> None:
    head = 'from hocket.script import agent\nmeta = {"name": "n", "description": "d"}\n'
    assert found('async def main():\n    await agent("x", check="tests")\n', head) == [
        ("4:28: S10 check 'tests' is not in meta.checks; "
        'add it: "checks": {"…": "command"}')
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        'await agent("x", check="tests")',
        'await agent("x", check="lint", label="zz")',
        'await agent("x", check=None)',
        'await agent("x", check=args["check"])',
        'await agent("x", **{"check": "zz"})',
        'dict(check="zz")',
        'functools.partial(dict, check="zz")',
        "functools.partial()",
    ],
)
def test_other_checks_are_left_to_the_run(line: str) -> None:
    assert in_main(line) == []


@pytest.mark.parametrize(
    ("body", "place", "name"),
    [
        ('x = agent("x")', "5:5", "agent"),
        ('log("x")', "5:1", "log"),
        ('phase("x")', "5:1", "phase"),
        ('x = worker("x")', "5:5", "agent"),
        ("x = verify([])", "5:5", "verify"),
        ('if True:\n    x = [agent(y) for y in "ab"]', "6:10", "agent"),
        ('class A:\n    x = agent("x")', "6:9", "agent"),
        ('def f(x=agent("x")):\n    pass', "5:9", "agent"),
        ('def f(*, x=agent("x")):\n    pass', "5:12", "agent"),
        ('f = lambda x=agent("x"): x', "5:14", "agent"),
        ('@functools.partial(log("x"))\ndef f():\n    pass', "5:20", "log"),
        ('@log("x")\nclass A:\n    pass', "5:2", "log"),
    ],
)
def test_the_host_is_not_called_at_module_level(body: str, place: str, name: str) -> None:
    assert found(body) == [
        (
            f"{place}: S12 {name}() is called at module level; "
            "call it in main(), or in a function that main() calls"
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        'f = lambda: agent("x")',
        'def f():\n    return agent("x")',
        'class A:\n    def f(self):\n        return agent("x")',
        "f = agent",
        'f = functools.partial(agent, label="x")',
        "x = args or {}",
        "x = budget.total",
        "def g(agent):\n    return agent\nx = g(print)",
    ],
)
def test_what_may_stand_at_module_level(body: str) -> None:
    assert found(body) == []


def test_a_function_of_the_scripts_own_may_have_the_name_of_the_hosts() -> None:
    head = 'meta = {"name": "n", "description": "d"}\n'
    assert found("def agent(x):\n    return x\ny = agent(1)\n", head) == []


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("lambda: 1", "a stage of pipeline() takes the result before it"),
        ("lambda k=3: 1", "a stage of pipeline() takes the result before it"),
        ("lambda **k: 1", "a stage of pipeline() takes the result before it"),
        (
            "lambda a, b, c, d: 1",
            "a stage of pipeline() gets result, item and index, and no more",
        ),
        (
            "lambda a, /, b, c, d, e=1: 1",
            "a stage of pipeline() gets result, item and index, and no more",
        ),
        ("lambda a, *, k: 1", "a stage of pipeline() gets result, item and index, and no more"),
    ],
)
def test_stages_that_cannot_be_called(stage: str, message: str) -> None:
    hint = "write lambda result, item, index: …; one or two of them do as well"
    assert in_main(f"await pipeline([], lambda a: a, {stage})") == [f"6:37: S17 {message}; {hint}"]


@pytest.mark.parametrize(
    "stage",
    [
        "lambda a: 1",
        "lambda a, b: 1",
        "lambda a, b, c: 1",
        "lambda a, /, b, *, k=1: 1",
        "lambda a, b, c, d=1: 1",
        "lambda *a: 1",
        "lambda a, *rest: 1",
        "f",
        "*stages",
    ],
)
def test_stages_that_can_be_called(stage: str) -> None:
    assert in_main(f"await pipeline([lambda: 1], {stage})") == []


@pytest.mark.parametrize(
    ("items", "column"),
    [
        ("[lambda x: agent(x)]", 21),
        ("(agent('a'), lambda x: agent(x))", 33),
        ("[lambda x: agent(x) for y in []]", 21),
        ("(lambda x: agent(x) for y in [])", 21),
        ("[lambda *, x: agent(x)]", 21),
        ("[lambda x, y=1: agent(x)]", 21),
    ],
)
def test_thunks_that_cannot_be_called(items: str, column: int) -> None:
    assert in_main(f"await parallel({items})") == [
        (
            f"6:{column}: S17 a function in parallel() is called without arguments; "
            "bind what it needs: lambda item=item: …"
        )
    ]


@pytest.mark.parametrize(
    "items",
    [
        "[lambda: agent('a'), agent('b')]",
        "[lambda x=x: agent(x) for x in []]",
        "[lambda *a, **k: 1]",
        "calls",
        "*calls",
        "",
    ],
)
def test_thunks_that_can_be_called(items: str) -> None:
    assert in_main(f"await parallel({items})") == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('agent("x")', "the result of agent() is dropped: nothing waits for it"),
        ('worker("x")', "the result of agent() is dropped: nothing waits for it"),
        ("parallel([])", "the result of parallel() is dropped: nothing waits for it"),
        ("verify([])", "the result of verify() is dropped: nothing waits for it"),
    ],
)
def test_a_dropped_call_is_a_warning(call: str, message: str) -> None:
    body = f"async def helper():\n    pass\nasync def main():\n    {call}\n"
    assert found(body) == [f"8:5: S18 warning: {message}; write await before it"]


@pytest.mark.parametrize(
    "line",
    [
        'log("x")',
        'phase("x")',
        'await agent("x")',
        'x = agent("x")',
        "print(1)",
        "helper()",
        "asyncio.gather()",
        "[].append(1)",
        "(lambda: 1)()",
        'return agent("x")',
    ],
)
def test_what_is_not_dropped(line: str) -> None:
    assert in_main(line) == []
