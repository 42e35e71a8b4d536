"""`hocket run`: what is typed, what is printed, how it exits, and what stops it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {"run_id", "status", "result", "census", "usage", "cost_usd", "elapsed_s", "failures"}


def test_a_run_prints_its_result_on_stdout_and_the_rest_on_stderr(desk):
    desk.save("log('hello')\nreturn {'a': 1}")
    code, out, err = desk.type("run", "wf.py", "--yes")
    assert (code, json.loads(out)) == (0, {"a": 1})
    (run_id,) = desk.runs
    *_, head, foot = err.splitlines()
    assert "hello" in err
    assert re.fullmatch(r"completed +0 tokens   \$0\.00   \d\.\d s", head)
    assert foot.split("no calls")[1].strip() == f".hocket/runs/{run_id}"


def test_a_text_is_printed_as_it_is_and_quiet_shows_no_progress(desk):
    desk.save("log('hello')\nreturn 'two\\nlines'")
    code, out, err = desk.type("run", "wf.py", "--yes", "-q")
    assert (code, out) == (0, "two\nlines\n")
    assert "hello" not in err


def test_json_is_one_object_with_the_documented_fields(desk):
    desk.save()
    code, told = desk.json("run", "wf.py", "--yes", "--backend", "simulate")
    assert code == 0
    assert told.keys() >= KEYS
    assert told["census"] == {"ok": 3}
    assert told["failures"] == []
    assert [type(each) for each in told["result"]] == [str] * 3
    assert desk.show(told["run_id"]) == {**told, "command": "runs show"}


def test_failed_calls_are_listed_and_the_closing_block_says_what_to_do(desk):
    desk.save()
    code, told = desk.json("run", "wf.py", "--yes", "--simulate", "fail=1")
    cause = "simulate: this call was drawn to fail"
    assert code == 0
    assert told["failures"] == [
        {"call": n + 1, "label": f"q{n}", "state": "error", "cause": cause} for n in range(3)
    ]
    code, _, err = desk.type("run", "wf.py", "--yes", "--simulate", "fail=1", "-q")
    assert code == 0
    assert err.startswith("completed, 3 of 3 calls failed ")
    assert re.search(r"hocket resume ([0-9a-f]{4}) .*hocket runs explain \1 1\n", err)


def test_a_script_that_raises_fails_the_run_with_its_line(desk):
    desk.save("raise ValueError('no')")
    code, out, err = desk.type("run", "wf.py", "--yes", "-q")
    (run_id,) = desk.runs
    assert (code, out) == (1, "")
    assert f"hocket: run {run_id}: failed: wf.py:6:" in err
    assert f"kept in .hocket/runs/{run_id}. Go on: hocket resume {run_id}" in err
    code, told = desk.json("run", "wf.py", "--yes")
    assert (code, told["status"], told["error"]["code"]) == (1, "failed", "failed")


def test_a_script_the_checks_refuse_makes_no_run(desk):
    desk.save("return await agent('x', shema={})")
    code, _, err = desk.type("run", "wf.py", "--yes")
    assert code == 2
    assert "wf.py:6:" in err
    assert desk.runs == []


def test_an_unknown_workflow_names_the_nearest(desk):
    for name in ("audit-code", "audit-codex", "audit-coding"):
        desk.save(name=f".hocket/workflows/{name}.py")
    code, _, err = desk.type("/audit-cod", "x")
    assert (code, desk.runs) == (2, [])
    assert err == (
        "hocket: workflow '/audit-cod': no such file or command; "
        "expected a script file or one of audit-code, audit-codex, audit-coding.\n"
        "  Did you mean audit-code? All there are: hocket /. Nothing was started.\n"
    )


def test_a_saved_command_takes_its_words_in_both_forms(desk):
    meta = '"args": {"type": "object", "properties": {"q": {"type": "string"}}}'
    desk.save("return args", ".hocket/workflows/echo.py", meta=meta)
    for typed in (["/echo"], ["run", "echo"], ["run", "/echo"]):
        code, told = desk.json(*typed, "who", "sings", "--yes")
        assert (code, told["result"]) == (0, {"q": "who sings"})


def test_a_script_is_found_by_any_path(desk, monkeypatch):
    script = desk.save("return 1")
    (desk.project / "sub").mkdir()
    monkeypatch.chdir(desk.project / "sub")
    for typed in ([str(script)], ["run", str(script)], ["run", "../wf.py"]):
        assert desk.json(*typed, "--yes")[1]["result"] == 1
    assert len(desk.runs) == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--args", "{"], "--args: not JSON"),
        (["--args", "NaN"], "--args: not JSON (NaN is not JSON)"),
        (["--args", "@nowhere.json"], "'nowhere.json' cannot be read"),
        (["--args", "[" * 200 + "]" * 200], "more than 100 levels"),
        (["--args", "1", "words"], "both --args and words"),
        (["--concurrency", "many"], "'many' is not a valid integer"),
        (["--concurrency", "999"], "--concurrency"),
        (["--budget-usd", "-1"], "--budget-usd"),
        (["--backend", "simulat"], "Did you mean 'simulate'?"),
        (["--durability", "never"], "--durability"),
        (["--modle", "x"], "there is no option '--modle'"),
        (["--simulate", "fial=1"], "Did you mean 'fail'?"),
    ],
)
def test_bad_input_is_one_clear_error_and_makes_no_run(desk, typed, said):
    desk.save()
    code, out, err = desk.type("run", "wf.py", "--yes", *typed)
    assert (code, out, desk.runs) == (2, "", [])
    assert said in err
    assert "Traceback" not in err


def test_nothing_to_run_and_words_beside_resume_are_usage_errors(desk):
    assert desk.type("run")[0] == 2
    assert desk.type("run", "wf.py", "words", "--resume", "4f2a")[0] == 2


def test_a_known_secret_in_args_is_refused_before_a_run_exists(desk, monkeypatch):
    monkeypatch.setenv("ACME_TOKEN", "correct-horse-battery")
    desk.save()
    for typed in (["--args", '{"a": ["correct-horse-battery"]}'], ["correct-horse-battery"]):
        code, _, err = desk.type("run", "wf.py", "--yes", *typed)
        assert (code, desk.runs) == (4, [])
        assert "the value of ACME_TOKEN is in the arguments" in err
        assert "correct" not in err


def test_a_plugin_that_raises_at_load_and_an_unknown_setting_are_named(desk, monkeypatch):
    desk.save()
    (desk.project / ".hocket" / "config.toml").write_text("buget_usd = 1\n")
    code, _, err = desk.type("run", "wf.py", "--yes")
    assert code == 2
    assert ".hocket/config.toml:1: the key 'buget_usd' is unknown" in err
    (desk.project / ".hocket" / "config.toml").unlink()
    (desk.project.parent / "site" / "acme_gate.py").write_text("1 / 0")
    sys.modules.pop("acme_gate", None)
    code, _, err = desk.type("run", "wf.py", "--yes")
    assert (code, desk.runs) == (3, [])
    assert "plugin 'acme.gate'" in err


def test_a_view_that_is_blocked_is_not_missed(desk):
    (desk.project / ".hocket" / "config.toml").write_text('[plugins]\nblock = ["views.progress"]\n')
    desk.save("log('hello')\nreturn 1")
    code, out, err = desk.type("run", "wf.py", "--yes")
    assert (code, out, "hello" in err) == (0, "1\n", False)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_one_signal_stops_cleanly_and_says_how_to_resume(desk, number, code):
    desk.save()
    desk.open("q0")
    child, run_id = desk.live()
    child.signal(number)
    desk.open()
    ended, out, err = child.end()
    assert (ended, out) == (code, "")
    assert f"stopped: by {number.name}" in err
    assert f"Go on: hocket resume {run_id}" in err
    assert desk.show(run_id)["census"] == {"ok": 3}
    told = desk.json("resume", run_id)[1]
    assert (told["status"], told["census"]) == ("completed", {"cached": 3})
    assert len(desk.asked) == 3


def test_the_second_signal_leaves_at_once_and_loses_nothing(desk, eventually):
    desk.save()
    child, run_id = desk.live()
    desk.open("q0")
    journal = desk.folder(run_id) / "journal.jsonl"
    eventually(lambda: b'"answer to q0"' in journal.read_bytes())
    child.signal(signal.SIGINT)
    assert b"stopping" in child.process.stderr.read(40)
    child.signal(signal.SIGINT)
    assert child.end()[0] == 130
    told = desk.show(run_id)
    assert (told["status"], told["census"]) == ("suspended", {"ok": 1})
    assert [failure["state"] for failure in told["failures"]] == ["unfinished"] * 2
    desk.open()
    told = desk.json("resume", run_id)[1]
    assert told["census"] == {"cached": 1, "ok": 2}
    assert desk.asked.count("q0") == 1


def test_a_terminal_that_goes_away_ends_the_view_not_the_run(desk, eventually):
    desk.save()
    terminal = desk.sit("run", "wf.py", "--yes", "--backend", "gate", "--concurrency", "3")
    desk.waiting(3)
    terminal.hang_up()
    desk.open()
    terminal.end()
    (run_id,) = desk.runs
    assert desk.show(run_id)["status"] == "completed"


def test_a_hangup_signal_without_a_terminal_is_no_reason_to_end(desk):
    desk.save()
    child, _ = desk.live("--json")
    child.signal(signal.SIGHUP)
    desk.open()
    code, out, _ = child.end()
    assert (code, json.loads(out)["status"]) == (0, "completed")


def test_ctrl_c_on_a_terminal_stops_the_run(desk):
    desk.save()
    terminal = desk.sit("run", "wf.py", "--yes", "--backend", "gate", "--concurrency", "3")
    desk.waiting(3)
    terminal.type("\x03").see("stopping; calls in flight get 10 s")
    desk.open()
    terminal.see("stopped").see("Go on: hocket resume")
    assert terminal.end() == 130


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the script's process in /proc")
@pytest.mark.parametrize(("deaths", "code", "status"), [(1, 0, "completed"), (2, 1, "failed")])
def test_a_script_process_that_dies_is_started_once_more(desk, eventually, deaths, code, status):
    desk.save("return [await agent(f'q{i}') for i in range(3)]")
    child, run_id = desk.live("--json", count=1)
    dead = []

    def fresh():
        tasks = Path(f"/proc/{child.process.pid}/task").glob("*/children")
        pids = [int(pid) for task in tasks for pid in task.read_text().split()]
        return [pid for pid in pids if pid not in dead]

    for death in range(deaths):
        desk.waiting(death + 1)
        for pid in eventually(fresh):
            os.kill(pid, signal.SIGKILL)
            dead.append(pid)
        # Its death is seen when it is to be told something.
        desk.open(f"q{death}")
    desk.open()
    ended, out, _ = child.end()
    told = json.loads(out)
    error = told.pop("error", None)
    assert (ended, told["status"], error is None) == (code, status, code == 0)
    assert code == 0 or told["cause"].startswith("crashed: ")
    assert sorted({*desk.asked}) == desk.asked == [f"q{n}" for n in range(3 if code == 0 else 2)]
    assert desk.show(run_id) == {**told, "command": "runs show"}


@pytest.mark.parametrize(
    "name",
    [
        "p" * 200,
        "with spaces and (brackets)",
        b"not-utf8-\xff\xfe".decode("utf-8", "surrogateescape"),
    ],
)
def test_a_project_may_lie_anywhere(desk, monkeypatch, name):
    desk.save("return await agent('x')")
    odd = desk.project.parent / name
    try:
        odd.mkdir()
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has no such names")
    for part in (".hocket", "wf.py"):
        (desk.project / part).rename(odd / part)
    (odd / "wf.py").rename(odd / os.fsdecode(b"w\xff.py"))
    monkeypatch.chdir(odd)
    desk.project = odd
    child = desk.start("run", os.fsdecode(b"w\xff.py"), "--yes", "--backend", "gate", "--json")
    desk.waiting(1)
    (run_id,) = desk.runs
    stopped = subprocess.run(
        [sys.executable, "-m", "hocket", "runs", "stop", run_id], check=False, capture_output=True
    )
    desk.open()
    assert stopped.returncode == 0, stopped.stderr
    code, out, _ = child.end()
    assert (code, json.loads(out)["status"]) == (130, "stopped")
    assert desk.json("resume", run_id)[1]["status"] == "completed"


def test_without_a_home_or_a_terminal_or_a_locale_it_runs_or_says_one_line(desk):
    desk.save("return 'ü'")
    env = {"PATH": os.defpath, "LANG": "C", "PYTHONPATH": os.environ["PYTHONPATH"]}
    ended = subprocess.run(
        ["/bin/sh", "-c", f"exec '{sys.executable}' -m hocket run wf.py --yes <&-"],
        env=env,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == 0 or ended.stderr.startswith(b"hocket: places: there is no home")


def test_a_full_disk_before_the_run_leaves_no_run(desk, monkeypatch):
    desk.save()
    runs = desk.project / ".hocket" / "runs"
    runs.write_text("a file where the folder must be")
    code, _, err = desk.type("run", "wf.py", "--yes", "--backend", "simulate")
    assert code == 1
    assert "a link or a file lies where a folder" in err


def test_a_closed_stdout_does_not_stop_the_run(desk):
    desk.save()
    reading, writing = os.pipe()
    os.close(reading)
    child = desk.start("run", "wf.py", "--yes", "--backend", "simulate", stdout=writing)
    os.close(writing)
    assert child.end()[0] == 141
    (run_id,) = desk.runs
    assert desk.show(run_id)["status"] == "completed"
