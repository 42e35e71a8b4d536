"""The worker of a script: limits that hold, deaths that are told, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from hocket.api.scripts import (
    BudgetTotals,
    Fault,
    HostCall,
    HostCrashed,
    Raised,
    Returned,
    ScriptLimits,
    Settle,
    Start,
)
from hocket.scripts.python import PythonHost, hocket_register_script_hosts

HEAD = '"""A script."""\nfrom hocket.script import agent, log\nmeta = {"name": "x"}\n'


def start(body, *, above="", **limits):
    inside = body.strip("\n").replace("\n", "\n    ")
    source = f"{HEAD}{above}async def main():\n    {inside}\n"
    script = PythonHost().read(source, "folder/s.py")
    return Start(script, None, has_args=False, budget=BudgetTotals(), limits=ScriptLimits(**limits))


def first(body, **given):
    """Run a script to its first rest."""

    async def main():
        async with PythonHost().open(start(body, **given)) as process:
            return await process.resume(())

    return asyncio.run(main())


def is_alive(pid):
    """Say whether a process runs; one that nobody waited for yet is as good as gone."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def begun(process):
    """Let the loop turn until the worker is there."""
    while process.pid is None:
        await asyncio.sleep(0)


def workers():
    """Give the threads of scripts that do not end by themselves."""
    threads = [t for t in threading.enumerate() if t.name.startswith("script")]
    for thread in threads:
        thread.join(5.0)
    return [thread for thread in threads if thread.is_alive()]


def test_a_script_runs_to_rest_and_on_with_its_answer():
    async def main():
        async with PythonHost().open(start("return [await agent('a')]")) as process:
            asked = await process.resume(())
            (call,) = asked.messages
            ended = await process.resume([Settle(call.id, "b")])
        return asked, ended

    asked, ended = asyncio.run(main())

    assert asked.messages == (HostCall(asked.messages[0].id, "agent", {"prompt": "a"}),)
    assert (asked.end, ended.end) == (None, Returned(["b"]))


@pytest.mark.parametrize(
    ("body", "limits", "name"),
    [
        ("while True:\n    pass", {"turn_s": 0.2}, "cpu"),
        ("x = 'x' * 1000\nwhile True:\n    x += x", {"memory": 8 << 20}, "memory"),
        ("return 10 ** 10 ** 9", {"memory": 32 << 20, "turn_s": 1.0}, "memory"),
        ("return [0] * 10 ** 12", {"memory": 32 << 20}, "memory"),
        ("while True:\n    log('x')", {"calls": 2}, "calls"),
    ],
)
@pytest.mark.parametrize("caught", [False, True])
def test_who_goes_over_a_limit_is_ended_and_cannot_catch_it(body, limits, name, caught):
    if caught:
        inside = body.replace("\n", "\n    ")
        body = f"try:\n    {inside}\nexcept BaseException:\n    return 'caught'"

    end = first(body, **limits).end

    assert isinstance(end, Raised)
    assert end.limit == name


def test_the_time_of_all_turns_together_has_a_limit_too():
    async def main():
        body = (
            "n = 0\nwhile True:\n    await agent('x')\n    for i in range(200_000):\n        n += i"
        )
        async with PythonHost().open(start(body, turn_s=5.0, cpu_s=0.3)) as process:
            batch = await process.resume(())
            while batch.end is None:
                batch = await process.resume([Settle(m.id, "x") for m in batch.messages])
        return batch.end

    assert asyncio.run(main()).limit == "cpu"


def test_the_line_of_a_limit_that_was_reached_in_a_statement_is_named():
    end = first("x = 'x' * 1000\nwhile True:\n    x += x", memory=8 << 20).end

    assert [(frame.line, frame.function) for frame in end.frames] == [(7, "main")]


def test_recursion_can_be_caught_and_goes_no_deeper_than_its_limit():
    above = "def down(n):\n    return down(n + 1)\n\n"
    caught = first(
        "try:\n    return down(0)\nexcept RecursionError:\n    return 'caught'",
        above=above,
        recursion=50,
    ).end
    end = first("return down(0)", above=above, recursion=50).end

    assert caught == Returned("caught")
    assert (end.fault.name, end.limit) == ("RecursionError", None)
    assert len(end.frames) <= 51


def test_when_it_is_left_its_worker_and_its_thread_are_gone():
    async def main():
        async with PythonHost().open(start("await agent('a')")) as process:
            await process.resume(())
            assert is_alive(process.pid)
        return process.pid

    pid = asyncio.run(main())

    assert not is_alive(pid)
    assert workers() == []


def test_a_worker_in_an_endless_loop_is_killed_when_it_is_left():
    """Nobody waits for it: without the kill this test would last as long as its limit."""

    async def main():
        async with PythonHost().open(start("while True:\n    pass", turn_s=9999.0)) as process:
            task = asyncio.get_running_loop().create_task(process.resume(()))
            await begun(process)
        with pytest.raises(HostCrashed):
            await task
        return process.pid

    assert not is_alive(asyncio.run(main()))


def test_who_is_cancelled_while_it_waits_leaves_no_worker():
    async def main():
        async with PythonHost().open(start("while True:\n    pass", turn_s=9999.0)) as process:
            pids.append(process)
            await process.resume(())

    async def cancelled():
        task = asyncio.get_running_loop().create_task(main())
        while not pids:
            await asyncio.sleep(0)
        await begun(pids[0])
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    pids = []
    asyncio.run(cancelled())

    assert not is_alive(pids[0].pid)
    assert workers() == []


def test_a_worker_that_was_never_started_is_left_too():
    async def main():
        async with PythonHost().open(start("return 1")) as process:
            return process.pid

    assert asyncio.run(main()) is None


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_worker_that_is_killed_from_outside_is_a_crash(at_rest):
    async def main():
        body = "await agent('a')\nwhile True:\n    pass"
        async with PythonHost().open(start(body, turn_s=9999.0)) as process:
            batch = await process.resume(())
            settles = [Settle(batch.messages[0].id, "x")]
            if at_rest:
                os.kill(process.pid, signal.SIGKILL)
                await process.resume(settles)
                return
            task = asyncio.get_running_loop().create_task(process.resume(settles))
            await asyncio.sleep(0)
            os.kill(process.pid, signal.SIGKILL)
            await task

    with pytest.raises(HostCrashed):
        asyncio.run(main())
    assert workers() == []


def test_a_worker_that_cannot_be_started_is_a_crash():
    """Without a free file descriptor there is no pipe to a new process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def main():
        async with PythonHost().open(start("return 1")) as process:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            try:
                await process.resume(())
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    first("return 1")  # what is imported on first use is there already
    with pytest.raises(HostCrashed, match="the worker did not start: "):
        asyncio.run(main())
    assert first("return 1").end == Returned(1)


def test_the_loop_goes_on_while_a_script_works():
    ticks = []

    async def ticker():
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    async def main():
        task = asyncio.get_running_loop().create_task(ticker())
        async with PythonHost().open(start("while True:\n    pass", turn_s=0.2)) as process:
            await process.resume(())
        task.cancel()

    asyncio.run(main())
    assert len(ticks) > 100


def test_the_check_tells_all_faults_and_the_type_checker_only_when_there_are_none():
    host = PythonHost()
    clock = f"{HEAD}import time\nasync def main():\n    await agent('x', shema=1)\n"
    typed = f"{HEAD}async def main():\n    await agent('x', shema=1)\n"

    def codes(source):
        return [finding.code for finding in host.check(host.read(source, "s.py"), ())]

    assert codes(typed) == ["S19"]
    assert codes(clock) == ["S05"]


def test_it_comes_in_by_the_door_of_all_plugins():
    (host,) = hocket_register_script_hosts()

    assert (host.language, host.suffixes) == ("python", (".py",))


def test_line_ends_change_nothing():
    host = PythonHost()
    text = f"{HEAD}async def main():\n    return 1\n"

    assert host.read(text.replace("\n", "\r\n"), "s.py") == host.read(text, "s.py")


def test_a_fault_keeps_its_class_or_becomes_a_runtime_error():
    async def main(fault):
        async with PythonHost().open(start("await agent('a')")) as process:
            batch = await process.resume(())
            ended = await process.resume([Settle(batch.messages[0].id, fault=fault)])
            return ended.end.fault

    for name, kept in (
        ("KeyError", "KeyError"),
        ("AgentError", "RuntimeError"),
        ("X", "RuntimeError"),
    ):
        fault = asyncio.run(main(Fault(name, "why")))
        assert (fault.name, fault.message) == (kept, "why")
