"""P09: the table of what Python scripts can use, row by row, against the real sandbox."""

from __future__ import annotations

import pytest

from hocket.errors import ScriptRejected
from hocket.testing import ScriptedBackend

WORKS = {
    "closures, nonlocal, recursion": (
        """
        def count():
            n = 0
            def step():
                nonlocal n
                n += 1
                return n if n == 3 else step()
            return step()
        """,
        "count()",
        3,
    ),
    "lambdas with defaults": ("", "[(lambda p, k=k: [p, k])(1) for k in (2, 3)]", [[1, 2], [1, 3]]),
    "decorators on functions": (
        """
        def twice(f):
            return lambda x: f(f(x))

        @twice
        def add(x):
            return x + 1
        """,
        "add(1)",
        3,
    ),
    "comprehensions with await": ("", "[await agent(p) for p in 'ab']", ["x", "x"]),
    "f-strings, slices, walrus": (
        "",
        "[f'{3.14159:.2f}', 'abc'[::-1], (n := 2) + n]",
        ["3.14", "cba", 4],
    ),
    "unpacking": ("", "[*[1, *(2, 3)], {**{'a': 1}, 'b': 2}]", [1, 2, 3, {"a": 1, "b": 2}]),
    "match": (
        """
        def kind(value):
            match value:
                case {"n": int(n)} if n > 1:
                    return n
                case [first, *_]:
                    return first
                case _:
                    return "other"
        """,
        "[kind({'n': 2}), kind([5, 6]), kind(None)]",
        [2, 5, "other"],
    ),
    "while and for with else": (
        """
        def loops():
            for n in (1, 2):
                if n == 3:
                    break
            else:
                n = 9
            while n > 7:
                n -= 1
            else:
                n *= 10
            return n
        """,
        "loops()",
        70,
    ),
    "try, except, else, finally, raise from": (
        """
        def tries():
            told = []
            try:
                try:
                    {}["k"]
                except KeyError as error:
                    raise ValueError("v") from error
                else:
                    told.append("else")
                finally:
                    told.append("finally")
            except (TypeError, ValueError) as error:
                told.append(str(error))
            return told
        """,
        "tries()",
        ["finally", "v"],
    ),
    "plain classes": (
        """
        class Bag:
            def __init__(self, items):
                self.items = items
            def __contains__(self, item):
                return item in self.items
            def __iter__(self):
                return iter(self.items)
            def __add__(self, other):
                return Bag(self.items + other.items)
            def __eq__(self, other):
                return self.items == other.items
            def __getitem__(self, index):
                return self.items[index]
            def __call__(self):
                return "called"
            async def ask(self):
                return await agent("x")
        """,
        (
            "[2 in Bag([2]), [*(Bag([1]) + Bag([2]))], Bag([1]) == Bag([1]), Bag([7])[0],"
            " Bag([])(), await Bag([]).ask()]"
        ),
        [True, [1, 2], True, 7, "called", "x"],
    ),
    "dataclass": (
        """
        @dataclass
        class Point:
            x: int
            tags: list = field(default_factory=list)
        """,
        "[Point(1).x, Point(1) == Point(1), Point(2).tags]",
        [1, True, []],
    ),
    "namedtuple": (
        "Pair = namedtuple('Pair', ['a', 'b'])",
        "[Pair(1, 2).b, Pair(1, 2)]",
        [2, [1, 2]],
    ),
    "dicts, lists and sets": (
        "",
        "[{'a': 1}.pop('b', None), sorted({1, 2} | {3}), [3, 1].index(1), {'a': 1}.get('z', 0)]",
        [None, [1, 2, 3], 1, 0],
    ),
    "built-ins": (
        "",
        (
            "[sorted([3, 1], key=lambda n: -n), min('ab'), list(zip([1], [2], strict=True)),"
            " list(enumerate('a')), any([0, 1]), sum([1, 2]), isinstance(1, (int, str)),"
            " getattr(1, 'x', 5)]"
        ),
        [[3, 1], "a", [[1, 2]], [[0, "a"]], True, 3, True, 5],
    ),
    "json": (
        "",
        (
            "[json.dumps({'b': 1, 'a': 'ü'}, sort_keys=True, separators=(',', ':'),"
            " ensure_ascii=False),"
            " json.dumps([1], indent=1), json.loads('[1]')]"
        ),
        ['{"a":"ü","b":1}', "[\n 1\n]", [1]],
    ),
    "re": (
        "",
        (
            "[re.search(r'(?P<year>\\d{4})', 'in 2026')['year'], re.findall(r'(?<=a)b', 'ab'),"
            " bool(re.match('A', 'a', re.I)), [m[0] for m in re.finditer('.', 'ab')],"
            " re.sub('a', 'b', 'aa')]"
        ),
        ["2026", ["b"], True, ["a", "b"], "bb"],
    ),
    "math, itertools, functools, collections": (
        "",
        (
            "[math.ceil(1.2), list(itertools.chain([1], [2])),"
            " functools.reduce(lambda a, b: a + b, [1, 2]),"
            " Counter('aab').most_common(1), list(deque([1, 2], maxlen=1)), defaultdict(list)['x']]"
        ),
        [2, [1, 2], 3, [["a", 2]], [2], []],
    ),
    "copy, bisect, base64, hashlib, csv, decimal, unicodedata": (
        "",
        (
            "[copy.deepcopy([[1]]), bisect.bisect([1, 3], 2), base64.b64encode(b'a').decode(),"
            " hashlib.sha256(b'').hexdigest()[:4], str(decimal.Decimal('0.1') * 3),"
            " unicodedata.normalize('NFC', 'u\\u0308')]"
        ),
        [[[1]], 1, "YQ==", "e3b0", "0.3", "ü"],
    ),
    "dates as values": (
        "",
        "[str(date.fromisoformat('2026-02-27') + timedelta(days=2)), datetime(2026, 1, 2).year]",
        ["2026-03-01", 2026],
    ),
    "asyncio.gather": ("", "await asyncio.gather(agent('a'), agent('b'))", ["x", "x"]),
}
IMPORTS = """\
import asyncio, base64, bisect, copy, decimal, functools, hashlib, itertools, json, math, re
import unicodedata
from collections import Counter, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Optional
"""


@pytest.mark.parametrize("row", WORKS)
def test_p09_what_works(case, row):
    above, expression, result = WORKS[row]

    outcome = case.run(f"return {expression}", {"": "x"}, above=above, imports=IMPORTS)

    assert (outcome.cause, outcome.result) == (None, result)


REFUSED = [
    ("", "def items():\n    yield 1", "S13"),
    ("", "async def f(cm):\n    async with cm:\n        pass", "S13"),
    ("", "async def f(cm):\n    async for x in cm:\n        pass", "S13"),
    ("import asyncio", "LOCK = asyncio.Semaphore(2)", "S05"),
    ("import asyncio", "QUEUE = asyncio.Queue()", "S05"),
    ("import asyncio", "async def f():\n    asyncio.create_task(f())", "S05"),
    ("", "class Own(Exception):\n    pass", "S13"),
    ("", "class P:\n    @property\n    def x(self):\n        return 1", "S13"),
    ("", "class P:\n    @staticmethod\n    def x():\n        return 1", "S13"),
    ("", "class P:\n    @classmethod\n    def x(cls):\n        return 1", "S13"),
    ("from enum import Enum", "", "S05"),
    ("from typing import TypedDict", "", "S05"),
    ("from typing import NamedTuple", "", "S05"),
    ("from dataclasses import asdict", "", "S05"),
    ("", "def f(d):\n    del d['k']", "S13"),
    ("from functools import cmp_to_key", "", "S05"),
    ("", "class P:\n    def __lt__(self, other):\n        return True", "S16"),
    ("import json", "TEXT = json.dumps({}, default=str)", "S05"),
    ("import re", "TEXT = re.sub('a', lambda m: 'b', 'a')", "S05"),
    ("import re", "TEXT = re.subn('a', 'b', 'a')", "S05"),
    ("import re", "TEXT = re.compile('a', re.X)", "S05"),
    *[
        (f"import {module}", "", "S0[5678]")
        for module in (
            *("heapq", "statistics", "string", "textwrap", "operator", "difflib", "fractions"),
            *("enum", "contextlib", "logging", "urllib", "uuid", "pathlib", "os", "sys", "time"),
            "random",
        )
    ],
    ("from datetime import datetime", "NOW = datetime.now()", "S06"),
    ("from datetime import date", "NOW = date.today()", "S06"),
    ("from typing import cast", "", "S05"),
    ("from typing import Protocol", "", "S05"),
    ("from collections.abc import Iterable", "", "S05"),
    ("", "TEXT = open('x')", "S15"),
    ("", "TEXT = eval('1')", "S15"),
    ("", "KIND = ().__class__", "S14"),
]


@pytest.mark.parametrize(("imports", "above", "code"), REFUSED)
def test_p09_what_does_not_work_is_refused_with_its_line(case, imports, above, code):
    agents = ScriptedBackend({"": "never"})

    with pytest.raises(ScriptRejected) as caught:
        case.run("return await agent('x')", agents, imports=imports, above=above)

    assert agents.calls == []
    caught.match(rf"script\.py:([4-9]|1\d):\d+: {code} ")
