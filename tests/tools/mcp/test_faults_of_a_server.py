"""Case 64: it dies, hangs, floods or talks nonsense: an error, one restart, then it is off."""

from __future__ import annotations

import asyncio
import json
import select
import subprocess
import sys

import pytest

from hocket_plugins.tools.mcp import leftovers


def test_a_server_of_the_old_era_works_as_well(desk, story):
    starts = desk.pinned("old", "chatty")

    async def what(run):
        assert await run.text("mcp__old__echo", text="hi") == "hi"
        assert await run.text("mcp__old__echo") == "[no text]"
        assert starts() == 1

    story(what)


def test_it_dies_in_mid_call(desk, story):
    starts = desk.pinned("frail")

    async def what(run):
        first = await run.trouble("mcp__frail__echo", text="die")
        assert first == (
            "the MCP server frail: it ended with exit code 7; its last words: Traceback: disk on "
            "fire. It is started once more when it is used again"
        )
        assert await run.text("mcp__frail__echo", text="back") == "back"
        assert starts() == 2
        second = await run.trouble("mcp__frail__echo", text="die")
        assert "it is off for the rest of the run: it ended with exit code 7" in second
        assert await run.trouble("mcp__frail__echo", text="hi") == second
        assert starts() == 2

    story(what)


def test_it_leaves_while_nobody_uses_it(desk, story):
    """No use is lost, so none fails before it was started twice."""
    starts = desk.pinned("fickle")

    async def what(run):
        for number in (1, 2):
            assert await run.text("mcp__fickle__echo", text="leave") == "leave"
            assert starts() == number
            # Its end is heard a moment later than its answer.
            while not run.tools["mcp__fickle__echo"]._connection._life.is_over:
                await asyncio.sleep(0.01)
        text = await run.trouble("mcp__fickle__echo", text="hi")
        assert "it is off for the rest of the run: it ended with exit code 0" in text

    story(what)


def test_all_who_waited_are_told_and_it_counts_once(desk, story):
    starts = desk.pinned("frail")

    async def what(run):
        async with asyncio.TaskGroup() as group:
            uses = [
                group.create_task(run.trouble("mcp__frail__echo", text=text))
                for text in ("mute", "mute", "die")
            ]
        assert all("exit code 7" in use.result() for use in uses)
        assert await run.text("mcp__frail__echo", text="back") == "back"
        assert starts() == 2

    story(what)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("hangs", "it did not answer within 1 s"),
        ("garbage", "it prints what is no message, such as: "),
        ("endless-line", "a line of more than 16,777,216 bytes"),
        ("floods", "over 5,000 messages nobody asked for"),
        ("born-dead", "it ended with exit code 1; its last words: no licence"),
        ("twice", "it lists the tool echo twice"),
        ("endless", "it lists more than 1,000 tools, or on more than 100 pages"),
    ],
)
def test_it_never_comes_to_work(desk, story, word, why):
    starts = desk.pinned("sick", word, start_s=1.0 if word == "hangs" else 20.0)

    async def what(run):
        first = await run.trouble("mcp__sick__echo", text="hi")
        assert why in first
        assert "\x1b" not in first
        assert first.endswith("started once more when it is used again")
        assert "off for the rest of the run" in await run.trouble("mcp__sick__echo")
        assert "off for the rest of the run" in await run.trouble("mcp__sick__echo")
        assert starts() == 2

    story(what)


def test_signs_of_life_put_the_end_off_and_silence_does_not(desk, story):
    starts = desk.pinned("calm", timeout_s=1.0)

    async def what(run):
        assert await run.text("mcp__calm__echo", text="steps") == "steps"
        assert run.person.said[-1] == "calm echo: 3"
        silent = await run.trouble("mcp__calm__echo", text="mute")
        assert silent == "the MCP server calm: stopped: no progress for 1 s"
        assert await run.text("mcp__calm__echo", text="on") == "on"
        assert starts() == 1

    story(what)


def test_it_floods_in_mid_call(desk, story):
    desk.pinned("loud")

    async def what(run):
        assert "floods" in await run.trouble("mcp__loud__echo", text="flood")
        assert await run.text("mcp__loud__echo", text="back") == "back"

    story(what)


def test_a_program_that_is_not_there(desk, story):
    desk.servers["gone"] = {"command": "/nowhere/to/be/found"}
    desk.pin("gone")

    async def what(run):
        text = await run.trouble("mcp__gone__echo")
        assert "it cannot be started: /nowhere/to/be/found: No such file or directory" in text

    story(what)


def test_a_variable_that_is_not_set(desk, story):
    desk.pinned("poor", env=["NOBODY_SET_THIS"])

    async def what(run):
        assert "the variable NOBODY_SET_THIS is not set" in await run.trouble("mcp__poor__echo")

    story(what)


def test_it_answers_otherwise_than_the_protocol_says(desk, story):
    starts = desk.pinned("odd")

    async def what(run):
        kind = await run.trouble("mcp__odd__echo", text="kind")
        assert kind == "the MCP server odd: error -32050: not today"
        nonsense = await run.trouble("mcp__odd__echo", text="nonsense")
        assert "not as the protocol says" in nonsense
        assert await run.text("mcp__odd__echo", text="on") == "on"
        assert starts() == 1

    story(what)


def test_one_that_will_not_end_is_ended_with_all_it_started(desk, story):
    desk.pinned("stubborn", "stubborn")

    async def what(run):
        assert await run.text("mcp__stubborn__echo", text="hi") == "hi"
        assert len(desk.left()) >= 2

    story(what)


def test_a_cancelled_use_leaves_the_server_to_others(desk, story):
    starts = desk.pinned("shared")

    async def what(run):
        await run.text("mcp__shared__echo", text="hi")
        async with asyncio.TaskGroup() as group:
            use = group.create_task(run.use("mcp__shared__echo", text="mute"))
            for _ in range(20):
                await asyncio.sleep(0)
            use.cancel()
        assert use.cancelled()
        assert await run.text("mcp__shared__echo", text="still") == "still"
        assert starts() == 1

    story(what)


def test_cancelled_while_it_starts_nothing_is_left(desk, story):
    desk.pinned("slow", "hangs", start_s=20.0)

    async def what(run):
        for turns in range(0, 300, 60):
            async with asyncio.TaskGroup() as group:
                use = group.create_task(run.use("mcp__slow__echo", text="hi"))
                for _ in range(turns):
                    await asyncio.sleep(0)
                use.cancel()

    story(what)


def test_a_run_that_is_cancelled_without_being_closed_leaves_nothing(desk):
    """The loop cancels what is left, and that is enough."""
    desk.pinned("shared", "stubborn")

    async def lived():
        run = desk.opened()
        await run.text("mcp__shared__echo", text="hi")
        assert desk.left()

    asyncio.run(lived())
    assert desk.left() == []


def test_after_the_run_nothing_is_started(desk, story):
    starts = desk.pinned("late")

    async def what(run):
        await run.text("mcp__late__echo", text="hi")
        await run.aclose()
        assert desk.left() == []
        assert "the run is over" in await run.trouble("mcp__late__echo")
        assert starts() == 1

    story(what)


HOCKET = """
import asyncio, json, sys
from pathlib import Path
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.mcp.connection import Connection
from hocket_plugins.tools.mcp.offer import Offer
from hocket_plugins.tools.mcp.server import Server

command, offer, call_id = json.loads(sys.argv[1])

async def main():
    server = Server(name="s", origin="", command=tuple(command))
    context = ScriptedToolContext(Path("/"), call_id=call_id)
    await Connection(server, [Offer(**offer)], Path("/")).use("echo", {"text": "hi"}, context)
    print("used", flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


@pytest.mark.parametrize("word", ["meek", "stubborn"])
def test_hocket_is_killed(desk, word):
    """The input of a server ends with hocket; what ignores that is found by its mark."""
    desk.pinned("s", word)
    server = desk.servers["s"]
    told = json.dumps(
        [[server["command"], *server["args"]], {**desk.echo.pinned}, f"{desk.run_id}/1"]
    )
    with subprocess.Popen([sys.executable, "-c", HOCKET, told], stdout=subprocess.PIPE) as hocket:
        assert hocket.stdout
        assert hocket.stdout.readline() == b"used\n"
        left = set(desk.left())
        assert left
        hocket.kill()
    if word == "stubborn":
        assert leftovers.reap("HOCKET_CALL", f"{desk.run_id}/mcp/s") == len(left)
    assert soon(lambda: desk.left() == [])


def soon(holds):
    """Look every 20 ms, for five seconds, whether something holds."""
    for _ in range(250):
        if holds():
            return True
        select.select([], [], [], 0.02)
    return holds()
