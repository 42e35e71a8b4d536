"""`hocket resume`: what replays, what runs again, who may, and what is said about it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys

import pytest

from hocket.journal.records import frame
from hocket.testing.clock import EPOCH_MS

GATED = ["--yes", "--backend", "gate", "--json"]


def failed_run(desk, *prompts, durability="write"):
    """Run to the end with some calls that fail."""
    desk.save()
    desk.open()
    for prompt in prompts:
        (desk.gate / f"fail-{prompt}").touch()
    return desk.json("run", "wf.py", *GATED[:-1], "--durability", durability)[1]


def killed_run(desk, eventually, *more):
    """Start a run, let one call be committed, and kill it."""
    desk.save()
    child, run_id = desk.live(*more)
    desk.open("q0")
    journal = desk.folder(run_id) / "journal.jsonl"
    eventually(lambda: b'"answer to q0"' in journal.read_bytes())
    child.signal(signal.SIGKILL)
    child.end()
    return run_id


def test_only_what_has_no_result_runs_again_in_both_spellings(desk):
    first = failed_run(desk, "q1")
    assert first["census"] == {"ok": 2, "error": 1}
    run_id = first["run_id"]
    spellings = [["resume", run_id], ["run", "--resume", run_id], ["runs", "resume", run_id]]
    for times, typed in enumerate(spellings, 2):
        code, told = desk.json(*typed)
        assert (code, told["command"], told["run_id"]) == (0, "resume", run_id)
        assert told["census"] == {"cached": 2, "error": 1}
        assert desk.asked.count("q1") == times
    (desk.gate / "fail-q1").unlink()
    told = desk.json("resume", run_id)[1]
    assert told["census"] == {"ok": 1, "cached": 2}
    assert told["failures"] == []
    assert told["result"] == ["answer to q0", "answer to q1", "answer to q2"]
    assert desk.asked.count("q0") == 1


def test_a_run_that_had_ended_is_told_how_many_calls_run_again(desk):
    run_id = failed_run(desk, "q1")["run_id"]
    _, _, err = desk.type("resume", run_id, "-q")
    said = "it had completed; 1 of its calls have no committed result and run again"
    assert f"hocket: run {run_id}: {said}\n" in err


def test_a_killed_run_goes_on_in_a_copy_of_its_folder(desk, eventually, monkeypatch):
    run_id = killed_run(desk, eventually)
    there = desk.project.parent / "elsewhere"
    (there / ".hocket" / "runs").mkdir(parents=True)
    no_socket = shutil.ignore_patterns("control.sock")
    shutil.copytree(desk.folder(run_id), there / ".hocket" / "runs" / run_id, ignore=no_socket)
    monkeypatch.chdir(there)
    desk.open()
    code, told = desk.json("resume", run_id)
    assert (code, told["census"]) == (0, {"cached": 1, "ok": 2})
    assert told["result"] == [f"answer to q{n}" for n in range(3)]
    monkeypatch.chdir(desk.project)
    assert desk.show(run_id)["status"] == "suspended"


def test_a_killed_run_is_shown_as_it_stands(desk, eventually):
    run_id = killed_run(desk, eventually)
    told = desk.show(run_id)
    assert (told["status"], told["cause"]) == (
        "suspended",
        "its process left without closing the run",
    )
    assert told["census"] == {"ok": 1}
    assert {(f["label"], f["state"]) for f in told["failures"]} == {
        ("q1", "unfinished"),
        ("q2", "unfinished"),
    }
    child = desk.start("resume", run_id)
    desk.waiting(5)
    live = desk.show(run_id)
    assert (live["status"], live["census"], live["failures"]) == ("running", {"cached": 1}, [])
    desk.open()
    assert child.end()[0] == 0


def test_an_edited_script_needs_a_new_yes_and_unchanged_calls_replay(desk):
    run_id = failed_run(desk)["run_id"]
    kept = (desk.folder(run_id) / "script.py").read_text()
    script = desk.project / "wf.py"
    script.write_text(kept.replace("f'q{i}'", "f'q{i}' if i else 'new'"))
    code, _, err = desk.type("resume", run_id, "--script", "wf.py")
    assert code == 4
    assert f"Allow it: hocket resume {run_id} --script wf.py --yes\n" in err
    assert (desk.folder(run_id) / "script.py").read_text() == kept
    told = desk.json("run", "wf.py", "--resume", run_id, "--yes")[1]
    assert told["census"] == {"ok": 1, "cached": 2}
    assert desk.asked == ["q0", "q1", "q2", "new"]
    assert desk.json("resume", run_id)[1]["census"] == {"cached": 3}


def test_a_copy_that_was_tampered_with_needs_a_yes_and_has_no_file_to_edit(desk):
    run_id = failed_run(desk)["run_id"]
    copy = desk.folder(run_id) / "script.py"
    copy.write_text(copy.read_text().replace("q{i}", "evil {i}"))
    assert desk.type("resume", run_id)[0] == 4
    terminal = desk.sit("resume", run_id).see("[N] no\n").press("e").see("copy it to a file")
    assert terminal.see("[N] no\n").press("n").end() == 4
    assert len(desk.asked) == 3


def test_an_edit_at_the_card_of_a_resume_is_what_runs(desk, monkeypatch):
    run_id = failed_run(desk)["run_id"]
    script = desk.project / "wf.py"
    script.write_text(script.read_text().replace("range(3)", "range(2)"))
    monkeypatch.setenv("EDITOR", "sed -i s/three/four/")
    terminal = desk.sit("resume", run_id, "--script", "wf.py").see("[N] no\n").press("e")
    terminal.see("four: A script.").see("[N] no\n").press("y").see("completed")
    assert terminal.end() == 0
    assert len(desk.show(run_id)["result"]) == 2


def test_caps_backend_and_args_stay_unless_others_are_named(desk):
    desk.save("return [args, budget.total]", above="from hocket.script import budget")
    flags = ["--budget-tokens", "5000", "--max-agents", "7", "--concurrency", "3"]
    run_id = desk.json("run", "wf.py", "--yes", "--args", "[1]", *flags)[1]["run_id"]
    assert desk.json("resume", run_id)[1]["result"] == [[1], 5000]
    settings = desk.project / ".hocket" / "config.toml"
    settings.write_text("budget_tokens = 4000\n")
    assert desk.json("resume", run_id)[1]["result"] == [[1], 4000]
    settings.write_text("budget_tokens = 9000\n")
    assert desk.json("resume", run_id)[1]["result"] == [[1], 4000]
    more = ["--budget-tokens", "6000", "--args", "null"]
    assert desk.json("resume", run_id, *more)[1]["result"] == [None, 6000]
    assert desk.json("resume", run_id)[1]["result"] == [None, 6000]


def test_large_args_survive_a_resume_and_lost_ones_are_said(desk):
    desk.save("return len(args)")
    (desk.project / "args.json").write_text(json.dumps(["x" * 1000] * 200))
    run_id = desk.json("run", "wf.py", "--yes", "--args", "@args.json")[1]["run_id"]
    assert desk.json("resume", run_id)[1]["result"] == 200
    shutil.rmtree(desk.folder(run_id) / "artifacts")
    code, _, err = desk.type("resume", run_id)
    assert code == 3
    assert "what was in its args is missing" in err
    assert desk.json("resume", run_id, "--args", "[]")[1]["result"] == 0


def test_fresh_replays_nothing_and_a_skip_can_be_retried(desk):
    run_id = failed_run(desk)["run_id"]
    assert desk.json("resume", run_id, "--fresh")[1]["census"] == {"ok": 3}
    assert len(desk.asked) == 6


def test_an_unknown_run_names_the_nearest_and_a_held_one_its_holder(desk):
    desk.save()
    child, run_id = desk.live()
    near = run_id[:3] + ("0" if run_id[3] != "0" else "1")
    code, _, err = desk.type("resume", near)
    assert code == 2
    assert f"expected one of {run_id}" in err
    code, _, err = desk.type("resume", run_id)
    assert code == 1
    assert f"hocket: run {run_id}: held by pid {child.process.pid} on " in err
    desk.open()
    assert child.end()[0] == 0


def test_of_two_that_resume_exactly_one_works_and_the_other_names_it(desk, eventually):
    run_id = killed_run(desk, eventually)
    both = [desk.start("resume", run_id) for _ in range(2)]
    desk.waiting(5)
    loser = eventually(lambda: next((c for c in both if c.process.poll() is not None), None))
    (winner,) = (child for child in both if child is not loser)
    code, _, err = loser.end()
    assert (code, f"held by pid {winner.process.pid}" in err) == (1, True)
    desk.open()
    assert winner.end()[0] == 0
    assert len(desk.asked) == 5


def test_a_refused_resume_lets_the_run_go(desk):
    run_id = failed_run(desk)["run_id"]
    (desk.project / "wf.py").write_text("not a script")
    assert desk.type("resume", run_id, "--script", "wf.py")[0] == 2
    assert desk.type("resume", run_id, "--script", "nowhere.py")[0] == 2
    assert desk.json("resume", run_id)[0] == 0


def test_a_torn_tail_is_cut_and_said(desk, eventually):
    run_id = killed_run(desk, eventually)
    journal = desk.folder(run_id) / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"crc":"00000000","n":')
    (note,) = desk.show(run_id)["notes"]
    assert note.startswith(f"the journal is whole up to byte {len(whole):,} of {len(whole) + 22:,}")
    desk.open()
    code, _, err = desk.type("resume", run_id, "-q")
    said = f"Cut a torn tail of 22 bytes at byte {len(whole)}"
    assert (code, said in err) == (0, True)
    assert desk.show(run_id)["notes"][0].startswith(said)


def test_damage_is_refused_with_its_place_and_salvaged_when_asked(desk):
    run_id = failed_run(desk, durability="sync")["run_id"]
    journal = desk.folder(run_id) / "journal.jsonl"
    content = journal.read_bytes()
    at = content.index(b"answer to q1")
    journal.write_bytes(content[:at] + b"X" + content[at + 1 :])
    code, _, err = desk.type("resume", run_id)
    assert code == 3
    assert "is damaged, though it was on disk" in err
    assert f"hocket resume --salvage {run_id}" in err
    code, told = desk.json("resume", "--salvage", run_id)
    assert (code, told["result"][1], told["census"]) == (0, "answer to q1", {"ok": 1, "cached": 2})


def test_a_journal_of_a_newer_version_and_one_that_is_none_are_left_alone(desk):
    run_id = failed_run(desk)["run_id"]
    journal = desk.folder(run_id) / "journal.jsonl"
    newer = frame(0, 1, "header", EPOCH_MS, 0, {"v": 9, "min_reader": 9, "hocket": "9.9"})
    for content, said in ((newer, "written by hocket 9.9"), (b"hello\n", "not a journal")):
        journal.write_bytes(content)
        for typed in (["resume", run_id], ["runs", "show", run_id]):
            code, _, err = desk.type(*typed)
            assert (code, said in err) == (3, True)
        assert desk.type("runs", "list")[0] == 0
        assert journal.read_bytes() == content


@pytest.mark.usefixtures("simulated")
def test_a_run_that_was_only_begun_can_be_resumed(desk):
    run_id = failed_run(desk)["run_id"]
    (desk.folder(run_id) / "journal.jsonl").write_bytes(b"")
    assert desk.type("resume", run_id)[0] == 4
    _, _, err = desk.type("resume", run_id)
    assert "nobody is here to approve it" in err
    code, told = desk.json("resume", run_id, *GATED[:-1])
    assert (code, told["census"]) == (0, {"ok": 3})
    (desk.folder(run_id) / "script.py").unlink()
    code, _, err = desk.type("resume", run_id)
    assert (code, "its script.py is missing" in err) == (3, True)


def test_steal_takes_a_run_from_a_holder_that_does_not_answer(desk):
    desk.save()
    child, run_id = desk.live()
    child.signal(signal.SIGSTOP)
    code, _, err = desk.type("resume", run_id)
    assert (code, "(stopped)" in err, "--steal" in err) == (1, True, True)
    desk.open()
    code, told = desk.json("resume", "--steal", run_id)
    assert (code, told["census"]) == (0, {"ok": 3})
    assert child.end()[0] == -signal.SIGKILL


def test_a_language_nobody_speaks_any_more_is_said(desk):
    run_id = failed_run(desk)["run_id"]
    header = frame(0, 1, "header", EPOCH_MS, 0, {"v": 1, "min_reader": 1, "language": "lua"})
    (desk.folder(run_id) / "journal.jsonl").write_bytes(header)
    code, _, err = desk.type("resume", run_id)
    assert (code, "no script host for the language 'lua'" in err) == (2, True)


@pytest.mark.parametrize("typed", [["resume"], ["resume", "../x"], ["resume", "4f2a", "--steel"]])
def test_what_is_no_run_is_a_usage_error(desk, typed):
    assert desk.type(*typed)[0] == 2


def test_a_project_without_any_run_says_so(desk):
    ended = subprocess.run(
        [sys.executable, "-m", "hocket", "resume", "4f2a"], capture_output=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        b"hocket: run '4f2a': there is no such run in this project; expected a run.\n"
        b"  All runs: hocket runs list\n"
    )
