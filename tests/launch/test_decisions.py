"""What was decided in a run: every use and every call that somebody judged, in order."""

from __future__ import annotations

import hashlib
import json

import pytest

from hocket.api.approval import Use
from hocket.api.calls import Bound, EndState, Outcome
from hocket.api.tools import Effect, Label
from hocket.journal.records import frame
from hocket.launch.decisions import FREE, WHOLE, decisions
from hocket.launch.project import Project
from hocket.testing import Stage, run_script

SCRIPT = '''"""Uses."""
from hocket.script import agent

meta = {"name": "uses", "description": "Wants to use things."}


async def main():
    await agent("look", label="first", tools=["Read"])
    await agent("make", label="second", tools=["Bash"])
    return await agent("both", label="third", tools=["WebFetch", "Edit"])
'''
READ = Use("Read", "Read(a.py)", frozenset({Effect.READ_PROJECT}), {})
BASH = Use(
    "Bash",
    "Bash(make)",
    frozenset({Effect.EXECUTE}),
    {},
    Label(outside=True, sources=frozenset({"https://b.example", "https://a.example"})),
)


class Wanting:
    """A backend whose calls want to use a tool each."""

    name = "wanting"
    has_workspace = False
    checks_pass = True

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        judged = await context.decide({"look": READ, "make": BASH}[call.prompt])
        return Outcome(EndState.OK, judged.verdict.name)

    async def aclose(self):
        pass


@pytest.fixture
def log(hocket_project):
    """Run the script, and give what was decided."""

    def told(**stage):
        ended = run_script(SCRIPT, Wanting(), project=hocket_project, stage=Stage(**stage))
        return decisions(Project.open(hocket_project).store(), ended.run_id)

    return told


def test_every_decision_is_told_with_its_call(log):
    look, make, both = log()
    assert (look.call, look.label, look.tool, look.use) == (1, "first", "Read", "Read(a.py)")
    assert (look.verdict, look.is_denied, look.why, look.by) == ("allow", False, FREE, "policy")
    assert (make.call, make.label, make.use, make.verdict) == (2, "second", "Bash(make)", "deny")
    assert make.outside == ("https://a.example", "https://b.example")
    assert make.why.endswith("; it had read https://a.example, https://b.example")
    assert (both.call, both.label, both.tool, both.use) == (3, "third", None, WHOLE)
    assert both.is_denied
    assert both.reason
    assert [one.record for one in (look, make, both)] == sorted(
        {look.record, make.record, both.record}
    )


def test_a_decision_stands_in_an_answer_as_a_whole(log):
    told = log()[1].as_json()
    assert (told["tool"], told["use"], told["label"]) == ("Bash", "Bash(make)", "second")
    assert told["outside"] == ["https://a.example", "https://b.example"]
    assert json.loads(json.dumps(told)) == told


class Store:
    """One run as bytes."""

    def __init__(self, *records, **artifacts):
        lines = [frame(n, 1, kind, 7, 0, fields) for n, (kind, fields) in enumerate(records)]
        self.files = {"journal.jsonl": b"".join(lines), **artifacts}

    def peek(self, run_id, name):
        return self.files.get(name)


HEADER = ("header", {"min_reader": 1})
CALL = {"call": 4, "key": "k", "occ": 0}


def test_a_reason_that_was_too_long_for_its_line_is_read_too():
    content = json.dumps("a very long reason").encode()
    digest = hashlib.sha256(content).hexdigest()
    spilled = {"reason": {"artifact": digest, "size": len(content)}}
    decided = ("decided", {**CALL, "shown": "x", "verdict": "deny", "spilled": spilled})
    (one,) = decisions(Store(HEADER, decided, **{f"artifacts/{digest}": content}), "r")
    assert (one.why, one.at_ms, one.record) == ("a very long reason", 7, 1)
    (lost,) = decisions(Store(HEADER, decided), "r")
    assert (lost.reason, lost.label) == ("", "x")


def test_what_a_record_does_not_say_counts_as_a_no():
    (one,) = decisions(Store(HEADER, ("decided", {"tool": "Bash", "by": "person"})), "r")
    assert one.is_denied
    assert (one.call, one.label, one.use, one.why) == (0, "", "", "a person said no")


def test_a_run_without_decisions_has_none():
    assert decisions(Store(HEADER, ("started", {**CALL, "label": "x"})), "r") == []
    assert decisions(Store(), "r") == []
