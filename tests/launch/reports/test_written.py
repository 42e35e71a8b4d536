"""The files of a report: for results that are one, and never at the cost of a result."""

from __future__ import annotations

import json

import pytest

from hocket.launch.reports import account, by_rules, worse, written
from hocket.testing import ScriptedBackend

REPORT = {"report": "x", "data": {"title": "T", "findings": [{"title": "f", "severity": "high"}]}}


def test_a_report_becomes_its_files(told):
    files = written(told(REPORT), pytest.fail)
    assert list(files) == ["report.md", "report.html", "report.sarif"]
    assert files["report.md"].startswith(b"# T\n")
    assert files["report.html"].startswith(b"<!doctype html>")
    assert json.loads(files["report.sarif"])["version"] == "2.1.0"
    assert "report.sarif" not in written(told({"report": "x", "data": {}}), pytest.fail)


def test_its_first_table_becomes_a_file_of_cells_that_calculates_nothing(told):
    rows = [["=1+1", 2], ["a,b", None]]
    tables = [{"title": "t", "columns": ["name", "n"], "rows": rows}, {"title": "u", "rows": []}]
    files = written(told({"report": "x", "data": {"tables": tables}}), pytest.fail)
    assert files["report.csv"] == b'name,n\r\n\'=1+1,2\r\n"a,b",\r\n'


@pytest.mark.parametrize(
    "result", [None, "text", 1, [], {}, {"report": "x"}, {"data": {}}, {"report": 1, "data": {}}]
)
def test_another_result_has_none(told, result):
    assert written(told(result), pytest.fail) == {}
    assert account(told(result)) is None
    assert worse(told(result), "low") == 0


def test_a_fault_of_ours_is_told_and_costs_no_result(told):
    warned = []
    broken = told(REPORT)
    broken["census"] = {"ok": 10**5000}
    assert written(broken, warned.append) == {}
    assert warned == ["the report could not be written (ValueError); result.json has all of it."]


@pytest.mark.parametrize(
    ("level", "count"), [("critical", 1), ("high", 3), ("medium", 3), ("low", 4)]
)
def test_findings_that_hold_are_counted_from_a_severity_on(told, level, count):
    findings = [
        {"title": "a", "severity": "critical", "state": "supported"},
        {"title": "b", "severity": "high", "state": "supported"},
        {"title": "c", "severity": "high"},
        {"title": "d", "severity": "high", "state": "qualified"},
        {"title": "e", "severity": "critical", "state": "refuted"},
        {"title": "f", "severity": "low", "state": "supported"},
        {"title": "g", "severity": "info", "state": "supported"},
        {"title": "h", "severity": "unheard of"},
    ]
    assert worse(told({"report": "", "data": {"findings": findings}}), level) == count


def test_what_is_not_said_to_be_complete_by_true_is_not(made, told):
    for complete in (False, None, "yes", 0):
        assert not made({}, complete=complete).complete
    assert account(told({"report": "", "data": {}})).complete


def test_a_long_report_is_summed_up_where_it_is_shown(made, research):
    brief = made({"title": "T"}).short()
    assert brief == made({"title": "T"}).markdown()
    research["claims"] = research["claims"] * 9
    research["tables"] = [{"title": "t", "rows": [["x"]]}]
    text = made(research, "Nine hours.").short()
    assert "Nine hours." in text
    assert "## In numbers\n\n- **Claims:** 25 supported, 9 qualified, " in text
    assert "- **Sources:** 1 not read\n" in text
    assert "## What this rests on" in text
    assert "Habit protects." not in text


class Quoting(ScriptedBackend):
    extractive = True
    roles = frozenset()


def test_a_backend_says_that_it_quotes_by_rules():
    assert by_rules(Quoting({}))
    assert not by_rules(ScriptedBackend({}))
