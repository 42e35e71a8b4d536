"""S21: a call that names tools of both kinds."""

from __future__ import annotations

import pytest

from hocket.scripts import manifest
from hocket.scripts.check import check
from hocket.scripts.source import render

HEAD = """\
from hocket.script import agent, attempt, verify, agent as worker
meta = {"name": "n", "description": "d"}
async def main():
    await """


def found(call: str) -> list[str]:
    script = manifest.read(f"{HEAD}{call}\n", "wf.py")
    return render("wf.py", check(script, ["verify"]))


@pytest.mark.parametrize(
    ("call", "name", "reads", "acts"),
    [
        ("agent('x', tools=['WebSearch', 'Edit'])", "agent", "WebSearch", "Edit"),
        ("attempt('x', tools=('Bash(npm test)', 'WebFetch'))", "attempt", "WebFetch", "Bash"),
        ("worker('x', tools=['Read', 'Write', 'WebFetch', 'Edit'])", "agent", "WebFetch", "Write"),
        ("verify([], tools=[name, 'Edit', 'WebFetch(domain:a.b)', 3])", "verify", "WebFetch",
         "Edit"),
    ],
)  # fmt: skip
def test_a_call_of_both_kinds_is_warned_of(call: str, name: str, reads: str, acts: str) -> None:
    column = 11 + min(at for at in (call.find("['"), call.find("('B"), call.find("[n")) if at > 0)
    (line,) = found(call)
    assert line == (
        f"wf.py:4:{column}: S21 warning: {name}() names {reads}, which reads outside, and {acts}, "
        "which acts: the quarantine refuses that; "
        "let one agent read, and hand what it found to another"
    )


@pytest.mark.parametrize(
    "call",
    [
        "agent('x', tools=['WebSearch', 'WebFetch', 'Read'])",
        "agent('x', tools=['Edit', 'Write', 'Bash', 'Read'])",
        "agent('x', tools=[])",
        "agent('x', tools=names)",
        "agent('WebSearch', label='Edit')",
        "dict(tools=['WebFetch', 'Edit'])",
    ],
)
def test_what_is_not_warned_of(call: str) -> None:
    assert found(call) == []
