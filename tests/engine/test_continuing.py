"""What is left of a call that was cut off, and whether it may go on from there."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState, Outcome
from hocket.api.tools import ACTING, Effect
from hocket.engine.continuing import may_go_on

BODY = "return await agent('x')"


@dataclass
class Does:
    """An agent that does what a function does with its context."""

    work: object

    async def obey(self, call, context):
        return await self.work(call, context)


class Lives:
    """A call in a run that has to leave in the middle of it, and comes back."""

    def __init__(self, theatre):
        self.theatre = theatre
        self.told = []

    def cut_off(self, *lines, key=None, last=None):
        """Live a first life: write lines, and leave; `last` is what the call comes to."""
        runs = []

        async def work(call, context):
            context.record("call", {"key": key or call.key})
            for kind, fields in lines:
                context.record(kind, fields(context) if callable(fields) else fields)
            if last is None:
                runs[0].leave("suspended", "for a test")
                await context.clock.sleep(9_999)
            return last

        self.played = self.theatre.play(BODY, {"": Does(work)}, ready=runs.append)
        (self.file,) = (self.played.folder / "agents").iterdir()
        return self

    def again(self, *, restarts=False, leaves=False, **more):
        """Live the next life; gives what the call is told of the one before."""
        heard, runs = [], []

        async def work(call, context):
            heard.append([*context.earlier()])
            context.record("goes_on", {})
            if leaves:
                runs[0].leave("suspended", "again")
                await context.clock.sleep(9_999)
            if restarts and len(heard) == 1:
                runs[0].calls.in_flight[0].restart()
                await context.clock.sleep(9_999)
            return "y"

        self.theatre.again(self.played, {"": Does(work)}, ready=runs.append, **more)
        return heard


@pytest.fixture
def lives(theatre):
    return Lives(theatre)


def kinds(lines):
    return [line["t"] for line in lines]


def started(tool, *effects):
    return "tool_start", {"id": "1", "tool": tool, "effects": [*effects]}


READ = started("Read", "read_project")
SAID = ("message", {"role": "assistant", "blocks": []})


def test_a_new_call_has_no_earlier_life(theatre):
    heard = []

    async def work(_call, context):
        heard.append(context.earlier())
        return "y"

    theatre.play(BODY, {"": Does(work)})
    assert heard == [()]


def test_a_call_that_was_cut_off_hears_all_it_said(lives):
    (heard,) = lives.cut_off(SAID, READ, SAID).again()
    assert kinds(heard) == ["call", "message", "tool_start", "message"]
    assert heard[0]["epoch"] == 1


def test_a_third_life_hears_of_both(lives):
    lives.cut_off(SAID)
    lives.again(leaves=True)
    (heard,) = lives.again()
    assert kinds(heard) == ["call", "message", "goes_on"]
    assert [line.get("epoch") for line in heard] == [1, None, 2]


def test_it_begins_at_the_last_beginning(lives):
    lives.cut_off(SAID)
    lines = lives.file.read_text("utf-8")
    lives.file.write_text(lines + lines.splitlines()[0] + "\n", "utf-8")
    assert kinds(lives.again()[0]) == ["call"]


@pytest.mark.parametrize("torn", [b'{"t": "mess', b"\xff\xfe", b"{", b"[1]"])
def test_a_torn_line_is_no_line_and_the_next_one_stands_alone(lives, torn):
    lives.cut_off(SAID)
    with lives.file.open("ab") as file:
        file.write(torn)
    (heard,) = lives.again()
    assert kinds(heard) == ["call", "message"]
    *_, before, last, end = lives.file.read_bytes().split(b"\n")
    assert (before, end) == (torn, b"")
    assert json.loads(last)["epoch"] == 2


def test_what_started_an_effect_may_not_go_on_and_says_with_what(lives):
    edit, bash = started("Edit", "write_workspace"), started("Bash", "execute")
    (heard,) = lives.cut_off(SAID, READ, edit, bash, edit).again()
    assert heard == [{"t": "cut_off", "tools": ["Edit", "Bash"]}]


def test_what_came_to_an_end_runs_again_from_its_beginning(lives):
    failed = Outcome(EndState.ERROR, cause="odd")
    assert lives.cut_off(SAID, ("end", {"state": "error"}), last=failed).again() == [[]]


def test_a_terminal_limit_is_no_end(lives):
    (heard,) = lives.cut_off(SAID, ("end", {"state": "quota"})).again()
    assert kinds(heard) == ["call", "message", "end"]


def test_a_person_who_begins_it_again_means_it(lives):
    first, second = lives.cut_off(SAID).again(restarts=True)
    assert (kinds(first), second) == (["call", "message"], [])


def test_another_calls_lines_are_not_its_own(lives):
    assert lives.cut_off(SAID, key="somebody else's").again() == [[]]


def test_without_its_file_it_is_a_new_call(lives):
    lives.cut_off(SAID).file.unlink()
    assert lives.again() == [[]]


def test_a_file_that_cannot_be_read_is_none(lives):
    lives.cut_off(SAID).file.unlink()
    lives.file.mkdir()
    assert lives.again() == [[]]


def test_long_texts_are_put_back(lives):
    text = "long " * 99

    def kept(context):
        digest = context.tools.keep(text.encode())
        return {"blocks": [{"kind": "text", "text": {"artifact": digest, "size": len(text)}}]}

    (heard,) = lives.cut_off(("message", kept)).again()
    assert heard[1]["blocks"][0]["text"] == text


def test_without_one_of_them_it_starts_again(lives):
    def gone(_context):
        return {"blocks": [{"text": {"artifact": "0" * 64, "size": 3}}]}

    assert lives.cut_off(("message", gone)).again() == [[{"t": "cut_off", "tools": []}]]


@given(st.lists(st.sets(st.sampled_from([*Effect])), max_size=4))
def test_only_what_had_no_effect_may_go_on(uses):
    lines = [{"t": "tool_start", "effects": [one.value for one in use]} for use in uses]
    assert may_go_on(lines) is not any(use & ACTING for use in uses)
