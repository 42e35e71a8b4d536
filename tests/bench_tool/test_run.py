"""The bench tool's own form: its table, its JSON, and what its exit status means."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture
def tool(monkeypatch):
    """Import the tool as the command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    names = ("run", "figures", "effort", "records", "project", "measuring", "tree")
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == BENCH:
            del sys.modules[name]


def voices(tool):
    """Give a bench that sings instead of measuring."""

    def choir(effort):
        sung = iter((3, 1, 2, 5, 4))
        series = effort.repeat(lambda: next(sung), quick=1)
        yield series.figure("choir.breath", float, unit="s", goal=2.5, note="one song")
        yield series.figure("choir.wrong", lambda _: 0, unit="notes", goal=0, exact=True, of=max)
        yield series.figure("choir.loudest", float, unit="dB", of=max)

    def solo(_effort):
        yield tool.figures.Figure(key="solo.cough", value=1, unit="times", goal=0, exact=True)

    def broken(_effort):
        yield tool.figures.Figure(key="broken.string", value=1, unit="times")
        raise tool.figures.InvalidRun("a string broke")

    return {"song": {"choir": choir, "solo": solo}, "noise": {"solo": solo, "broken": broken}}


def test_the_table_has_a_row_per_figure(tool, capsys):
    assert tool.run.main(["song", "--quick", "--reps", "5"], voices(tool)) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[:5] for row in rows] == [
        ["choir.breath", "3.000", "s", "≤ 2.5", "missed"],
        ["choir.wrong", "0", "notes", "= 0", "met"],
        ["choir.loudest", "5.000", "dB", "", ""],
        ["solo.cough", "1", "times", "= 0", "missed"],
    ]
    assert rows[0][5].startswith("one song; median of 5, 1.000 to 5.000")
    assert rows[1][5] == "worst of 5"


def test_the_json_has_the_documented_form(tool, tmp_path, capsys):
    file = tmp_path / "figures.json"
    assert tool.run.main(["song", "--quick", "--json", str(file)], voices(tool)) == 0
    written = json.loads(file.read_text())
    assert [*written] == ["name", "commit", "figures"]
    assert (written["name"], written["commit"]) == ("song", tool.run.commit())
    note = written["figures"]["choir.breath"].pop("note")
    assert note.startswith("one song; 1 run")
    assert written["figures"] == {
        "choir.breath": {"value": 3.0, "unit": "s", "goal": 2.5, "holds": False},
        "choir.wrong": {
            "value": 0,
            "unit": "notes",
            "goal": 0,
            "holds": True,
            "note": "worst of 1",
        },
        "choir.loudest": {
            "value": 3.0,
            "unit": "dB",
            "goal": None,
            "holds": None,
            "note": "worst of 1",
        },
        "solo.cough": {"value": 1, "unit": "times", "goal": 0, "holds": False, "note": ""},
    }
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_quick_and_only_choose_less(tool, capsys):
    assert tool.run.main(["song", "--quick", "--only", "choir"], voices(tool)) == 0
    out = capsys.readouterr().out
    assert "solo" not in out
    assert "1 run" in out


def test_an_invalid_run_drops_its_figures_and_is_the_exit_status(tool, tmp_path, capsys):
    file = tmp_path / "figures.json"
    assert tool.run.main(["noise", "--quick", "--json", str(file)], voices(tool)) == 1
    assert [*json.loads(file.read_text())["figures"]] == ["solo.cough"]
    assert "broken: dropped, a run was not valid: a string broke" in capsys.readouterr().err


def test_an_unknown_name_lists_the_known_ones(tool, capsys):
    with pytest.raises(SystemExit) as left:
        tool.run.main(["cor"])
    assert left.value.code == 2
    assert "core" in capsys.readouterr().err


def test_a_bench_is_a_module_with_workloads(tool):
    for module in tool.run.BENCHES.values():
        workloads = importlib.import_module(module).WORKLOADS
        assert all(callable(workload) for workload in workloads.values())


def test_the_label_of_a_smaller_size_says_so(tool):
    assert tool.effort.Effort().label(10_000, 10, "agents") == "10,000 agents"
    label = tool.effort.Effort(quick=True).label(10_000, 10, "agents")
    assert label == "10 agents instead of 10,000"


def journal(path, *records):
    path.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    return path


def call(kind, key, *, at=0, epoch=1, **more):
    return {"t": kind, "e": epoch, "at": at, "key": key, "occ": 0, **more}


def test_a_journal_tells_how_a_run_went(tool, tmp_path):
    path = journal(
        tmp_path / "journal.jsonl",
        {"t": "opened", "e": 1, "at": 1_000},
        call("started", "a", at=1_100),
        call("started", "b", at=1_100),
        call("ended", "a", at=1_500, state="ok"),
        call("started", "c", at=1_600),
        call("ended", "b", at=2_500, state="ok"),
        {"t": "closed", "e": 1, "at": 3_000},
    )
    flow = tool.records.Flow.of(path)
    assert (flow.work_s, flow.most_in_flight, flow.slices_s(2)) == (2.0, 2, [0.5, 1.0])


def test_a_torn_last_line_is_no_record(tool, tmp_path):
    path = journal(tmp_path / "journal.jsonl", call("ended", "a", state="ok"))
    with path.open("ab") as file:
        file.write(b'{"t":"ended","key":')
    assert len([*tool.records.records(path)]) == 1


def test_two_lives_tell_what_ran_again(tool, tmp_path):
    path = journal(
        tmp_path / "journal.jsonl",
        call("started", "kept"),
        call("ended", "kept", state="ok"),
        call("started", "in flight"),
        call("started", "failed"),
        call("ended", "failed", state="error"),
        call("started", "in flight", epoch=2),
        call("ended", "in flight", epoch=2, state="ok"),
        call("started", "kept", epoch=2),
        call("started", "new", epoch=2),
    )
    lives = tool.records.Lives.of(path)
    assert {key for key, _ in lives.repeated} == {"kept"}
    assert {key for key, _ in lives.again} == {"kept", "in flight"}
    assert {key for key, _ in lives.committed} == {"kept", "in flight"}


def test_ends_are_counted_while_the_journal_grows(tool, tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"t":"ended"}\n{"t":"en')
    ends = tool.records.Ends(path)
    assert ends.look() == 1
    with path.open("ab") as file:
        file.write(b'ded"}\n{"t":"started","label":"\\"t\\":\\"ended\\""}\n')
    assert ends.look() == 2
    ends.close()


def test_a_command_is_measured_from_spawn_to_exit(tool, tmp_path):
    done = tool.measuring.measured(
        [sys.executable, "-c", "print('sung')"], tmp_path, {"PATH": "/usr/bin:/bin"}
    )
    assert (done.exit_code, done.output) == (0, b"sung\n")
    assert min(done.wall_s, done.cpu_s) > 0


def test_the_memory_of_a_group_is_that_of_all_its_processes(tool, tmp_path):
    child = tool.measuring.Child(["sleep", "60"], tmp_path, os.environ)
    group = tool.tree.Group(os.getpgrp())
    mine = group.resident()
    assert mine > tool.tree.Group(child.pid).resident() > 0
    assert str(os.getpid()) in group.members()
    assert str(child.pid) not in group.members()
    child.kill()
    assert child.wait().exit_code == -signal.SIGKILL


def test_a_command_that_fails_is_no_figure(tool, tmp_path):
    with pytest.raises(tool.figures.InvalidRun, match=r"ended with 3: out of breath"):
        tool.measuring.measured(
            [sys.executable, "-c", "import sys; print('out of breath'); sys.exit(3)"], tmp_path, {}
        )


def test_a_command_that_leaves_a_process_behind_is_invalid(tool, tmp_path):
    leaving = "import os, subprocess; subprocess.Popen(['sleep', '60']); os._exit(0)"
    child = tool.measuring.Child([sys.executable, "-c", leaving], tmp_path, os.environ)
    with pytest.raises(tool.figures.InvalidRun, match="left 1 processes behind"):
        child.wait(grace_s=0.05)


def test_a_median_says_how_noisy_its_runs_were_and_a_count_does_not(tool):
    series = tool.effort.Series([1.5, 1.2, 1.9], noisy=2)
    median = series.figure("lag", float, unit="s", goal=1.5)
    assert (median.holds, median.note) == (True, "median of 3, 1.200 to 1.900; noisy 2 of 3")
    worst = series.figure("lag", float, unit="s", goal=1.5, of=max)
    assert (worst.value, worst.holds, worst.note) == (1.9, False, "worst of 3")
