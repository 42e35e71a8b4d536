"""`from hocket.script import …` becomes assignments; every other line stays where it was."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.scripts.imports import served

ONE = "agent = _api_agent"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from hocket.script import agent", ONE),
        ("from hocket.script import agent as a, log", "a = _api_agent; log = _api_log"),
        ("from hocket.script import agent; x = 1", f"{ONE}; x = 1"),
        ("x = 'ä'; from hocket.script import agent; y = 'ä'", f"x = 'ä'; {ONE}; y = 'ä'"),
        ("from hocket.script import (\n    agent,\n)\nx = 1", f"{ONE} \\\n\\\n\nx = 1"),
        ("from hocket.script import (agent,\n  log); x = 1", f"{ONE}; log = _api_log \\\n; x = 1"),
        ("from hocket.script import \\\n    agent\nx", f"{ONE} \\\n\nx"),
        ("import json\nfrom json import dumps", "import json\nfrom json import dumps"),
        ("from hocket.scripts import agent", "from hocket.scripts import agent"),
        ("x = 'from hocket.script import agent'", "x = 'from hocket.script import agent'"),
        ("", ""),
    ],
)
def test_imports_become_assignments(source, expected):
    assert served(source) == expected


NAMES = st.lists(
    st.tuples(st.sampled_from(["agent", "log", "parallel"]), st.none() | st.just("x")), min_size=1
)
STYLES = st.sampled_from(["plain", "one line each", "all on one"])


def written(names, style):
    parts = [name if alias is None else f"{name} as {alias}" for name, alias in names]
    if style == "plain":
        return f"from hocket.script import {', '.join(parts)}"
    if style == "one line each":
        return "from hocket.script import (\n    " + ",\n    ".join(parts) + ",\n)"
    return "from hocket.script import (\n" + ", ".join(parts) + ")"


@given(st.lists(st.tuples(NAMES, STYLES), min_size=1, max_size=3))
def test_what_is_served_binds_the_same_names_and_keeps_every_line(imports):
    source = "\n".join(f"{written(*one)}\nmark{n} = {n}" for n, one in enumerate(imports))
    made = served(source)

    assert made.count("\n") == source.count("\n")
    before, after = ast.parse(source), ast.parse(made)
    marks = [ast.dump(s) for s in before.body if isinstance(s, ast.Assign)]
    lines = [s.lineno for s in before.body if isinstance(s, ast.Assign)]
    kept = [s for s in after.body if isinstance(s, ast.Assign) and "mark" in ast.unparse(s)]
    assert [ast.dump(s) for s in kept] == marks
    assert [s.lineno for s in kept] == lines
    bound = [ast.unparse(s) for s in after.body if s not in kept]
    assert bound == [
        f"{alias or name} = _api_{name}" for names, _ in imports for name, alias in names
    ]
