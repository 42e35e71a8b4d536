"""Any text is checked without an exception, and what the check accepts is Python."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.scripts import Manifest, Script
from hocket.scripts import source
from hocket.scripts.check import check

STATEMENTS = st.sampled_from(
    [
        '"""Doc."""',
        'meta = {"name": "n", "description": "d"}',
        "from hocket.script import agent, parallel as p, *",
        "from hocket.script import agent, parallel as p",
        "import os, time as t",
        "async def main():",
        "def f(x, *, y=1, **z):",
        "class A(B):",
        "    return await agent('x', check='c')",
        "    def __len__(self): yield",
        "    agent('x')",
        "    @property",
        "p([lambda x: x for x in y])",
        "t.time()",
        "for a, *b in c:",
        "    pass",
        "match x:",
        "    case {'a': [1, *r], **k}: pass",
        "x = '{0.__class__}'.format(y)",
        "del x",
        "lambda: (yield)",
        "global g",
        "with a as b: pass",
        "try: pass\nexcept E as e: pass",
        "x: int = 3",
        "f'{a!r:{b}}'",
        "x = y = z = (w := 3)",
    ]
)


def any_script(text: str) -> Script:
    return Script("wf.py", text, "sha256:0", "python", Manifest(name="n", description="d"))


@given(st.lists(STATEMENTS | st.text(max_size=8), max_size=12).map("\n".join))
def test_any_text_gives_findings_with_places(text: str) -> None:
    text = text.replace("\r", "\n")  # as `normalise` leaves it
    lines = text.split("\n")
    for finding in check(any_script(text), ["verify"]):
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 2
        assert finding.code[0] == "S"


@given(st.lists(STATEMENTS, max_size=12).map("\n".join))
def test_what_has_no_finding_parses(text: str) -> None:
    if not check(any_script(text), ()):
        ast.parse(text)


@given(st.lists(STATEMENTS, max_size=8).map("\n".join))
def test_findings_are_sorted_and_printed_in_one_line_each(text: str) -> None:
    found = check(any_script(text), ())
    assert found == sorted(found)
    printed = source.render("wf.py", found)
    assert len(printed) == min(len(found), 20) + (len(found) > 20)
    assert not any("\n" in line for line in printed)
