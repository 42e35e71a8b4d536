"""S05 to S08: what a script may import and reach, each refusal with its place and what to write."""

from __future__ import annotations

import pytest

from hocket.scripts import manifest
from hocket.scripts.check import check
from hocket.scripts.check.allowed import INSTEAD, MODULES, WORLD
from hocket.scripts.source import render

META = 'meta = {"name": "n", "description": "d"}\n'
MAIN = "async def main():\n    return 1\n"

FILES = "a script has no files, environment or network; ask an agent"
CLOCK = "a script has no clock; pass the time in through args"
CHANCE = "a script has no chance; put an index into the prompt for variety"
EVERYTHING = (
    "a script is one file and may import hocket.script, __future__, asyncio, base64, bisect, "
    "collections, copy, csv, dataclasses, datetime, decimal, functools, hashlib, itertools, json, "
    "math, re, typing, unicodedata"
)


def found(head: str, body: str = "", patterns: tuple[str, ...] = ()) -> list[str]:
    """Check a script of imports, meta and a body; line 1 is the first import."""
    script = manifest.read(f"{head}\n{META}{body}\n{MAIN}", "wf.py")
    return [line.removeprefix("wf.py:") for line in render("wf.py", check(script, patterns))]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_the_allowed_modules_pass(module: str) -> None:
    if module == "__future__":
        assert found("from __future__ import annotations") == []
    else:
        assert found(f"import {module}\nimport {module} as other") == []


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in MODULES.items() for name in sorted(names or ())],
)
def test_the_allowed_names_pass(module: str, name: str) -> None:
    assert found(f"from {module} import {name}", f"x = {name!r}") == []


@pytest.mark.parametrize("module", sorted(m for m, names in MODULES.items() if names is None))
def test_all_names_of_the_other_modules_pass(module: str) -> None:
    assert found(f"from {module} import anything as other") == []


@pytest.mark.parametrize(
    ("line", "column", "dotted", "hint"),
    [
        ("import heapq", 8, "heapq", "sort a list"),
        ("import statistics", 8, "statistics", INSTEAD["statistics"]),
        ("import string", 8, "string", "write the characters out"),
        ("import textwrap", 8, "textwrap", "write the text without indentation"),
        ("import operator", 8, "operator", "use a lambda"),
        ("import difflib", 8, "difflib", INSTEAD["difflib"]),
        ("import fractions", 8, "fractions", INSTEAD["fractions"]),
        ("from enum import Enum", 18, "enum", "use plain texts"),
        ("import contextlib", 8, "contextlib", "use try and finally"),
        ("import logging", 8, "logging", "use log()"),
        ("import urllib.request", 8, "urllib.request", FILES),
        ("import uuid", 8, "uuid", "a script has no chance; number the items"),
        ("import pathlib", 8, "pathlib", FILES),
        ("from pathlib import Path", 21, "pathlib", FILES),
        ("import os", 8, "os", FILES),
        ("import os.path as p", 8, "os.path", FILES),
        ("import sys", 8, "sys", FILES),
        ("import time", 8, "time", CLOCK),
        ("import random", 8, "random", CHANCE),
        ("import secrets", 8, "secrets", CHANCE),
        ("import json, os", 14, "os", FILES),
        ("from typing import cast", 20, "typing.cast", "leave the annotation out"),
        ("from typing import Any, Protocol", 25, "typing.Protocol", "leave the annotation out"),
        ("from collections.abc import Mapping", 29, "collections.abc", INSTEAD["collections.abc"]),
        ("from dataclasses import asdict", 25, "dataclasses.asdict", "use dicts and functions"),
        (
            "from functools import cmp_to_key",
            23,
            "functools.cmp_to_key",
            "use a key function, a closure or functools.cache",
        ),
        (
            "from asyncio import Semaphore",
            21,
            "asyncio.Semaphore",
            "use parallel, pipeline or asyncio.gather(*calls)",
        ),
        (
            "from datetime import timezone",
            22,
            "datetime.timezone",
            "use datetime, date and timedelta as values",
        ),
        ("import json.decoder", 8, "json.decoder", EVERYTHING),
        ("import helpers", 8, "helpers", EVERYTHING),
        ("from helpers import f", 21, "helpers", EVERYTHING),
        ("from . import helpers", 15, ".helpers", EVERYTHING),
        ("from ..a import b", 17, "..a", EVERYTHING),
        ("from .a.b import *", 18, ".a.b", EVERYTHING),
        ("import hocket", 8, "hocket", INSTEAD["hocket"]),
        ("import hocket.script as h", 8, "hocket.script", INSTEAD["hocket"]),
        ("from hocket import script", 20, "hocket", INSTEAD["hocket"]),
        ("from hocket.errors import HocketError", 27, "hocket.errors", INSTEAD["hocket"]),
    ],
)
def test_other_imports_are_refused_with_what_to_write(
    line: str, column: int, dotted: str, hint: str
) -> None:
    lines = [each for each in found(line) if " S12 " not in each]
    assert lines == [f"1:{column}: S05 import of '{dotted}' is not allowed; {hint}"]


def test_an_import_in_dead_code_is_refused_too() -> None:
    assert found("", "def f():\n    if False:\n        import os\n") == [
        f"5:16: S05 import of 'os' is not allowed; {FILES}"
    ]


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("from hocket.script import *", ["1:27: S12"]),
        ("from json import *", ["1:18: S12"]),
        ("from os import *", ["1:16: S05", "1:16: S12"]),
    ],
)
def test_a_star_hides_names(line: str, places: list[str]) -> None:
    lines = found(line)
    assert [each[:9] for each in lines] == places
    assert "S12 import * hides which names the script uses" in lines[-1]


def test_every_name_of_the_host_may_be_imported_under_any_name() -> None:
    names = "agent, attempt, parallel, pipeline, workflow, ask, reveal, phase, log, args, budget"
    assert found(f"from hocket.script import {names}, AgentError, agent as worker") == []


@pytest.mark.parametrize(
    ("name", "patterns", "hint"),
    [
        ("agnt", (), "did you mean 'agent'?"),
        ("paralel", (), "did you mean 'parallel'?"),
        ("agentError", (), "did you mean 'AgentError'?"),
        ("verfy", ("verify",), "did you mean 'verify'?"),
        (
            "xyz",
            ("rank",),
            (
                "known: AgentError, agent, args, ask, attempt, budget, log, parallel, phase, "
                "pipeline, rank, reveal, workflow"
            ),
        ),
    ],
)
def test_an_unknown_name_of_the_host_names_the_nearest(
    name: str, patterns: tuple[str, ...], hint: str
) -> None:
    assert found(f"from hocket.script import agent, {name}", "", patterns) == [
        f"1:34: S05 hocket.script has no '{name}'; {hint}"
    ]


def test_installed_patterns_may_be_imported() -> None:
    assert found("from hocket.script import verify", "", ("verify",)) == []


@pytest.mark.parametrize(
    "body",
    [
        "def f():\n    from hocket.script import agent\n",
        "if True:\n    from hocket.script import agent\n",
        "class A:\n    from hocket.script import agent\n",
    ],
)
def test_the_host_is_imported_at_module_level(body: str) -> None:
    assert found("", body) == [
        (
            "4:5: S05 the import from hocket.script is not at module level; "
            "write from hocket.script import agent, … at module level"
        )
    ]


@pytest.mark.parametrize(
    ("head", "body", "place", "shown"),
    [
        ("import time", "x = time.time()", "3:5", "time.time()"),
        ("import time as t", "x = t.monotonic()", "3:5", "time.monotonic()"),
        ("from time import time", "x = time()", "3:5", "time.time()"),
        ("from time import time as now", "x = now", "3:5", "time.time"),
        ("", "x = time.time()", "3:5", "time.time()"),
        ("import datetime", "x = datetime.datetime.now()", "3:5", "datetime.datetime.now()"),
        ("import datetime as dt", "x = dt.date.today()", "3:5", "datetime.date.today()"),
        ("from datetime import datetime", "é = datetime.now()", "3:5", "datetime.datetime.now()"),
        ("from datetime import datetime as D", "x = D.utcnow", "3:5", "datetime.datetime.utcnow"),
        ("from datetime import datetime", "x = f(datetime.today())", "3:7",
         "datetime.datetime.today()"),
        ("from datetime import datetime", "x = datetime.now().isoformat()", "3:5",
         "datetime.datetime.now()"),
    ],
)  # fmt: skip
def test_the_clock_in_plain_form(head: str, body: str, place: str, shown: str) -> None:
    lines = [line for line in found(head, body) if " S05 " not in line]
    assert lines == [f"{place}: S06 {shown}: {CLOCK}"]


def test_the_clock_is_refused_in_dead_code_with_line_and_column() -> None:
    body = "def f():\n    return 1\n    when = 'ü', time.time()\n"
    assert found("", body)[0] == f"5:17: S06 time.time(): {CLOCK}"


@pytest.mark.parametrize(
    ("head", "body", "shown"),
    [
        ("import asyncio", "async def f():\n    await asyncio.sleep(1)\n", "asyncio.sleep()"),
        ("from asyncio import sleep", "async def f():\n    await sleep(1)\n", "asyncio.sleep()"),
        ("import time", "async def f():\n    await time.sleep(1)\n", "time.sleep()"),
    ],
)
def test_waiting_is_refused(head: str, body: str, shown: str) -> None:
    assert f"4:11: S06 {shown}: a script cannot wait; await what you wait for" in found(head, body)


@pytest.mark.parametrize(
    ("head", "expression", "shown"),
    [
        ("import random", "random.random()", "random.random()"),
        ("from random import shuffle as s", "s([])", "random.shuffle()"),
        ("import uuid", "uuid.uuid4().hex", "uuid.uuid4()"),
        ("import secrets", "secrets.token_hex", "secrets.token_hex"),
        ("import os", "os.urandom(3)", "os.urandom()"),
        ("from os import urandom", "urandom(3)", "os.urandom()"),
        ("", "random.choice([1])", "random.choice()"),
    ],
)
def test_chance_is_refused(head: str, expression: str, shown: str) -> None:
    lines = [line for line in found(head, f"x = {expression}") if " S05 " not in line]
    assert lines == [f"3:5: S07 {shown}: {CHANCE}"]


@pytest.mark.parametrize(
    ("head", "expression", "shown"),
    [
        ("import os", "os.environ['HOME']", "os.environ"),
        ("import os.path", "os.path.join('a')", "os.path.join()"),
        ("from pathlib import Path", "Path('a').read_text()", "pathlib.Path()"),
        ("import sys", "sys.argv", "sys.argv"),
        ("import subprocess as s", "s.run('x')", "subprocess.run()"),
        ("import socket", "socket.socket()", "socket.socket()"),
    ],
)
def test_the_world_outside_is_refused(head: str, expression: str, shown: str) -> None:
    lines = [line for line in found(head, f"x = {expression}") if " S05 " not in line]
    assert lines == [f"3:5: S08 {shown}: {FILES}"]


@pytest.mark.parametrize(
    ("head", "expression", "shown", "hint"),
    [
        ("import asyncio", "asyncio.create_task(f())", "asyncio.create_task()",
         "use parallel, pipeline or asyncio.gather(*calls)"),
        ("import functools", "functools.cmp_to_key", "functools.cmp_to_key",
         "use a key function, a closure or functools.cache"),
        ("import collections", "collections.OrderedDict()", "collections.OrderedDict()",
         "use a dict or a list"),
        ("import typing as t", "t.cast(int, 3)", "typing.cast()", "leave the annotation out"),
        ("import re", "re.subn('a', 'b', 'c')", "re.subn()", "use re.finditer and join"),
        ("import re", "re.X", "re.X", "write the pattern without spaces and comments"),
        ("import re", "re.VERBOSE", "re.VERBOSE", "write the pattern without spaces and comments"),
        ("from re import X", "X", "re.X", "write the pattern without spaces and comments"),
    ],
)  # fmt: skip
def test_parts_of_modules_that_the_sandbox_lacks(
    head: str, expression: str, shown: str, hint: str
) -> None:
    assert found(head, f"x = {expression}") == [f"3:5: S05 {shown} is not available; {hint}"]


@pytest.mark.parametrize(
    "body",
    [
        "# time.time() and random.random() and os.environ\n",
        "x = 'time.time()'\n",
        'x = """import os\nos.environ, datetime.now()"""\n',
        "x = f'{1} time.time() datetime.now()'\n",
        "def f(time):\n    return time.time()\n",
        "def f(random, os):\n    return random.x, os.environ\n",
        "time = {}\nx = time.get('a')\n",
        "for os in []:\n    os.environ\n",
        "x = [random.get('a') for random in []]\n",
        "try:\n    pass\nexcept ValueError as time:\n    time.args\n",
        "match {}:\n    case {'a': time, **random}:\n        time.x, random.y\n",
        "match []:\n    case [*os]:\n        os.x\n    case str() as sys:\n        sys.x\n",
        "class time:\n    x = 1\ny = time.x\n",
        "def uuid():\n    return 1\nx = uuid.y\n",
        "f = lambda time: time.time()\n",
        "async def f(*os, **sys):\n    os.x, sys.x\n",
        "if (time := 3):\n    time.real\n",
        "def f():\n    random = 1\n    def g():\n        return random.real\n    return g\n",
    ],
)
def test_mentions_and_names_of_the_scripts_own_pass(body: str) -> None:
    assert found("", body) == []


def test_a_name_of_a_class_body_is_not_seen_by_its_methods() -> None:
    body = (
        "class A:\n    time = 1\n    x = time.real\n    def f(self):\n        return time.time()\n"
    )
    assert found("", body) == [f"7:16: S06 time.time(): {CLOCK}"]


def test_values_of_time_pass() -> None:
    head = "from datetime import datetime, date, timedelta\nimport datetime as dt"
    body = (
        "x = datetime.fromisoformat('2024-01-02T03:04:05') + timedelta(days=1)\n"
        "y = dt.date.fromisoformat('2024-01-02').isoformat()\n"
        "def f(when: datetime) -> date:\n    return when.date()\n"
    )
    assert found(head, body) == []


@pytest.mark.parametrize("module", sorted(WORLD))
def test_no_module_of_the_world_is_allowed(module: str) -> None:
    assert found(f"import {module}") == [f"1:8: S05 import of '{module}' is not allowed; {FILES}"]
