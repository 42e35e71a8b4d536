"""A run that nobody keeps behaves like one that somebody does."""

from __future__ import annotations

import asyncio

import pytest

from hocket.estimate.scratch import Scratch, Unsynced
from hocket.journal import recovery
from hocket.journal.past import Past
from hocket.testing import JumpingClock, run


def test_a_journal_in_memory_can_be_read_again():
    held = Scratch()
    log = Unsynced(held, JumpingClock(), past=Past())
    log.append("header", {"v": 1, "min_reader": 1, "run": "r"})
    at = log.append("usage", {"call": 1, "input": 5})
    big = log.keep("x" * 60_000)
    assert log.load(at).payload["input"] == 5
    assert log.value(big) == "x" * 60_000
    assert recovery.open(held).next_record == 2
    held.sync()
    held.release()


def test_its_files_are_there_until_it_is_gone():
    held = Scratch()
    assert held.read("run.json") is None
    held.write("run.json", b"one")
    held.write("run.json", b"two")
    held.note("agents/0001.jsonl", b"a")
    held.note("agents/0001.jsonl", b"b")
    assert (held.read("run.json"), held.read("agents/0001.jsonl")) == (b"two", b"ab")
    assert held.get("no digest") is None


def test_it_can_be_cut_and_replaced():
    held = Scratch()
    held.append(b"one\n")
    held.append(b"two\n")
    held.cut(4)
    assert held.journal() == b"one\n"
    held.replace(b"three\n")
    assert held.slice(0, 5) == b"three"


def test_nothing_of_it_is_ever_synced():
    async def lived():
        clock = JumpingClock()
        log = Unsynced(Scratch(), clock, past=Past())
        async with asyncio.TaskGroup() as group:
            syncing = group.create_task(log.sync_loop())
            await clock.sleep(3600)
            assert not syncing.done()
            syncing.cancel()

    run(lived())


@pytest.mark.parametrize("name", ["a", "b/c"])
def test_names_do_not_meet(name):
    held = Scratch()
    held.write(name, b"x")
    assert held.read("other") is None
