"""The table of SCRIPT-API §5.3, both columns, against the checks and the installed sandbox."""

from __future__ import annotations

import textwrap

import pydantic_monty
import pytest

from hocket.scripts import manifest
from hocket.scripts.check import check
from hocket.scripts.check.diagnosis import UNTYPED_BUILTINS
from hocket.scripts.check.dunders import DEFINED
from hocket.scripts.source import render

META = 'meta = {"name": "n", "description": "d"}\n'

LEFT = {
    "async, closures, lambdas with defaults, decorators, nonlocal, recursion": """
        def twice(f):
            return lambda x, n=2: f(x) * n
        @twice
        def one(x):
            return x + 1
        async def later(x):
            return x
        count = 0
        def tick():
            nonlocal count
            count += 1
            return count
        def fact(n):
            return 1 if n < 2 else n * fact(n - 1)
        assert [one(1), await later(3), tick(), tick(), fact(5)] == [4, 3, 1, 2, 120]
    """,
    "comprehensions, f-strings, slices, unpacking, walrus, match, ternary, else": """
        async def later(x):
            return x
        assert [await later(x) for x in [1, 2]] == [1, 2]
        assert {k: v for k, v in [("a", 1)]} == {"a": 1}
        assert {x % 2 for x in range(4)} == {0, 1}
        name = "ü"
        assert f"{name!r:>5}|{3.14159:.2f}|{1_000:,}" == "  'ü'|3.14|1,000"
        first, *rest = [1, 2, 3, 4][::-1]
        assert (first, rest, [*rest, first], {**{"a": 1}}) == (4, [3, 2, 1], [3, 2, 1, 4], {"a": 1})
        if (n := len(rest)) == 3:
            out = []
        match {"kind": "a", "items": [1, 2]}:
            case {"kind": "a", "items": [x, *more]} if x:
                out.append((x, more))
            case _:
                raise RuntimeError("no match")
        for i in range(2):
            pass
        else:
            out.append("else" if n else "no")
        while False:
            pass
        else:
            out.append(i)
        assert out == [(1, [2]), "else", 1]
    """,
    "try, raise, raise from, built-in exceptions": """
        out = []
        try:
            try:
                raise ValueError("inner")
            except ValueError as error:
                raise RuntimeError("kind: text") from error
            finally:
                out.append("finally")
        except (RuntimeError, KeyError) as error:
            out.append(str(error))
        try:
            pass
        except Exception:
            raise
        else:
            out.append("else")
        assert out == ["finally", "kind: text", "else"]
    """,
    "plain classes with special methods": """
        class Box:
            kind = "box"
            def __init__(self, n): self.n = n
            def __eq__(self, other): return self.n == other.n
            def __hash__(self): return self.n
            def __repr__(self): return f"Box({self.n})"
            def __str__(self): return "box"
            def __getitem__(self, key): return key
            def __contains__(self, key): return key == self.n
            def __iter__(self): return self
            def __next__(self):
                self.n -= 1
                if self.n < 0:
                    raise StopIteration
                return self.n
            def __call__(self, x): return x
            def __add__(self, other): return Box(self.n + other.n)
            def __enter__(self): return self
            def __exit__(self, *error): return False
            async def later(self): return self.n
        a = Box(2)
        with a as b:
            assert a is b
        assert [a == Box(2), {a: 1}[Box(2)], repr(a), str(a), a["k"], 2 in a, a(7), (a + a).n,
                await a.later(), a.kind] == [True, 1, "Box(2)", "box", "k", True, 7, 4, 2, "box"]
        assert list(a) == [1, 0]
    """,
    "dataclass, field, namedtuple": """
        from dataclasses import dataclass, field
        from collections import namedtuple
        @dataclass
        class Point:
            x: int
            tags: list = field(default_factory=list)
        @dataclass(frozen=True)
        class Fixed:
            x: int = 3
        Pair = namedtuple("Pair", ["a", "b"])
        pair = Pair(1, b=2)
        assert [Point(1) == Point(1), Fixed().x, pair.a + pair.b, pair[0]] == [True, 3, 3, 1]
    """,
    "dict, list, set and their methods": """
        d = {"a": 1}
        d.setdefault("b", []).append(2)
        assert [d.pop("a", None), d.pop("z", None), list(d.items())] == [1, None, [("b", [2])]]
        xs = [3, 1, 2]
        xs.sort(); xs.extend([4]); xs.insert(0, 0); xs.remove(4); xs.reverse()
        assert xs == [3, 2, 1, 0]
        assert ({1, 2} | {3}) & {2, 3} == {2, 3}
    """,
    "sorted, zip, enumerate, any, getattr, isinstance": """
        class A:
            x = 1
        xs = [{"n": 2}, {"n": 1}]
        assert sorted(xs, key=lambda x: x["n"])[0] == min(xs, key=lambda x: x["n"]) == {"n": 1}
        assert max(xs, key=lambda x: x["n"], default=None) == {"n": 2}
        assert list(zip([1], [2], strict=True)) == [(1, 2)]
        assert [any([0, 1]), all([]), sum([1, 2]), list(enumerate("a"))] == [1, 1, 3, [(0, "a")]]
        assert getattr(A(), "x") == 1 and getattr(A(), "y", 5) == 5 and hasattr(A(), "x")
        assert isinstance(1, (int, str)) and list(map(str, [1])) == ["1"]
        assert list(filter(None, [0, 1])) == [1]
    """,
    "json": """
        import json
        text = json.dumps({"b": "ü", "a": [1]}, indent=1, sort_keys=True, ensure_ascii=False)
        assert json.loads(text) == {"a": [1], "b": "ü"} and text.index("a") < text.index("ü")
        assert json.dumps([1, {"a": 2}], separators=(",", ":")) == '[1,{"a":2}]'
    """,
    "re": """
        import re
        match = re.search(r"(?P<word>[a-z]+)(?<=b)", "1 AB", re.I | re.M | re.S | re.A)
        assert match["word"] == "AB" and match.groupdict() == {"word": "AB"}
        assert re.sub(r"(a)", r"<\\1>", "xa") == "x<a>"
        assert "".join(m[0].upper() for m in re.finditer("[ab]", "axb")) == "AB"
        assert re.compile("a").findall("aba") == ["a", "a"] and re.split(",", "a,b") == ["a", "b"]
    """,
    "the pure modules": """
        import math, itertools, copy, bisect, base64, hashlib, csv, decimal, unicodedata, asyncio
        from functools import reduce, partial, cache
        from collections import Counter, defaultdict, deque
        async def later(x):
            return x
        @cache
        def cached(x):
            return x
        groups = defaultdict(list)
        groups["a"].append(1)
        queue = deque([1, 2])
        assert [math.ceil(1.5), list(itertools.chain([1], [2])), copy.deepcopy([[1]]),
                bisect.bisect([1, 3], 2), reduce(lambda a, b: a + b, [1, 2, 3]),
                partial(int, "ff")(16), cached(3), Counter("aab").most_common(1), dict(groups),
                queue.popleft()] == [2, [1, 2], [[1]], 1, 6, 255, 3, [("a", 2)], {"a": [1]}, 1]
        assert base64.b64encode(b"a") == b"YQ==" and hashlib.sha256(b"").hexdigest()[:4] == "e3b0"
        assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
        assert list(csv.reader(["a,b"])) == [["a", "b"]]
        assert unicodedata.normalize("NFD", "ü") == "u" + chr(0x308)
        assert await asyncio.gather(later(1), *[later(2)]) == [1, 2]
    """,
    "dates as values": """
        from datetime import datetime, date, timedelta
        assert str(date.fromisoformat("2024-02-28") + timedelta(days=2)) == "2024-03-01"
        day = datetime.fromisoformat("2024-01-02T03:04:05")
        assert (day - timedelta(hours=4)).isoformat() == "2024-01-01T23:04:05"
    """,
    "typing": """
        from typing import Any, Literal, Optional, Union, Callable, Final, Annotated, TYPE_CHECKING
        def f(a: Optional[int], b: Union[int, str], c: Callable[[int], Any]) -> Literal["a"]:
            return "a"
        LIMIT: Final = 3
        size: Annotated[int, "size"] = LIMIT
        if TYPE_CHECKING:
            raise RuntimeError("never")
        assert f(None, size, print) == "a"
    """,
    "things said below the table": """
        assert list({"b": 1, "a": 2}) == ["b", "a"] and list({"b", "a", "c"}) == ["b", "a", "c"]
        seen = []
        squares = (seen.append(x) or x * x for x in [1, 2])
        assert seen == [1, 2] and list(squares) == [1, 4]
        assert len(str(10 ** 4000)) == 4001
    """,
}

RIGHT = {
    "generators": ("def f():\n    yield 1", 1, "S13"),
    "async with": ("async def f(x):\n    async with x:\n        pass", 1, "S13"),
    "async for": ("async def f(x):\n    async for y in x:\n        pass", 1, "S13"),
    "semaphores": ("import asyncio\nx = asyncio.Semaphore(3)", 1, "S05"),
    "queues": ("import asyncio\nx = asyncio.Queue()", 1, "S05"),
    "create_task": ("import asyncio\nasyncio.create_task(main())", 1, "S05"),
    "exception classes": ("class Broken(Exception):\n    pass", 0, "S13"),
    "inheritance": ("class A:\n    pass\nclass B(A):\n    pass", 2, "S13"),
    "property": ("class A:\n    @property\n    def x(self):\n        return 1", 1, "S13"),
    "staticmethod": ("class A:\n    @staticmethod\n    def x():\n        return 1", 1, "S13"),
    "classmethod": ("class A:\n    @classmethod\n    def x(cls):\n        return 1", 1, "S13"),
    "Enum": ("from enum import Enum", 0, "S05"),
    "TypedDict": ("from typing import TypedDict", 0, "S05"),
    "NamedTuple": ("from typing import NamedTuple", 0, "S05"),
    "asdict": ("from dataclasses import asdict", 0, "S05"),
    "del d[k]": ('d = {"k": 1}\ndel d["k"]', 1, "S13"),
    "del x": ("x = 1\ndel x", 1, "S13"),
    "cmp_to_key": ("from functools import cmp_to_key", 0, "S05"),
    "__lt__": (
        "class A:\n    def __lt__(self, o):\n        return True\nx = A() < A()",
        1,
        "S16",
    ),
    "json default": ("import json\njson.dumps({1}, default=list)", 1, "S05"),
    "re.sub with a function": ('import re\nre.sub("a", lambda m: "b", "a")', 1, "S05"),
    "re.subn": ('import re\nre.subn("a", "b", "a")', 1, "S05"),
    "re.X": ('import re\nre.compile("a", re.X)', 1, "S05"),
    "now()": ("from datetime import datetime\ndatetime.now()", 1, "S06"),
    "today()": ("from datetime import date\ndate.today()", 1, "S06"),
    "cast": ("from typing import cast", 0, "S05"),
    "Awaitable": ("from typing import Awaitable", 0, "S05"),
    "Protocol": ("from typing import Protocol", 0, "S05"),
    "collections.abc": ("from collections.abc import Mapping", 0, "S05"),
    **{
        name: (f"import {name}", 0, "S05")
        for name in (
            *("heapq", "statistics", "string", "textwrap", "operator", "difflib", "fractions"),
            *("enum", "contextlib", "logging", "urllib", "uuid"),
        )
    },
    "pathlib": ('import pathlib\npathlib.Path("x").read_text()', 0, "S05"),
    "os": ("import os\nos.environ", 0, "S05"),
    "sys": ("import sys\nsys.exit(1)", 0, "S05"),
    "time": ("import time\ntime.time()", 0, "S05"),
    "random": ("import random\nrandom.random()", 0, "S05"),
}

ONLY_USELESS = {"Protocol"}
"""It can be imported; but nothing can inherit from it."""


def run(source: str) -> str | None:
    """Run a script's text in the sandbox; None when it ran through, else what it raised."""
    policy = {"datetime": "call_host", "sleep": "call_host", "random_start": "call_host"}
    with pydantic_monty.Monty(max_processes=1) as pool, pool.checkout(os_policy=policy) as session:
        try:
            session.feed_run(source)
        except pydantic_monty.MontyError as error:
            return str(error)
        return None


def checked(source: str) -> list[str]:
    return render("wf.py", check(manifest.read(source, "wf.py"), ()))


@pytest.mark.parametrize("row", LEFT)
def test_the_left_column_passes_the_checks_and_runs(row: str) -> None:
    body = textwrap.indent(textwrap.dedent(LEFT[row]).strip("\n"), "    ")
    source = f"{META}async def main():\n{body}\n"
    assert checked(source) == []
    assert run(source + "await main()\n") is None


@pytest.mark.parametrize("row", RIGHT)
def test_the_right_column_is_refused_with_its_line(row: str) -> None:
    body, line, code = RIGHT[row]
    head = body.split("\n") if body.startswith(("import", "from")) else []
    imports = "".join(f"{each}\n" for each in head[:1])
    rest = "\n".join(body.split("\n")[len(head[:1]) :])
    lines = checked(f"{imports}{META}{rest}\nasync def main():\n    pass\n")
    place = line + 1 if line < len(head[:1]) else line + 2
    assert any(each.startswith(f"wf.py:{place}:") and f" {code} " in each for each in lines)


@pytest.mark.parametrize("row", sorted(RIGHT.keys() - ONLY_USELESS))
def test_the_right_column_does_not_run_in_the_sandbox(row: str) -> None:
    body = RIGHT[row][0]
    assert run(body) is not None


@pytest.mark.parametrize("value", ["hash('a')", "[x for x in {'b', 'a'}]", "id('a')"])
def test_what_could_differ_from_run_to_run_does_not(value: str) -> None:
    outcomes = set()
    for _ in range(2):
        with pydantic_monty.Monty(max_processes=1) as pool, pool.checkout() as session:
            outcomes.add(repr(session.feed_run(value)))
    assert len(outcomes) == 1


@pytest.mark.parametrize("name", sorted(UNTYPED_BUILTINS))
def test_the_sandbox_has_the_builtins_its_type_checker_lacks(name: str) -> None:
    assert run(name) is None


USES = {
    "__init__": "A()",
    "__post_init__": "None",
    "__eq__": "A() == 1",
    "__hash__": "hash(A())",
    "__repr__": "repr(A())",
    "__str__": "str(A())",
    "__getitem__": "A()[1]",
    "__setitem__": "A().__setitem__(1, 2)",
    "__contains__": "1 in A()",
    "__iter__": "iter(A())",
    "__next__": "next(A())",
    "__call__": "A()()",
    "__enter__": "None",
    "__exit__": "None",
    "__neg__": "-A()",
    "__abs__": "abs(A())",
    "__divmod__": "divmod(A(), 1)",
    "__rdivmod__": "divmod(1, A())",
    "__pow__": "A() ** 1",
    "__rpow__": "1 ** A()",
}
SIGNS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%"}
SIGNS |= {"matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>"}
USES |= {f"__{name}__": f"A() {sign} 1" for name, sign in SIGNS.items()}
USES |= {f"__r{name}__": f"1 {sign} A()" for name, sign in SIGNS.items()}
SPECIAL = {
    "__post_init__": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\n"
        "    def __post_init__(self): called.append(1)\nA()"
    ),
    "__enter__": (
        "class A:\n    def __enter__(self): called.append(1)\n"
        "    def __exit__(self, *e): pass\nwith A(): pass"
    ),
    "__exit__": (
        "class A:\n    def __enter__(self): pass\n"
        "    def __exit__(self, *e): called.append(1)\nwith A(): pass"
    ),
    "__setitem__": "class A:\n    def __setitem__(self, k, v): called.append(1)\nA()[1] = 2",
    "__init__": "class A:\n    def __init__(self): called.append(1)\nA()",
}


@pytest.mark.parametrize("name", sorted(DEFINED))
def test_the_sandbox_calls_the_special_methods_that_pass(name: str) -> None:
    result = {"__repr__": "'x'", "__str__": "'x'", "__iter__": "iter([])"}.get(name, "1")
    plain = (
        f"class A:\n    def {name}(self, *a):\n        called.append(1)\n        return {result}\n"
    )
    body = SPECIAL.get(name, f"{plain}{USES.get(name, '')}")
    assert run(f"called = []\n{body}\nassert called, 'not called'") is None
