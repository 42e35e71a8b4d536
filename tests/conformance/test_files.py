"""C01 to C11: which files are scripts, and what is refused before anything runs."""

from __future__ import annotations

import re

import pytest

from hocket.api.events import RunStarted
from hocket.errors import ScriptRejected
from hocket.testing import ScriptedBackend, resume_script, run_script

PLAIN = '''\
"""A script."""
from hocket.script import agent
meta = {"name": "plain"}
async def main():
    return await agent("one")
'''
LONGEST = 524_288


def refused(source, project):
    """Give the findings of a script that must not run."""
    agents = ScriptedBackend({"": "never"})
    with pytest.raises(ScriptRejected) as caught:
        run_script(source, agents, project=project)
    assert agents.calls == []
    assert not (project / ".hocket" / "runs").exists()
    return caught.value.findings


def test_c01_without_meta_the_file_and_line_are_named(hocket_project):
    (finding,) = refused(PLAIN.replace('meta = {"name": "plain"}\n', ""), hocket_project)

    assert finding.startswith("script.py:1:1: S03 meta is missing")


@pytest.mark.parametrize(
    ("literal", "column", "what"),
    [
        ('{"name": NAME}', 17, "a name"),
        ('{"name": str(1)}', 17, "a call"),
        ('{"name": "a" + "b"}', 17, "an operator"),
        ('{"name": "a", **OTHER}', 24, "a spread"),
    ],
)
def test_c02_meta_is_a_pure_literal(hocket_project, literal, column, what):
    findings = refused(PLAIN.replace('{"name": "plain"}', literal), hocket_project)

    assert any(f.startswith(f"script.py:3:{column}: S03") and what in f for f in findings)


def test_c03_a_name_is_needed_and_not_empty(hocket_project):
    missing = refused(PLAIN.replace('{"name": "plain"}', "{}"), hocket_project)
    empty = refused(PLAIN.replace('"plain"', '""'), hocket_project)

    assert "S04 meta.name is missing" in missing[0]
    assert "S04 meta.name is empty" in empty[0]


def test_c03_an_unknown_key_is_one_note(case):
    outcome = case.run("return 1", meta='"phasis": ["Find"]')

    assert (outcome.status, outcome.result) == ("completed", 1)
    assert outcome.card.notes == ("meta.phasis is not known; did you mean phases?",)


def test_c04_phases_are_texts_or_objects(case):
    as_texts = case.run("return 1", meta='"phases": ["Find", "Audit"]')
    as_objects = case.run(
        "return 1", meta='"phases": [{"title": "Find", "detail": "all"}, {"title": "Audit"}]'
    )

    groups = [o.events[0].phases for o in (as_texts, as_objects)]
    assert isinstance(as_texts.events[0], RunStarted)
    assert groups == [("Find", "Audit")] * 2


def test_c05_comments_blank_lines_and_a_bom_may_come_first(hocket_project):
    outcome = run_script("\ufeff# a comment\n\n\n" + PLAIN, {"": "done"}, project=hocket_project)

    assert outcome.result == "done"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_c06_line_ends_do_not_change_keys(hocket_project, line_end):
    source = PLAIN.replace('"one"', '"""one\ntwo"""')
    before = run_script(source, {"one\ntwo": "read"}, project=hocket_project)
    copy = source.replace("\n", line_end)
    after = resume_script(before.run_id, {}, project=hocket_project, source=copy)

    assert (after.result, after.prompts) == ("read", [])


def test_c07_a_control_character_is_named_with_its_place(hocket_project):
    (finding,) = refused(PLAIN.replace('"one"', '"one\a"'), hocket_project)

    assert finding.startswith("script.py:5:28: S02 U+0007")


def padded(length):
    return PLAIN + "#" * (length - len(PLAIN))


def test_c08_the_longest_script_runs(hocket_project):
    assert run_script(padded(LONGEST), {"": "done"}, project=hocket_project).result == "done"


def test_c08_one_character_more_is_refused(hocket_project):
    (finding,) = refused(padded(LONGEST + 1), hocket_project)

    assert "524,289 characters" in finding


def test_c09_a_file_of_the_project_cannot_be_imported(hocket_project):
    (hocket_project / "helper.py").write_text("X = 1\n", "utf-8")
    (finding,) = refused(PLAIN.replace("meta", "from helper import X\nmeta"), hocket_project)

    assert finding.startswith("script.py:3:20: S05 import of 'helper' is not allowed")


def test_c09_a_syntax_error_is_named_with_its_line(hocket_project):
    (finding,) = refused(PLAIN.replace("await agent(", "await agent((("), hocket_project)

    assert finding.startswith("script.py:5:")
    assert "S01" in finding


CLOCK_AND_CHANCE = [
    ("from datetime import datetime", "datetime.now()", "S06"),
    ("from datetime import datetime", "datetime.utcnow()", "S06"),
    ("from datetime import date", "date.today()", "S06"),
    ("import datetime", "datetime.datetime.now()", "S06"),
    ("import asyncio", "asyncio.sleep(1)", "S06"),
    ("import time", "time.time()", "S06"),
    ("import random", "random.random()", "S07"),
    ("import uuid", "uuid.uuid4()", "S07"),
    ("import os", "os.urandom(4)", "S07"),
]


@pytest.mark.parametrize(("line", "call", "code"), CLOCK_AND_CHANCE)
def test_c10_clock_and_chance_are_refused_with_their_place(hocket_project, line, call, code):
    source = PLAIN.replace("meta", f"{line}\nmeta").replace('agent("one")', call)
    findings = refused(source, hocket_project)

    assert any(f.startswith(f"script.py:6:18: {code} ") for f in findings)


def test_c10_also_in_dead_code(hocket_project):
    source = PLAIN.replace("meta", "from datetime import datetime\nmeta")
    dead = source + "    if False:\n        return datetime.now()\n"
    (finding,) = refused(dead, hocket_project)

    assert finding.startswith("script.py:8:16: S06 datetime.datetime.now(): a script has no clock")


def test_c10_but_not_in_texts_and_comments(case):
    outcome = case.run("return 'time.time() and random.random()'  # datetime.now()")

    assert outcome.result == "time.time() and random.random()"


@pytest.mark.parametrize(
    "hidden",
    [
        'getattr(datetime, "n" + "ow")()',
        'getattr(date, "to" + "day")()',
        "{'clock': datetime}['clock'].now()",
        "(lambda kind: kind.today())(date)",
    ],
)
def test_c11_a_hidden_clock_raises_at_run_time(case, hidden):
    outcome = case.run(f"return str({hidden})", imports="from datetime import date, datetime")

    assert (outcome.status, outcome.result) == ("failed", None)
    assert re.match(r"script\.py:8:\d+: ", outcome.cause)
