"""What is kept with a run, what a resume reads anew, and what it does not."""

from __future__ import annotations

import pytest

from hocket.engine.clock import MachineClock
from hocket.errors import RefusedError, UsageError
from hocket.estimate.making import estimate
from hocket.launch.typed import Line
from hocket.testing.running import DEFAULT, _backend, _project


def typed(kind, **more):
    return {"type": "string", "x-expand": kind, **more}


MODE = {"type": "string", "enum": ["quick", "full"], "x-default": "size"}


def test_a_resume_reads_nothing_anew_but_with_new_arguments(place):
    place.script("return [args, await agent('go')]", it=typed("lines"), more=typed("lines"))
    place.write("list.txt", "one\n")
    outcome = place.run("--it", "list.txt")
    place.write("list.txt", "two\n")
    assert place.resume(outcome).result[0] == {"it": ["one"]}
    again = place.resume(outcome, args={"it": "list.txt"})
    assert again.result[0] == {"it": ["two"]}
    assert place.resume(again).result[0] == {"it": ["two"]}


def test_an_edited_script_may_ask_for_more(place):
    place.script("return args", it=typed("lines"))
    place.write("list.txt", "one\n")
    place.write("rubrics/vote.md", "Vote.")
    outcome = place.run("--it", "list.txt")
    place.script(it=typed("lines"), rubrics=typed("texts", default="bundle:rubrics"), mode=MODE)
    source = (place.root / "wf.py").read_text("utf-8")
    again = place.resume(outcome, source=source)
    assert again.result == {"it": ["one"], "rubrics": {"vote": "Vote."}, "mode": "quick"}


def test_an_edited_script_may_not_ask_for_something_else(place):
    place.script("return args", it=typed("lines"))
    place.write("list.txt", "one\n")
    outcome = place.run("--it", "list.txt")
    for edited in ({"other": typed("lines")}, {"it": typed("text")}):
        place.script(**edited)
        with pytest.raises(UsageError, match=r"args.*it"):
            place.resume(outcome, source=(place.root / "wf.py").read_text("utf-8"))


def test_arguments_may_come_in_any_way(place):
    place.script(it=typed("lines"))
    place.write("list.txt", "one\n")
    assert place.args("list.txt") == place.args("--it", "list.txt") == {"it": ["one"]}
    line = Line("wf.py", args='{"it": "list.txt"}')
    assert line.prepare(_project(place.root, _backend(None), DEFAULT)).arguments.value == {
        "it": ["one"]
    }


def test_what_was_not_typed_stands_for_nothing(place):
    place.script(it=typed("lines"), units=typed("glob"))
    assert place.args() == {}


@pytest.mark.parametrize(
    ("size", "mode"),
    [("small", "quick"), ("medium", "quick"), ("large", "full"), ("unlimited", "full")],
)
def test_the_mode_follows_the_size(place, size, mode):
    place.script(mode=MODE)
    place.mine(f'size = "{size}"\n')
    assert place.args() == {"mode": mode}
    assert place.args("--mode", "full") == {"mode": "full"}


def test_the_journal_keeps_no_secret_of_a_file(place, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "opensesame-1921")
    place.script(it=typed("text"), rows=typed("json"), rubrics=typed("texts"), list=typed("lines"))
    place.write("docs/a.md", "The key is opensesame-1921. Keep it.")
    place.write("rows.json", '[{"opensesame-1921": "opensesame-1921"}]')
    outcome = place.run(
        *("--it", "docs/a.md", "--rows", "rows.json", "--rubrics", "docs", "--list", "docs/a.md")
    )
    assert outcome.result["list"] == ["The key is [secret:SHOP_TOKEN]. Keep it."]
    kept = b"".join(one.read_bytes() for one in outcome.folder.rglob("*") if one.is_file())
    assert b"opensesame" not in kept
    with pytest.raises(RefusedError, match="the value of SHOP_TOKEN is in the arguments"):
        place.run("--it", "opensesame-1921")


def test_what_is_too_large_says_what_to_narrow(place):
    place.script(it=typed("lines"), other=typed("lines"))
    place.write("large.txt", "x" * (3 << 20))
    place.write("small.txt", "y" * (2 << 20))
    with pytest.raises(UsageError) as caught:
        place.run("--it", "small.txt", "--other", "large.txt")
    assert caught.value.found == "--other: what it stands for is larger than 4 MiB"
    place.write("huge.txt", "x" * (5 << 20))
    with pytest.raises(UsageError, match=r"--it: huge\.txt is larger than 4 MiB"):
        place.run("--it", "huge.txt")


def test_a_script_hands_over_what_a_child_finds(place):
    place.write("child/rubrics/vote.md", "Vote.")
    place.script(
        it=typed("lines"),
        rubrics=typed("texts", default="bundle:rubrics"),
        diff=typed("git-diff"),
        mode=MODE,
    )
    (place.root / "wf.py").rename(place.root / "child" / "child.py")
    found = {"it": ["/etc/passwd"], "rubrics": {"vote": "Vote."}, "mode": "quick"}
    hand = "return await workflow({'script_path': 'child/child.py'}, %r)"
    place.script(hand % {"it": ["/etc/passwd"]})
    assert place.args() == found
    place.script(hand % {"it": "/etc/passwd"})
    assert place.args() == {**found, "it": "/etc/passwd"}


def test_an_estimate_reads_the_same(place):
    place.script("for one in args['it']: await agent(one)", it=typed("lines"))
    place.write("list.txt", "one\ntwo\nthree\n", at=place.root.parent)
    line = Line("wf.py", words=("--it", "../list.txt"))
    prepared = line.prepare(_project(place.root, _backend(None), DEFAULT))
    made = estimate(prepared, MachineClock(), most=5)
    assert made.figures["calls"].p50 == 3
