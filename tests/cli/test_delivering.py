"""What a person gets of a run that is done: the report, its files, a copy, and an exit code."""

from __future__ import annotations

import json
import re

import pytest

RUN = ("run", "wf.py", "--yes", "--backend", "simulate")
BODY = """\
return {"report": "It is **late** [1].", "complete": True, "data": {"title": "Coffee",
    "claims": [{"id": "c1", "text": "Nine hours.", "state": "supported"}] * COUNT,
    "findings": [{"title": "Open door", "severity": "SEVERITY", "state": "supported"}]}}
"""


def report(desk, *, severity="high", count=1):
    desk.save(BODY.replace("SEVERITY", severity).replace("COUNT", str(count)))


def test_a_pipe_gets_the_markdown_and_the_run_keeps_the_files(desk):
    report(desk)
    code, out, err = desk.type(*RUN, "-q")
    (run_id,) = desk.runs
    here = desk.folder(run_id)
    assert code == 0
    assert out.startswith("# Coffee\n\nIt is **late** [1].\n\n## Findings\n")
    assert out == (here / "report.md").read_text()
    assert f"  report: .hocket/runs/{run_id}/report.md · report.html · " in err
    assert (here / "report.html").read_text().startswith("<!doctype html>")
    assert json.loads((here / "report.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((here / "result.json").read_text())["data"]["title"] == "Coffee"


def test_json_is_the_object_as_before(desk):
    report(desk)
    code, told = desk.json(*RUN)
    assert (code, told["result"]["data"]["title"]) == (0, "Coffee")


def test_another_result_is_printed_as_it_is_and_has_no_report(desk):
    desk.save("return {'a': 1}")
    code, out, err = desk.type(*RUN, "-q", "--out", "out", "--fail-on", "low")
    assert (code, json.loads(out)) == (0, {"a": 1})
    assert "report:" not in err
    assert [file.name for file in (desk.project / "out").iterdir()] == ["result.json"]


def test_out_takes_a_copy_that_follows_no_link(desk):
    report(desk)
    victim = desk.project / "victim"
    victim.write_text("mine")
    out = desk.project / "deep" / "out"
    out.mkdir(parents=True)
    (out / "report.md").symlink_to(victim)
    code, _, err = desk.type(*RUN, "-q", "--out", "deep/out")
    assert code == 0
    assert "  copied to deep/out\n" in err
    assert victim.read_text() == "mine"
    (run_id,) = desk.runs
    names = {"report.md", "report.html", "report.sarif", "result.json"}
    assert {file.name for file in out.iterdir()} == names
    for name in names:
        assert (out / name).read_bytes() == (desk.folder(run_id) / name).read_bytes()


def test_a_place_that_is_a_file_is_refused_before_anything_runs(desk):
    report(desk)
    code, _, err = desk.type(*RUN, "--out", "wf.py")
    assert code == 2
    assert "hocket: --out: wf.py is a file; expected a folder, there or not." in err
    assert desk.runs == []


def test_a_place_that_cannot_be_written_loses_only_the_copy(desk):
    report(desk)
    code, out, err = desk.type(*RUN, "-q", "--out", "wf.py/below")
    assert code == 1
    assert out.startswith("# Coffee\n")
    assert "hocket: --out: wf.py/below cannot be written (Not a directory)." in err
    assert "copied to" not in err


@pytest.mark.parametrize(
    ("severity", "level", "code"),
    [("high", "high", 1), ("critical", "high", 1), ("medium", "high", 0), ("low", "low", 1),
     ("info", "low", 0), ("critical", "critical", 1), ("high", "critical", 0)],
)  # fmt: skip
def test_fail_on_ends_with_1_for_findings_that_bad_or_worse(desk, severity, level, code):
    report(desk, severity=severity)
    ended, out, err = desk.type(*RUN, "-q", "--fail-on", level)
    assert ended == code
    assert out.startswith("# Coffee\n")
    assert (f"hocket: --fail-on {level}: 1 finding is {level}" in err) == bool(code)


def test_fail_on_is_told_in_json_and_a_level_nobody_knows_is_refused(desk):
    report(desk)
    code, told = desk.json(*RUN, "--fail-on", "medium")
    assert (code, told["error"]["code"]) == (1, "failed")
    assert told["error"]["message"] == "--fail-on medium: 1 finding is medium or worse."
    assert desk.type(*RUN, "--fail-on", "worst")[0] == 2


def test_a_part_of_the_whole_is_told_and_is_no_failure(desk):
    desk.save("return {'report': 'x', 'data': {'title': 'T'}, 'complete': False}")
    code, out, _ = desk.type(*RUN, "-q", "--fail-on", "low")
    assert code == 0
    assert "**This is a part of the whole" in out


def test_a_resume_delivers_as_a_run_does(desk):
    report(desk)
    run_id = desk.json(*RUN)[1]["run_id"]
    code, out, err = desk.type("resume", run_id, "--yes", "-q", "--out", "o", "--fail-on", "high")
    assert code == 1
    assert out == (desk.project / "o" / "report.md").read_text()
    assert "1 finding is high or worse" in err


def test_a_run_that_failed_delivers_nothing(desk):
    desk.save("raise ValueError('no')")
    code, out, _ = desk.type(*RUN, "-q", "--out", "o", "--fail-on", "low")
    assert (code, out) == (1, "")
    assert not (desk.project / "o").exists()


def test_show_names_the_files_in_the_place_of_the_result(desk):
    report(desk)
    run_id = desk.json(*RUN)[1]["run_id"]
    code, out, _ = desk.type("runs", "show", run_id)
    assert code == 0
    assert out.splitlines()[-1] == (
        f"  report: .hocket/runs/{run_id}/report.md · report.html · result.json · report.sarif"
    )
    assert desk.show(run_id)["result"]["data"]["title"] == "Coffee"


def test_data_of_any_shape_is_delivered(desk):
    desk.save("return {'report': '', 'data': {'claims': 'none', 'title': [1]}, 'complete': True}")
    code, out, _ = desk.type(*RUN, "-q")
    assert code == 0
    assert "- **Not readable:** title, claims; shown below as it is" in out


def test_a_terminal_draws_the_report_and_sums_up_a_long_one(desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    report(desk, count=80)
    terminal = desk.sit(*RUN, "-q")
    assert terminal.end() == 0
    shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.screen)
    assert "It is late [1]." in shown
    assert "Claims: 80 supported" in shown
    assert "What this rests on" in shown
    assert "Nine hours." not in shown
    assert "report: .hocket/runs/" in shown
    assert all(len(line.rstrip()) <= 72 for line in shown.partition("completed")[0].splitlines())


def test_without_colour_the_terminal_gets_plain_words(desk, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    desk.save("return {'report': 'a \\x1b[2J <b> [x](http://e.example)', 'data': {'title': 'T'}}")
    terminal = desk.sit(*RUN, "-q")
    assert terminal.end() == 0
    assert "\x1b[2J" not in terminal.screen
    assert "\x1b]8" not in terminal.screen
    assert "\x1b[3" not in terminal.screen
    assert "a <b> x (link to e.example)" in " ".join(terminal.screen.split())
