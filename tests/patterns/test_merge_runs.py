"""merge in real runs: it asks nobody, unless readers are to say which keys are the same."""

from __future__ import annotations

import pytest

from hocket.errors import ScriptRejected
from hocket.testing import After, Fail, ScriptedBackend, Stage, resume_script, run_script

SCRIPT = '''\
"""Merge."""
from hocket.script import args, merge

meta = {"name": "merging", "description": "Merge"}


async def main():
    return await merge(args, OPTIONS)
'''
RECORDS = [
    {"id": "car", "price": 5, "source": "a"},
    {"id": "automobile", "price": 6, "source": "b"},
    {"id": "Car ", "price": 6, "source": "b"},
    None,
]


def run(project, options, answers=None, **stage):
    source = SCRIPT.replace("OPTIONS", options)
    return run_script(source, answers, project=project, args=RECORDS, stage=Stage(**stage))


def test_without_agents(hocket_project):
    told = run(hocket_project, 'key="id", policy=["order"], order=["b", "a"]')

    assert told.result["records"] == [
        {"id": "Car ", "price": 6, "source": ["a", "b"]},
        {"id": "automobile", "price": 6, "source": "b"},
    ]
    assert told.result["conflicts"] == [
        {"key": "Car ", "field": "price", "values": [5, 6], "chosen": 6, "by": "order"}
    ]
    assert told.prompts == []
    assert "1 of 4 records are null: left out" in told.report["notes"][0]


@pytest.mark.parametrize(
    "options", ["keys=1", 'key="id", polciy="latest"', 'key="id", policy="new"']
)
def test_misuse_is_found_before_anything_runs(hocket_project, options):
    with pytest.raises(ScriptRejected):
        run(hocket_project, options)


def test_readers_are_asked_once_even_through_a_kill(hocket_project):
    options = 'key="id", same="means the same thing", model="small"'
    same = {"groups": [[1, 2]]}
    whole = run(hocket_project, options, {"": same})
    runs = []

    def killed(_call):
        runs[0].leave("suspended", "told to")
        return After(1, Fail())

    before = run(hocket_project, options, {"": killed}, ready=runs.append)
    rest = ScriptedBackend({"": same})
    after = resume_script(before.run_id, rest, project=hocket_project)

    assert after.result == whole.result
    assert [record["price"] for record in after.result["records"]] == [6]
    assert rest.calls == whole.prompts
    assert len(rest.calls) == 1
