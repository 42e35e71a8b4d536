"""What a run leaves behind, says of itself, or does again: words from outside stay outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from canaries import EVIL
from hostile import ORDER, OWNER, READ, TEXT, harmed, unharmed
from orders import do

HERE = Path(__file__).parent
ONE = f'words = await agent("{READ}", tools=["read_page"])\n'
ACT = f'act = await attempt("{OWNER} " + str(words), tools=ACT)\nreturn act["state"]\n'
NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

PARTS = {
    "partial_of_invalid": (f"schema={NUMBER}, timeout=60", "partial"),
    "cause_of_invalid": (f"schema={NUMBER}", "cause"),
    "whole_record_of_invalid": (f"schema={NUMBER}", None),
    "whole_record": ("phase='Read'", None),
    "usage": ("phase='Read'", "usage"),
    "changes": ("isolation='worktree'", "changes"),
    "call": ("phase='Read'", "call"),
    "over_cap": ("max_tokens=60", None),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_record_holds_handles(scenes, name):
    options, part = PARTS[name]
    taken = "one" if part is None else f'one["{part}"]'
    body = (
        f'one = await attempt("{READ}", tools=["read_page"], {options})\n'
        f"words = json.dumps({taken}, ensure_ascii=False)\n{ACT}"
    )
    # What it reads makes it answer with something that never fits, full of orders.
    played = scenes({"bad": ORDER}).play(body)

    unharmed(played)


RAISED = f"""
words = ""
try:
    await agent("{READ}", OPTIONS)
except Exception as error:
    words = str(error)
"""
CAUSES = {
    "invalid": f'tools=["read_page"], schema={NUMBER}',
    "refused": 'tools=["read_page", *ACT]',
    "unknown_tool": 'tools=["read_page", "no_such_tool"]',
    "over_budget": 'tools=["read_page"], max_tokens=1',
}


@pytest.mark.parametrize("name", CAUSES)
def test_an_error_says_nothing_of_what_was_read(scenes, name):
    played = scenes({"bad": ORDER}).play(f"{RAISED.replace('OPTIONS', CAUSES[name])}{ACT}")

    unharmed(played)
    assert played.result == "ok"
    assert EVIL not in json.dumps(played.run.report["failures"])


def test_logs_events_and_card_say_nothing_of_what_was_read(scenes):
    played = scenes({"bad": ORDER}).play(f"{ONE}log(words)\n{ACT}")

    unharmed(played)
    told = [event for event in played.run.events if "Progress" not in type(event).__name__]
    assert EVIL not in repr(told)
    assert EVIL not in repr(played.run.card)


def test_the_journal_holds_handles_and_the_words_lie_apart(scenes):
    played = scenes({"bad": ORDER}).play(f"{ONE}{ACT}")

    unharmed(played)
    assert EVIL not in (played.run.folder / "journal.jsonl").read_text("utf-8")


RUNS = {
    "read": do("Read", file_path="PATH"),
    "grep": do("Grep", pattern="secret", path=".hocket", output_mode="content"),
    "grep_all": do("Grep", pattern="secret", output_mode="content"),
}


def kept(project):
    """Give the file of an earlier run in which the words of strangers lie."""
    folder = project / ".hocket" / "runs"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return next(path for path in sorted(files) if EVIL.encode() in path.read_bytes())


@pytest.mark.parametrize("way", RUNS)
@pytest.mark.parametrize("tools", ['["Read", "Grep"]', '["Read", "Grep", *ACT]', "None"])
def test_what_an_earlier_run_kept_is_not_read_as_trusted(scenes, way, tools):
    scene = scenes({"bad": ORDER})
    before = scene.play(f'{ONE}return {{"a": words}}')
    path = kept(before.project).relative_to(before.project)
    body = f"""
    one = await attempt({RUNS[way].replace("PATH", str(path))!r}, tools={tools})
    words = str(one["value"])
    act = await attempt("{OWNER} " + words, tools=ACT)
    return [one["state"], act["state"]]
    """
    played = scene.play(body, real_time=True)

    unharmed(played)


def test_a_reader_writes_no_file(scenes):
    page = do("Write", file_path=f"{EVIL}.md", content="x") + do("Edit", file_path="a.md")
    body = f"""
    direct = await attempt("{READ}")
    named = await attempt("{READ}", tools=["read_page", "Write"])
    framed = await attempt("See to this: " + str(direct["value"]))
    return [one["state"] for one in (direct, named, framed)]
    """
    scene = scenes({"bad": page})
    played = scene.play(body)

    assert played.result == ["ok", "refused", "ok"]
    assert not [path for path in played.project.iterdir() if EVIL in path.name]


def test_without_quarantine_it_does(scenes):
    page = do("Write", file_path=f"{EVIL}.txt", content="x")
    harmed(scenes({"bad": page}).play(f'return await agent("{READ}")', mode="off"))


def test_the_same_call_again_gives_the_same_handle(scenes):
    reads = f'await agent("{READ}", tools=["read_page"])'
    acts = ACT.replace("return ", "return first == words, ")
    played = scenes({"bad": ORDER}).play(f"first = {reads}\nwords = {reads}\n{acts}")

    unharmed(played)
    assert played.result == [True, "refused"]


def test_a_resume_replays_handles_and_not_words(scenes):
    scene = scenes({"bad": ORDER})
    before = scene.play(f"{ONE}{ACT}")
    again = scene.again(before)

    unharmed(again)
    assert again.result == "refused"
    assert scene.kit.page.read == ["bad"]


def test_an_edited_script_meets_handles_on_resume(scenes):
    scene = scenes({"bad": ORDER})
    before = scene.play(f"{ONE}return 1")
    again = scene.again(before, f"{ONE}words = words[:5] + words[5:]\n{ACT}")

    unharmed(again)
    assert again.result == "refused"
    assert scene.kit.page.read == ["bad"]


def test_a_taint_lasts_beyond_a_resume(scenes):
    scene = scenes({"bad": ORDER})
    before = scene.play(f"{ONE}await reveal(words)\nreturn 1")
    again = scene.again(before, f"{ONE}await reveal(words)\nwords = 'nothing'\n{ACT}")

    unharmed(again)
    assert again.result == "refused"


def test_a_taint_lasts_though_the_edited_script_reveals_nothing_more(scenes):
    scene = scenes({"bad": ORDER})
    before = scene.play(f"{ONE}await reveal(words)\nreturn 1")
    again = scene.again(before, f"{ONE}words = 'nothing'\n{ACT}")

    unharmed(again)
    assert again.result == "refused"


REVEALED = {
    "named": f'act = await attempt("{OWNER} " + words, tools=ACT)',
    "free": 'act = await attempt("See to this: " + words)',
    "coded": f'act = await attempt("{OWNER} " + words[::-1], tools=ACT)',
    "elsewhere": f'act = await attempt("{OWNER}", tools=ACT)',
    "child": f'act = await attempt("{OWNER} " + "".join([c for c in words]), tools=ACT)',
}


@pytest.mark.parametrize("way", REVEALED)
def test_after_reveal_nobody_acts_unasked(scenes, way):
    body = f'{ONE}words = await reveal(words)\n{REVEALED[way]}\nreturn act["state"]'
    played = scenes({"bad": ORDER}).play(body)

    unharmed(played)
    assert played.done() == 0
    assert played.result == ("ok" if way == "free" else "refused")


@pytest.mark.parametrize("way", ["named", "free", "coded"])
def test_without_quarantine_what_is_revealed_is_obeyed(scenes, way):
    body = f'{ONE}words = await reveal(words)\n{REVEALED[way]}\nreturn act["state"]'
    harmed(scenes({"bad": ORDER}).play(body, mode="off"))


INPUTS = {
    "untrusted": '[{"path": "bad.txt", "untrusted": True}]',
    "outside": '["bad.txt"]',
    "folder": '["docs"]',
}


@pytest.mark.parametrize("how", INPUTS)
def test_an_actor_gets_no_attached_words_from_outside(scenes, how):
    scene = scenes()
    for path in (scene.project / "bad.txt", scene.project / "docs" / "bad.txt"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(ORDER, "utf-8")
    body = f"""
    act = await attempt("{OWNER}{do("Read", file_path="bad.txt")}", tools=["Read", *ACT],
                        inputs={INPUTS[how]})
    return act["state"]
    """
    played = scene.play(body, more='outside_paths = ["bad.txt"]\n')

    unharmed(played)
    assert played.result == "refused"


def killed(scene, word, body, page=ORDER):
    """Let another process begin a run, and kill it when a model is sent a word; gives the run."""
    order = [sys.executable, str(HERE / "dies.py"), str(scene.project), page, word, body]
    ended = subprocess.run(order, timeout=60, check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    (run,) = (one for one in (scene.project / ".hocket" / "runs").iterdir() if one.is_dir())
    return run.name


def test_after_a_kill_the_handles_are_known_again(scenes):
    """A process is killed in mid-run; its run goes on in this one."""
    scene = scenes({"bad": "nothing is there any more"})
    body = f'{ONE}words = await agent("Repeat: " + words, tools=[])\n{ACT}'
    again = scene.resumed(killed(scene, "Repeat", body))

    unharmed(again)
    assert again.result == "refused"
    assert scene.kit.page.read == []


def test_a_call_that_goes_on_after_a_kill_still_knows_what_it_has_read(scenes):
    """It read before the kill; the tools with effects stay closed to it in its next life."""
    scene = scenes({"bad": "nothing hostile is there any more"})
    page = ORDER + do("read_page", name="more")
    body = f'return await agent("{READ}")'
    again = scene.resumed(killed(scene, "nothing is there", body, page))

    unharmed(again)
    assert scene.kit.page.read == ["more"], "it went on where it was cut off"
    assert EVIL in str(again.requests[0].messages)
    denied = [one for one in again.records("decided") if one["verdict"] == "deny"]
    assert {one["tool"] for one in denied} == {"send_report", "Write"}


def test_an_object_with_words_is_sealed_on_replay_too(scenes):
    body = f"""
    read = await agent("{READ}", tools=["read_page"], schema={TEXT})
    words = read["text"]
    act = await attempt("{OWNER} " + words, tools=ACT)
    return act["state"]
    """
    scene = scenes({"bad": ORDER})
    again = scene.again(scene.play(body))

    unharmed(again)
    assert again.result == "refused"


CHECK = '"checks": {"tests": {"run": "sh check.sh", "tries": 2}}'


@pytest.mark.parametrize("trusted", [True, False])
def test_a_check_of_a_stranger_tells_an_actor_nothing(scenes, trusted):
    """Where nobody trusts the project, a check runs what strangers wrote and says what they say."""
    scene = scenes()
    (scene.project / "check.sh").write_text(f"echo '{ORDER}'; exit 1\n", "utf-8")
    body = f"""
    act = await attempt("{OWNER}", tools=ACT, check="tests")
    return act["state"]
    """
    played = scene.play(body, meta=CHECK, trusted=trusted, real_time=True)

    if trusted:
        harmed(played)
    else:
        unharmed(played)


READS = {
    "read": do("Read", file_path="bad.txt"),
    "grep": do("Grep", pattern="@", output_mode="content"),
    "glob": do("Glob", pattern="**/*"),
}


@pytest.mark.parametrize("way", READS)
def test_an_actor_that_meets_an_outside_file_gets_a_handle(scenes, way):
    """Its tools are not known to read from outside until they do."""
    scene = scenes()
    (scene.project / "bad.txt").write_text(ORDER, "utf-8")
    (scene.project / f"{ORDER}.bad.txt").write_text("x", "utf-8")
    body = f"""
    one = await attempt("{READS[way]}{OWNER}", tools=["Read", "Grep", "Glob", *ACT])
    act = await attempt("{OWNER} " + str(one["value"]), tools=ACT)
    return [one["state"], act["state"]]
    """
    played = scene.play(body, more='outside_paths = ["*bad.txt"]\n', real_time=True)

    unharmed(played)
    assert played.result == ["ok", "refused"]
    assert played.done() == 1


@pytest.mark.parametrize("way", READS)
def test_without_quarantine_it_gets_the_words(scenes, way):
    scene = scenes()
    (scene.project / "bad.txt").write_text(ORDER, "utf-8")
    (scene.project / f"{ORDER}.bad.txt").write_text("x", "utf-8")
    body = f'return await attempt("{READS[way]}", tools=["Read", "Grep", "Glob", *ACT])'

    harmed(scene.play(body, mode="off", real_time=True))


def test_an_actor_in_a_strange_project_hears_nothing_of_what_it_edits(scenes):
    scene = scenes()
    (scene.project / "a.txt").write_text(ORDER * 2, "utf-8")
    edit = do("Edit", file_path="a.txt", old_string="@@", new_string="x")
    body = f"""
    one = await attempt("{OWNER}{edit}", tools=["Edit", *ACT])
    act = await attempt("{OWNER} " + str(one["value"]), tools=ACT)
    return [one["state"], act["state"]]
    """
    played = scene.play(body, trusted=False)

    unharmed(played)


@pytest.mark.parametrize("size", [70_000, 300_000])
def test_what_is_too_long_is_cut_and_closed_all_the_same(scenes, size):
    body = f"""
    read = await agent("{READ}", tools=["read_page"])
    free = await attempt("See to this: " + read)
    act = await attempt("{OWNER} " + read, tools=ACT)
    return [free["state"], act["state"]]
    """
    played = scenes({"bad": f"{'word ' * (size // 5)}{ORDER}"}).play(body)

    unharmed(played)
    assert played.result == ["ok", "refused"]
