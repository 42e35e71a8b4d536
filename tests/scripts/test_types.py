"""S19: the type checker of the sandbox, in our words, and the module level that runs with it."""

from __future__ import annotations

import pytest

from hocket.api.scripts import Manifest, Script
from hocket.scripts import manifest, stubs, types
from hocket.scripts.source import render

STUB = stubs.render(())
HEAD = """\
from hocket.script import agent, attempt, parallel, pipeline, ask, log, phase, workflow
from hocket.script import budget, AgentError
import asyncio, functools, re, math
meta = {"name": "n", "description": "d"}
async def helper(x):
    return await agent(x)
async def main():
    pass
"""


def lines(source: str, stub: str = STUB) -> list[str]:
    script = manifest.read(source, "wf.py")
    return [line.removeprefix("wf.py:") for line in render("wf.py", types.check(script, stub))]


def in_main(*body: str) -> list[str]:
    """Check the lines of a main(); the first one is line 8."""
    inner = "\n".join(f"    {line}" for line in body)
    return lines(HEAD.removesuffix("    pass\n") + inner + "\n")


def at_module_level(body: str) -> list[str]:
    """Check code of the module level; it begins at line 9."""
    return lines(HEAD + body + "\n")


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ('await agent("x", shema={})', ("22: S19 agent() has no option 'shema'; "
         "did you mean 'schema'?")),
        ('await agent("ünïcödé😀", modle="m")', ("29: S19 agent() has no option 'modle'; "
         "did you mean 'model'?")),
        ('await attempt("x", agentType="a")', ("24: S19 attempt() has no option 'agentType'; "
         "did you mean 'agent_type'?")),
        ('await agent("x", zzz=1)', ("22: S19 agent() has no option 'zzz'; known: agent_type, "
         "check, disallowed_tools, effort, inputs, isolation, label, max_tokens, model, phase, "
         "prompt, schema, stall_ms, timeout, tools, untrusted")),
        ("await agent()", "11: S19 agent() needs its argument 'prompt'"),
        ("await agent(3)", "17: S19 agent() takes str here; found Literal[3]"),
        ('await agent("x", "y")', ("22: S19 Too many positional arguments to function 'agent': "
         "expected 1, got 2")),
        ('await agent("x", tools="Read")', ("22: S19 agent() takes list[str] | tuple[str, ...] "
         '| None here; found Literal["Read"]')),
        ("await parallel([1])", ("20: S19 parallel() takes a list of calls or functions here; "
         "found list[int]")),
        ('await parallel("ab")', ("20: S19 parallel() takes a list of calls or functions here; "
         'found Literal["ab"]')),
        ('await parallel({"a": 1})', ("20: S19 parallel() takes a list of calls or functions "
         "here; found dict[str, int]")),
        ("await pipeline(3)", "20: S19 pipeline() takes Iterable[Any] here; found Literal[3]"),
        ("await pipeline([3], 5)", ("25: S19 pipeline() takes (...) -> Any here; "
         "found Literal[5]")),
        ("budget.total = 5", "5: S19 budget.total is read-only; only a person can set a total"),
        ("budget.usd.total = 5", ("5: S19 budget.usd.total is read-only; "
         "only a person can set a total")),
        ("undefined_one()", "5: S19 the name 'undefined_one' is not defined"),
        ("lambda: mat.ceil(1)", "13: S19 the name 'mat' is not defined; did you mean 'math'?"),
        ("parralel([])", ("5: S19 the name 'parralel' is not defined; "
         "import it: from hocket.script import parallel")),
        ("x = bytearray()", "9: S19 the sandbox has no 'bytearray'"),
        ("math.ceiling(1)", "5: S19 Module 'math' has no member 'ceiling'"),
        ("for x in 5: pass", "14: S19 Object of type 'Literal[5]' is not iterable"),
        ('"a" + 1', ("5: S19 Operator '+' is not supported between objects of type "
         "'Literal[\"a\"]' and 'Literal[1]'")),
        ("3()", "5: S19 Object of type 'Literal[3]' is not callable"),
        ('await phase("x")', "11: S19 'None' is not awaitable"),
        ("a, b = (1, 2, 3)", "5: S19 Too many values to unpack: Expected 2"),
        ("len(5)", "9: S19 len() takes Sized here; found Literal[5]"),
        ('(await attempt("x")).state', ("5: S19 Object of type 'dict[str, Any]' has no "
         "attribute 'state'")),
        ('await helper("x", y=1)', "23: S19 helper() has no argument 'y'; known: x"),
    ],
)  # fmt: skip
def test_what_fails_when_it_runs_is_refused(line: str, finding: str) -> None:
    assert in_main(line) == [f"8:{finding}"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('agent("x")["a"]', 5),
        ('x = agent("x").get("a")', 9),
        ('for x in agent("x"): pass', 14),
        ('x = "a" + agent("x")', 9),
        ('len(agent("x"))', 9),
        ('await agent(agent("x"))', 17),
        ('if helper("x"): pass', 8),
        ('helper("x")["a"]', 5),
        ("a, b = parallel([])", 12),
    ],
)
def test_a_missing_await_is_called_by_its_name(line: str, column: int) -> None:
    assert in_main(line) == [
        f"8:{column}: S19 this call is not awaited: it has no value yet; write await before it"
    ]


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (["m = re.search('a', 'b')", "m.group(0)"],
         ("9:5: S19 warning: Attribute 'group' is not defined on 'None' in union "
         "'Match[str] | None'")),
        (["best = None", "for x in [{'n': 1, 's': 'a'}]:",
          "    if best is None or x['n'] > best['n']: best = x"],
         ("10:28: S19 warning: Operator '>' is not supported between two objects of type "
         "'int | str'")),
        (["x: int = 'a'"],
         "8:14: S19 warning: Object of type 'Literal[\"a\"]' is not assignable to 'int'"),
        (["x = 1  # type: ignore"],
         "8:12: S19 warning: Unused blanket 'type: ignore' directive"),
        (["await parallel([agent('x'), 3])"],
         ("8:20: S19 warning: parallel() takes a list of calls or functions here; "
         "found list[Coroutine[Any, Any, Any] | int]")),
        (["def f(x: int): return x", "f('a')"],
         '9:7: S19 warning: f() takes int here; found Literal["a"]'),
        (["helper('x')"],
         "8:5: S19 warning: this call does not run: nothing awaits it; write await before it"),
        (["class A: pass", "a = A()", "a.q = 1"],
         "10:5: S19 warning: Unresolved attribute 'q' on type 'A'"),
    ],
)  # fmt: skip
def test_what_may_well_run_is_a_warning(body: list[str], finding: str) -> None:
    assert in_main(*body) == [finding]


@pytest.mark.parametrize(
    "body",
    [
        ["a = await parallel([lambda p=p: agent(p) for p in ['x']])", "a[0]['x'].y"],
        ["calls = [agent('a'), lambda: agent('b'), functools.partial(agent, 'c'), helper('d')]",
         "await parallel(calls)", "await parallel(agent(x) for x in [])"],
        [("await pipeline(['a'], lambda p, k=3: agent(p), helper, lambda *a: a, "
         "lambda a, b, c: a)")],
        ["a, b = await asyncio.gather(agent('a'), helper('b'))",
         "await asyncio.gather(*[agent(x) for x in []])", "a['x'], b.y"],
        ["while budget.total and budget.remaining() > 5_000 and budget.usd.spent() < 3:",
         "    log(range(budget.total))"],
        ["try: await agent('x', effort='low', schema={'type': 'object'}, timeout=1.5)",
         "except AgentError as error: log(str(error).partition(':')[0])"],
        ["x = functools.reduce(lambda a, b: a + b, [1, 2])", "list(map(str, [1]))",
         "getattr(x, 'y', None), hasattr(x, 'z'), list(filter(None, [])), format(1, 'd')"],
        ["d = {}", "d['a'] = 1", "d['b'] = []", "d['b'].append(2)", "x = 1", "x = 'a'"],
        ["r = await workflow({'script_path': 'a.py'}, {'x': 1})", "return r['x']"],
        ["await ask('q', ['a', 'b'], default='a')", "await ask('q', options=('a',))"],
        ["await agent('x', inputs=['a', {'path': 'b', 'untrusted': True}], check=None)"],
        ["try: raise FileNotFoundError('x')", "except (PermissionError, ImportError): pass"],
    ],
)  # fmt: skip
def test_honest_scripts_pass(body: list[str]) -> None:
    assert in_main(*body) == []


def test_args_may_be_anything() -> None:
    source = (
        "from hocket.script import args as given\n"
        'meta = {"name": "n", "description": "d"}\n'
        "async def main():\n    return given['x'].y + given + len(given)\n"
    )
    assert lines(source) == []


def test_imports_are_left_to_the_static_check() -> None:
    source = (
        "from hocket.script import agnt\nfrom functools import cmp_to_key\nimport heapq\n"
        'meta = {"name": "n", "description": "d"}\nasync def main():\n    pass\n'
    )
    assert [line for line in lines(source) if "fails before" not in line] == []


def test_a_member_that_an_allowed_module_lacks_is_told() -> None:
    source = (
        "from math import squareroot\n"
        'meta = {"name": "n", "description": "d"}\nasync def main():\n    pass\n'
    )
    assert lines(source) == ["1:18: S19 Module 'math' has no member 'squareroot'"]


@pytest.mark.parametrize(
    ("future", "line"),
    [
        ("from __future__ import annotations", 1),
        ("from __future__ import annotations as a; x = 1", 1),
        ("from __future__ import (  # why\n    annotations,\n)  # so", 3),
        ("from __future__ \\\n  import annotations", 2),
    ],
)
def test_future_imports_are_blanked_and_lines_stay(future: str, line: int) -> None:
    meta = 'meta = {"name": "n", "description": "d"}\nasync def main():\n    pass\n'
    body = "y = 'ü'; nowhere\n"
    separate = future if ";" not in future else future.split(";", maxsplit=1)[0]
    assert lines(f'"""Dü."""\n{separate}\n{meta}{body}') == [
        f"{line + 5}:10: S19 the name 'nowhere' is not defined"
    ]


def test_a_statement_after_a_future_import_keeps_its_column() -> None:
    meta = 'meta = {"name": "n", "description": "d"}; from math import nope'
    source = f"from __future__ import annotations; {meta}\nasync def main():\n    pass\n"
    column = source.index("nope") + 1
    assert lines(source) == [f"1:{column}: S19 Module 'math' has no member 'nope'"]


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (
            "def f():\n    return budget\nx = 1 / 0",
            ("11:5: S19 fails before main() runs: ZeroDivisionError: division by zero"),
        ),
        ("x = 1 / 0", "9:5: S19 fails before main() runs: ZeroDivisionError: division by zero"),
        (
            "def f():\n    return {}['k']\nx = f()",
            "10:12: S19 fails before main() runs: KeyError: k",
        ),
        (
            "raise ValueError('first\\nsecond')",
            "9:7: S19 fails before main() runs: ValueError: first",
        ),
        (
            "def f(n):\n    return f(n + 1)\nx = f(0)",
            "10:12: S19 fails before main() runs: RecursionError: maximum recursion depth exceeded",
        ),
        (
            "def f():\n    log('x')\nf()",
            (
                "10:5: S19 fails before main() runs: RuntimeError: "
                "host functions may only be called while main() runs"
            ),
        ),
        (
            "x = []\nwhile len(x) < 10**6: x.append('a' * 10_000 + str(len(x)))",
            "1:1: S19 fails before main() runs: limit memory",
        ),
        ("def f():\n    yield 1", "10:5: S13 not available: yield expressions"),
        (
            "x = f" + "()" * 300,
            "9:5: S01 Source is too deeply nested",
        ),
    ],
)
def test_a_module_level_that_does_not_run_is_refused_with_its_line(body: str, finding: str) -> None:
    assert at_module_level(body) == [finding]


def test_the_module_runs_although_the_types_gave_warnings() -> None:
    assert at_module_level("x: int = 'a'\ny = 1 / 0") == [
        "9:10: S19 warning: Object of type 'Literal[\"a\"]' is not assignable to 'int'",
        "10:5: S19 fails before main() runs: ZeroDivisionError: division by zero",
    ]


def test_the_module_does_not_run_when_the_types_are_wrong() -> None:
    assert at_module_level("nowhere\ny = 1 / 0") == ["9:1: S19 the name 'nowhere' is not defined"]


@pytest.mark.parametrize(
    "body",
    [
        "FILES = args['files']",
        "FILES = [x for x in args]",
        "SPENT = range(budget.spent())",
        "def files():\n    return args['files']\nFILES = files()",
        "class A:\n    x = args['files']",
        "def f(x=args['files']):\n    return x",
    ],
)
def test_without_its_arguments_a_failure_is_a_warning(body: str) -> None:
    source = (
        "from hocket.script import args, budget\n"
        'meta = {"name": "n", "description": "d"}\n'
        f"{body}\nasync def main():\n    pass\n"
    )
    (line,) = lines(source)
    assert " S19 warning: fails before main() runs: " in line


def test_what_the_module_prints_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert at_module_level("print('a' * 1000)") == []
    assert capfd.readouterr() == ("", "")


def test_a_text_that_does_not_parse_is_a_finding() -> None:
    script = Script("wf.py", "x = = 1", "sha256:0", "python", Manifest(name="n", description="d"))
    assert [each.code for each in types.check(script, STUB)] == ["S01"]


def test_a_worker_that_never_answers_is_given_up() -> None:
    source = f"{HEAD}x = {'[' * 190}{']' * 190}\n"
    assert lines(source) == ["1:1: S19 the sandbox took too long over this script; make it simpler"]


def test_the_stub_of_a_pattern_is_used() -> None:
    stub = STUB + "async def verify(claims: Sequence[str], *, against: str = ...) -> Any: ...\n"
    source = (
        "from hocket.script import verify\n"
        'meta = {"name": "n", "description": "d"}\n'
        "async def main():\n    return await verify([], agianst='x')\n"
    )
    assert lines(source, stub) == [
        "4:29: S19 verify() has no option 'agianst'; did you mean 'against'?"
    ]
