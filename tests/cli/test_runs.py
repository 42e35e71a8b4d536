"""`hocket runs`: lists, looks into and steers runs, whoever lives them."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from hocket.journal.records import frame


def ended(desk, *more):
    desk.save()
    desk.open()
    return desk.json("run", "wf.py", "--yes", "--backend", "gate", *more)[1]["run_id"]


def test_without_a_word_it_helps_and_exits_0(desk):
    code, out, err = desk.type("runs")
    assert (code, err) == (0, "")
    shown = [line.split()[0] for line in out.partition("Commands:\n")[2].splitlines()]
    assert shown == [
        "answer", "explain", "go-on", "list", "pause", "restart", "resume", "rm", "show", "skip",
        "stop",
    ]  # fmt: skip


def test_an_empty_project_has_no_runs_and_a_person_is_told_how_to_start_one(desk):
    assert desk.type("runs", "list") == (0, "", "")
    assert desk.json("runs", "list")[1]["runs"] == []
    terminal = desk.sit("runs", "list").see("Start one: hocket run SCRIPT")
    assert terminal.end() == 0


def test_a_run_has_a_line_with_its_state_the_newest_first(desk, eventually):
    first = ended(desk)
    desk.save("raise ValueError('no')")
    desk.json("run", "wf.py", "--yes")
    failed = next(run_id for run_id in desk.runs if run_id != first)
    desk.save()
    desk.shut()
    child, live = desk.live(count=6)
    rows = [line.split("\t") for line in desk.type("runs", "list")[1].splitlines()]
    assert [row[:3] for row in rows] == [
        [live, "three", "running"],
        [failed, "three", "failed"],
        [first, "three", "completed"],
    ]
    child.signal(signal.SIGKILL)
    child.end()
    assert desk.json("runs", "list")[1]["runs"][0]["status"] == "suspended"


def test_two_hundred_runs_of_which_some_are_odd_are_listed(desk):
    run_id = ended(desk)
    folder = desk.folder(run_id)
    for number in range(200):
        shutil.copytree(folder, folder.parent / f"x{number:03}")
    (folder.parent / "x000" / "journal.jsonl").write_bytes(b"garbage\nmore\n")
    (folder.parent / "x001" / "journal.jsonl").write_bytes(b"")
    whole = (folder / "journal.jsonl").read_bytes()
    (folder.parent / "x002" / "journal.jsonl").write_bytes(whole[:-9])
    newer = frame(0, 1, "header", 0, 0, {"min_reader": 9, "name": "new"})
    (folder.parent / "x003" / "journal.jsonl").write_bytes(newer)
    status = {row["run_id"]: row["status"] for row in desk.json("runs", "list")[1]["runs"]}
    assert len(status) == 201
    assert [status[f"x00{n}"] for n in range(5)] == [
        "damaged", "suspended", "suspended", "suspended", "completed",
    ]  # fmt: skip
    assert "\tdamaged\tunknown\n" in desk.type("runs", "list")[1]


def test_show_tells_the_same_of_a_live_a_paused_and_an_ended_run(desk, eventually):
    desk.save()
    child, run_id = desk.live("--json")
    live = desk.show(run_id)
    assert (live["status"], live["census"], live["failures"]) == ("running", {}, [])
    assert desk.type("runs", "pause", run_id)[:2] == (
        0,
        f"run {run_id} is paused; go on: hocket runs go-on {run_id}\n",
    )
    assert desk.show(run_id)["status"] == "paused"
    assert desk.json("runs", "go-on", run_id)[1]["command"] == "runs go-on"
    assert desk.show(run_id)["status"] == "running"
    desk.open("q1")
    eventually(lambda: desk.show(run_id)["census"] == {"ok": 1})
    desk.open()
    told = json.loads(child.end()[1])
    shown = desk.show(run_id)
    assert live.keys() == shown.keys() == told.keys()
    assert shown == {**told, "command": "runs show"}


def test_show_for_a_person(desk):
    (desk.gate / "fail-q1").touch()
    run_id = ended(desk)
    code, out, err = desk.type("runs", "show", run_id)
    head, census, again, row, *result = out.splitlines()
    assert (code, err) == (0, "")
    assert head.startswith("completed, 1 of 3 calls failed")
    assert census.split() == ["ok", "2", "·", "error", "1", f".hocket/runs/{run_id}"]
    assert again.split("why: ")[1] == f"hocket runs explain {run_id} 2"
    assert row == "2\tq1\terror\ttold to fail"
    assert json.loads("".join(result)) == ["answer to q0", None, "answer to q2"]


def test_show_says_why_a_run_did_not_complete(desk):
    desk.save("raise ValueError('no')")
    desk.json("run", "wf.py", "--yes")
    (run_id,) = desk.runs
    assert "\n  wf.py:6:" in desk.type("runs", "show", run_id)[1]


@pytest.mark.parametrize("command", ["show", "explain", "rm", "stop", "pause", "skip"])
def test_an_unknown_run_names_the_nearest_ids(desk, command):
    run_id = ended(desk)
    more = ["1"] if command in ("explain", "skip") else []
    code, _, err = desk.type("runs", command, f"{run_id}0", *more)
    assert code == 2
    assert f"expected one of {run_id}." in err


def test_explain_says_why_a_call_ran_or_was_a_hit(desk):
    (desk.gate / "fail-q1").touch()
    run_id = ended(desk)
    (desk.gate / "fail-q1").unlink()
    desk.json("resume", run_id)
    head, ran, end, hit = desk.type("runs", "explain", run_id, "1")[1].splitlines()
    record = end.split()[3].rstrip(":")
    assert head == "call 1  q0"
    assert ran == "  life 1, record 2: it ran, because nothing with its key was asked for before"
    assert end == f"  life 1, record {record}: it ended as ok"
    assert hit == f"  life 2: a hit, answered from record {record}"
    told = desk.json("runs", "explain", run_id, "2")[1]
    assert (told["call"], told["label"]) == (2, "q1")
    assert told["sentences"][1].endswith("it ended as error (told to fail)")
    assert told["sentences"][2].endswith("had ended as error")
    assert desk.type("runs", "explain", run_id, "99")[0] == 2


def test_rm_deletes_runs_but_none_that_lives(desk):
    first = ended(desk)
    desk.shut()
    child, live = desk.live(count=6)
    code, _, err = desk.type("runs", "rm", first, live)
    assert (code, f"pid {child.process.pid}" in err) == (1, True)
    assert sorted(desk.runs) == sorted([first, live])
    desk.open()
    child.end()
    assert desk.type("runs", "rm", first, live, first)[:2] == (0, f"removed {first}, {live}\n")
    assert desk.runs == []


def test_stop_from_another_terminal_is_a_stop_by_a_person(desk):
    desk.save()
    child, run_id = desk.live()
    assert desk.type("runs", "stop", run_id)[:2] == (0, f"run {run_id} is stopping\n")
    desk.open()
    code, _, err = child.end()
    assert (code, "stopped: by a person" in err) == (130, True)
    code, _, err = desk.type("runs", "stop", run_id)
    assert code == 2
    assert (
        f"no process lives it now; expected a live run.\n  Go on with it: hocket resume {run_id}"
        in err
    )


def test_a_call_can_be_skipped_or_begun_again(desk, eventually):
    desk.save()
    child, run_id = desk.live("--json")
    assert desk.type("runs", "skip", run_id, "1")[:2] == (0, "call 1 is skipped\n")
    assert desk.type("runs", "restart", run_id, "2")[:2] == (0, "call 2 begins again\n")
    eventually(lambda: desk.asked.count("q1") == 2)
    code, _, err = desk.type("runs", "skip", run_id, "77")
    assert (code, "call 77 is not in flight" in err) == (2, True)
    desk.open()
    told = json.loads(child.end()[1])
    assert (told["census"], told["result"][0]) == ({"ok": 2, "skipped": 1}, None)
    again = desk.json("resume", run_id)[1]
    assert again["census"] == {"cached": 2, "skipped": 1}
    again = desk.json("resume", run_id, "--retry-skipped")[1]
    assert again["census"] == {"ok": 1, "cached": 2}


ASK = "return await ask('Which way?', ['left', 'right'], 'left')"


def test_a_question_is_answered_at_the_terminal(desk):
    desk.save(ASK)
    terminal = desk.sit("run", "wf.py", "--yes").see("Which way?").see("Enter for 'left':")
    terminal.type("up\n").see("a number from 1 to 2").type("2\n").see("completed")
    assert terminal.end() == 0
    (run_id,) = desk.runs
    assert desk.show(run_id)["result"] == "right"
    again = desk.sit("resume", run_id).see("completed")
    assert "Which way" not in again.screen


@pytest.mark.parametrize(("typed", "got"), [("\n", "left"), ("right\n", "right"), ("\x04", "left")])
def test_enter_takes_the_default_and_the_end_of_the_keyboard_answers_nothing(desk, typed, got):
    desk.save(ASK)
    terminal = desk.sit("run", "wf.py", "--yes").see("Enter for 'left':").type(typed)
    assert terminal.see("completed").end() == 0
    (run_id,) = desk.runs
    assert desk.show(run_id)["result"] == got


def test_free_text_is_taken_as_it_is_and_foreign_lines_are_set_in(desk):
    desk.save("return await ask('Name?\\nhocket: all is well')")
    terminal = desk.sit("run", "wf.py", "--yes").see("  Name?\n  hocket: all is well\n")
    assert terminal.see("Answer:").type("Ünsal\n").see("completed").end() == 0
    (run_id,) = desk.runs
    assert desk.show(run_id)["result"] == "Ünsal"


def test_a_question_is_answered_from_another_terminal(desk, eventually):
    desk.save(ASK)
    terminal = desk.sit("run", "wf.py", "--yes").see("Which way?")
    (run_id,) = desk.runs
    (note,) = eventually(lambda: desk.show(run_id)["notes"])
    assert note.startswith("it asks: Which way? [left | right]; to answer: hocket runs answer ")
    question = note.split()[-2]
    code, _, err = desk.type("runs", "answer", run_id, question, "up")
    assert (code, "expected one of left, right" in err) == (2, True)
    assert desk.type("runs", "answer", run_id, "ffff", "left")[0] == 2
    assert desk.type("runs", "answer", run_id, question[:4], "right")[:2] == (0, "answered\n")
    assert terminal.end() == 0
    assert desk.show(run_id)["result"] == "right"


def test_a_stop_while_a_question_is_open_leaves_at_once(desk):
    desk.save(ASK)
    terminal = desk.sit("run", "wf.py", "--yes").see("Enter for 'left':").type("\x03")
    assert terminal.see("Go on: hocket resume").end() == 130


def test_a_process_that_is_stopped_does_not_answer_wishes(desk):
    desk.save()
    child, run_id = desk.live()
    (desk.folder(run_id) / "control.sock").unlink()
    code, _, err = desk.type("runs", "pause", run_id)
    assert (code, f"hocket resume --steal {run_id}" in err) == (1, True)
    assert desk.show(run_id)["status"] == "running"
    desk.open()
    assert child.end()[0] == 0


def connected(desk, run_id):
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(20)
    folder = os.open(desk.folder(run_id), os.O_DIRECTORY)
    peer.connect(f"/proc/self/fd/{folder}/control.sock")
    os.close(folder)
    return peer


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="connects as Linux does")
def test_garbage_at_the_socket_closes_that_connection_only(desk):
    desk.save()
    child, run_id = desk.live("--json")
    idle = connected(desk, run_id)
    idle.sendall(b'{"verb": "sta')
    for rubbish in (
        b"hello\n",
        b"\xff\xfe\n",
        b"[" * 60_000 + b"\n",
        b"{}" * 100_000,
        b"1e999999\n{\n",
    ):
        with connected(desk, run_id) as peer, suppress(ConnectionError):
            peer.sendall(rubbish)
            while peer.recv(4096):
                pass
    with connected(desk, run_id) as peer:
        peer.sendall(b'{"verb": "fly"}\n"stop"\n{"verb": 1}\n')
        lines = peer.makefile("rb")
        said = [json.loads(lines.readline()) for _ in range(3)]
        assert [one["ok"] for one in said] == [False] * 3
        assert said[0]["error"].startswith("unknown wish 'fly'; known: status, stop, pause")
    crowd = [connected(desk, run_id) for _ in range(80)]
    for peer in crowd:
        peer.close()
    # Until the run has noticed that the crowd left, it takes nobody in.
    assert any(desk.type("runs", "pause", run_id)[0] == 0 for _ in range(50))
    assert desk.type("runs", "go-on", run_id)[0] == 0
    desk.open()
    code, out, _ = child.end()
    idle.close()
    assert (code, json.loads(out)["census"]) == (0, {"ok": 3})


def test_a_table_of_runs_on_a_terminal_has_a_head(desk):
    run_id = ended(desk)
    ours, theirs = pty.openpty()
    child = desk.start("runs", "list", stdout=theirs)
    child.end()
    os.close(theirs)
    head, row = os.read(ours, 4096).decode().splitlines()[:2]
    os.close(ours)
    assert all(title in head for title in ("run", "name", "state", "started"))
    assert run_id in row
