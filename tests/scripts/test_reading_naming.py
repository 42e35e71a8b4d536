"""Which tools a script's calls name; where nobody can tell, nobody claims to know."""

from __future__ import annotations

import pytest

from hocket.api.scripts import Manifest, Script
from hocket.scripts.reading.naming import named

MANIFEST = Manifest(name="n", description="")


def read(body, *, imports="agent", language="python"):
    source = f"from hocket.script import {imports}\n\n\nasync def main():\n    {body}\n"
    return named(Script("wf.py", source, "sha256:1", language, MANIFEST))


@pytest.mark.parametrize(
    ("body", "imports", "tools"),
    [
        ("return 1", "log", ()),
        ("await agent('x', tools=[])", "agent", ()),
        ("await agent('x', tools=['Read', 'Edit(src/**)'])", "agent", ("Read", "Edit(src/**)")),
        ("await agent('x', tools=('Read',)); await agent('y', tools=['Bash', 'Read'])", "agent",
         ("Read", "Bash")),
        ("await attempt('x', tools=['Read'])", "attempt", ("Read",)),
        ("await ask_one('x', tools=['Read'])", "agent as ask_one, log, phase", ("Read",)),
        ("await agent('x', tools=['Read'])", "agent, workflow, verify", ("Read",)),
        ("await parallel([agent(i, tools=['Web*']) for i in '12'])", "agent, parallel", ("Web*",)),
    ],
)  # fmt: skip
def test_calls_that_all_name_their_tools(body, imports, tools):
    assert read(body, imports=imports) == tools


@pytest.mark.parametrize(
    ("body", "imports"),
    [
        ("await agent('x')", "agent"),
        ("await agent('x', tools=['Read']); await agent('y')", "agent"),
        ("await agent('x', tools=None)", "agent"),
        ("await agent('x', tools=TOOLS)", "agent"),
        ("await agent('x', tools=[name])", "agent"),
        ("await agent('x', tools=['Read', 1])", "agent"),
        ("await agent('x', tools=['Read'], **more)", "agent"),
        ("await parallel(map(agent, 'ab'))", "agent, parallel"),
        ("f = agent; await f('x', tools=['Read'])", "agent"),
        ("await verify(['a'])", "verify"),
        ("await workflow('other')", "workflow"),
        ("await agent('x', tools=['Read']); await p('x')", "agent, some_pattern as p"),
    ],
)
def test_where_some_call_may_name_none(body, imports):
    assert read(body, imports=imports) is None


def test_other_languages_are_not_read():
    assert read("await agent('x', tools=['Read'])", language="javascript") is None
