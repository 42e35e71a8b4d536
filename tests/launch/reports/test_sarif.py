"""Findings as SARIF 2.1.0: the fields that the standard demands, and nothing that steers."""

from __future__ import annotations

import json
import re

from hocket.launch.reports.reading import data_of
from hocket.launch.reports.sarif import sarif

FINDINGS = [
    {"title": "Export for all.", "why": "No guard", "severity": "critical", "file": "src/a b.py",
     "line": 41, "end_line": 44, "quote": "def export():", "group": "input handling",
     "state": "supported"},
    {"title": "Odd", "severity": "medium", "file": "b.py", "line": 0},
    {"title": "Nowhere \x1b[2J", "severity": "info"},
    {"title": "Slow", "severity": "low", "file": "c.py", "line": 5, "end_line": 3},
    {"title": "Question", "severity": "high", "state": "qualified"},
    {"title": "No", "severity": "high", "state": "refuted"},
]  # fmt: skip


def log(findings=FINDINGS, name="code-audit"):
    return sarif(data_of({"findings": findings}), name)


def test_the_log_has_what_the_standard_demands():
    made = log()
    assert made["$schema"].endswith("sarif-2.1.0.json")
    assert made["version"] == "2.1.0"
    (run,) = made["runs"]
    assert run["tool"]["driver"]["name"] == "hocket code-audit"
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["ruleId"] in rules
        assert re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["hocketFinding/v1"])


def test_only_what_holds_is_told_with_its_place_and_level():
    results = log()["runs"][0]["results"]
    assert [one["message"]["text"] for one in results] == [
        "Export for all. No guard", "Odd", "Nowhere \\x1b[2J", "Slow",
    ]  # fmt: skip
    assert [one["level"] for one in results] == ["error", "warning", "note", "note"]
    assert results[0]["ruleId"] == "input-handling"
    assert results[0]["locations"] == [
        {"physicalLocation": {
            "artifactLocation": {"uri": "src/a%20b.py"},
            "region": {"startLine": 41, "endLine": 44, "snippet": {"text": "def export():"}},
        }}
    ]  # fmt: skip
    assert results[1]["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "b.py"}}}]
    assert "locations" not in results[2]
    assert results[3]["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_the_same_finding_has_the_same_print_on_another_line():
    moved = [{**FINDINGS[0], "line": 50, "end_line": 53}]
    prints = [made["runs"][0]["results"][0]["partialFingerprints"] for made in (log(), log(moved))]
    assert prints[0] == prints[1]


def test_a_name_that_is_none_is_still_a_rule():
    result = log([{"title": "x"}], name="!!")["runs"][0]
    assert result["results"][0]["ruleId"] == "finding"
    assert json.loads(json.dumps(result)) == result
