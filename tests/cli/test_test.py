"""`hocket test`: what a bundle's author learns before anybody runs it."""

from __future__ import annotations

import json

import pytest
from authors import put, typed, written

from hocket.cli.test import test as command

SCRIPT = '''
"""Ask about each item."""

from hocket.script import agent, args, parallel, phase

meta = {
    "name": "second-opinion",
    "description": "Ask about each item, and keep what is good",
    "phases": ["Ask"],
    "args": {
        "type": "object",
        "properties": {"what": {"type": "string"}},
        "required": ["what"],
    },
}
ITEMS = {
    "type": "object",
    "x-role": "list",
    "properties": {"items": {"type": "array", "items": {"type": "string"}, "maxItems": 40}},
    "required": ["items"],
}
SEEN = {
    "type": "object",
    "x-role": "look",
    "properties": {"good": {"type": "boolean"}},
    "required": ["good"],
}


async def main():
    phase("Ask")
    listed = await agent(f"List {args['what']}.", schema=ITEMS)
    items = LISTED
    seen = await parallel([agent(f"Look at {item}.", schema=SEEN) for item in items])
    good = [item for item, one in zip(items, seen, strict=True) if one and one["good"]]
    return {"good": good, "complete": COMPLETE}
'''
CAREFUL, CARELESS = 'listed["items"] if listed else []', 'listed["items"]'
HONEST = "listed is not None and None not in seen"
CASE = {
    "name": "what is good is kept",
    "words": ["stones"],
    "answers": [
        {"role": "list", "answer": {"items": ["agate", "slate", "flint"]}},
        {"role": "look", "answer": {"good": True}},
        {"role": "look", "answer": {"good": False}},
        {"role": "look", "fails": "error"},
    ],
    "expect": {"/good": ["agate"], "/good/-": 1, "/complete": False},
}


@pytest.fixture
def bundle(tmp_path):
    """Give a function that writes a bundle with a script and cases, and tests it."""

    def make(listed=CAREFUL, complete=HONEST, **cases):
        folder = written(tmp_path / str(len([*tmp_path.iterdir()])))
        text = SCRIPT.lstrip().replace("LISTED", listed).replace("COMPLETE", complete)
        put(folder / "workflow.py", text)
        for name, case in cases.items():
            put(folder / "tests" / f"{name}.json", json.dumps(case))
        return folder

    return make


def told(folder, capsys):
    """Test it, and give the exit code with what was told as JSON."""
    code = typed(command, folder, "--json")
    return code, json.loads(capsys.readouterr().out)


def test_a_good_bundle_passes_its_cases_and_every_dry_run(bundle, capsys):
    code, answer = told(bundle(good=CASE), capsys)
    assert code == 0
    (case,) = answer["cases"]
    assert (case["case"], case["calls"], case["problems"]) == ("tests/good.json", 4, [])
    assert [run["world"] for run in case["dry_runs"]] == [
        "agents that answer",
        "agents that all fail",
        "agents that find nothing",
        "agents that find ten times as much",
        "the shortest answers that are valid",
    ]
    assert case["dry_runs"][1]["calls"] == 1


def test_a_script_that_cannot_stand_a_failure_is_found_without_a_model(bundle, capsys):
    code, answer = told(bundle(listed=CARELESS, good=CASE), capsys)
    assert code == 1
    (problem,) = answer["cases"][0]["problems"]
    assert problem.startswith("agents that all fail: it failed: ")
    assert "TypeError" in problem
    assert answer["error"]["message"].startswith("test: 1 of 1 cases of second-opinion failed")


def test_a_result_that_calls_itself_complete_though_all_failed_is_found(bundle, capsys):
    code, answer = told(
        bundle(complete="True", good=CASE | {"expect": {"/complete": True}}), capsys
    )
    assert code == 1
    assert answer["cases"][0]["problems"] == [
        "agents that all fail: every call failed, and the result says complete: true"
    ]


def test_what_is_not_as_expected_is_told_with_both(bundle, capsys):
    wrong = CASE | {"expect": {"/good/0": "slate", "/bad": []}}
    code, answer = told(bundle(good=wrong), capsys)
    assert code == 1
    assert answer["cases"][0]["problems"] == [
        '/good/0: expected "slate", found "agate"',
        "/bad: expected [], found nothing",
    ]


def test_a_call_that_no_line_is_for_and_an_answer_that_does_not_fit_are_told(bundle, capsys):
    lines = [{"role": "list", "answer": {"items": 3}}]
    code, answer = told(bundle(good=CASE | {"answers": lines, "expect": {"/good": []}}), capsys)
    assert code == 1
    problem = answer["cases"][0]["problems"][0]
    assert problem.startswith("the answer to 'list': ")
    lines = CASE["answers"][:1]
    code, answer = told(bundle(good=CASE | {"answers": lines, "expect": {"/good": []}}), capsys)
    assert [one.partition(" (")[0] for one in answer["cases"][0]["problems"]] == [
        "no answer for the role 'look'"
    ] * 3


def test_broken_cases_are_told_one_by_one(bundle, capsys):
    cases = {
        "a": {"name": "a", "expect": {}},
        "b": {"name": "b", "expect": {"/x": 1}, "files": {"../up": ""}},
        "c": {"name": "c", "expect": {"/x": 1}, "command": "other"},
        "d": {"name": "d", "expect": {"/x": 1}, "words": ["x", "--nonsense"]},
    }
    code, answer = told(bundle(**cases), capsys)
    assert code == 1
    problems = {case["case"]: case["problems"] for case in answer["cases"]}
    assert "expect" in problems["tests/a.json"][0]
    assert "no path inside a project" in problems["tests/b.json"][0]
    assert "there is no command 'other'" in problems["tests/c.json"][0]
    assert "--nonsense" in problems["tests/d.json"][0]


def test_a_bundle_without_cases_is_told_to_write_some(bundle, capsys):
    assert typed(command, bundle()) == 0
    assert "write tests/*.json" in capsys.readouterr().out


def test_a_person_sees_a_row_a_case_and_what_was_wrong(bundle, capsys):
    assert typed(command, bundle(good=CASE)) == 0
    row = capsys.readouterr().out.split("\t")
    assert row[:4] == ["tests/good.json", "what is good is kept", "ok", "4"]
    assert typed(command, bundle(listed=CARELESS, good=CASE)) == 1
    assert "agents that all fail" in capsys.readouterr().out
