"""Why a call ran or was a hit, down to the character that differs."""

from __future__ import annotations

import pytest

from hocket.errors import UsageError
from hocket.journal.records import frame
from hocket.launch.explain import explain
from hocket.launch.project import Project
from hocket.testing import Fail, resume_script, run_script

SCRIPT = '''"""One call."""
from hocket.script import agent

meta = {"name": "one"}


async def main():
    return await agent("Audit the old file, carefully.", label="audit")
'''


def sentences(project, outcome, call=1):
    return explain(Project.open(project).store(), outcome.run_id, call).sentences


def test_a_first_time_and_a_hit(hocket_project):
    first = run_script(SCRIPT, project=hocket_project)
    assert sentences(hocket_project, first) == (
        "life 1, record 2: it ran, because nothing with its key was asked for before",
        "life 1, record 3: it ended as ok",
    )
    resume_script(first.run_id, project=hocket_project)
    assert sentences(hocket_project, first)[-1] == "life 2: a hit, answered from record 3"


def test_a_failure_runs_again(hocket_project):
    first = run_script(SCRIPT, {"": Fail()}, project=hocket_project)
    resume_script(first.run_id, project=hocket_project)
    told = sentences(hocket_project, first)
    assert told[1] == "life 1, record 3: it ended as error (scripted)"
    assert told[2].endswith("it ran, because record 3 had ended as error")


def test_an_edited_call_names_the_first_field_that_differs(hocket_project):
    first = run_script(SCRIPT, project=hocket_project)
    edited = SCRIPT.replace("old file", "new file")
    resume_script(first.run_id, project=hocket_project, source=edited)
    assert sentences(hocket_project, first, 2)[0].endswith(
        "it ran, because nothing with its key was committed; call 1 with the same label and phase "
        "differs in prompt at character 10: 'old file, carefully.' became 'new file, carefully.'"
    )
    longer = edited.replace("carefully.", "carefully. Twice.")
    resume_script(first.run_id, project=hocket_project, source=longer)
    assert "differs in prompt at character 30" in sentences(hocket_project, first, 3)[0]


def test_another_occurrence_of_the_same_call(hocket_project):
    first = run_script(SCRIPT, project=hocket_project)
    twice = SCRIPT.replace(
        "return await",
        'await agent("Audit the old file, carefully.", label="audit")\n    return await',
    )
    resume_script(first.run_id, project=hocket_project, source=twice)
    assert sentences(hocket_project, first, 2)[0].endswith(
        "call 1 was the same call at another occurrence"
    )


class Store:
    """One run as bytes."""

    def __init__(self, *records):
        lines = [frame(n, e, kind, 0, 0, fields) for n, (e, kind, fields) in enumerate(records)]
        self.journal = b"".join(lines)

    def peek(self, run_id, name):
        return self.journal if name == "journal.jsonl" else None


HEADER = (1, "header", {"min_reader": 1})
CALL = {"call": 1, "key": "k", "occ": 0, "label": "x"}


def test_a_call_that_was_cut_off_runs_again():
    store = Store(HEADER, (1, "started", CALL), (2, "usage", {"call": 1}), (2, "started", CALL))
    assert explain(store, "r", 1).sentences[1] == (
        "life 2, record 3: it ran, because record 1 had started it and no end was written"
    )


def test_a_call_whose_canonical_form_was_lost_is_only_compared_by_its_key():
    other = {**CALL, "call": 2, "key": "other", "canonical": 5}
    store = Store(HEADER, (1, "started", CALL), (2, "started", other))
    (told,) = explain(store, "r", 2).sentences
    assert told.endswith("call 1 was the same call at another occurrence")


def test_an_unknown_call_is_a_usage_error():
    with pytest.raises(UsageError, match="run r has no such call"):
        explain(Store(HEADER), "r", 7)
    with pytest.raises(UsageError):
        explain(Store(), "r", 7)
