"""A script's process may die once: by a real signal, at any point, with work in flight."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import pytest

from hocket.api.markers import hookimpl
from hocket.scripts.python import PythonHost
from hocket.testing import Fail, Hang, ScriptedBackend


class Mortal(PythonHost):
    """The Python host, which remembers the processes of its scripts."""

    def __init__(self):
        self.alive = {}
        self.killed = []
        self.begun = asyncio.Event()

    @asynccontextmanager
    async def open(self, start):
        async with super().open(start) as process:
            name = start.script.manifest.name
            self.alive[name] = process
            if self.killed:
                self.begun.set()
            yield process

    def kill(self, name):
        """Kill the process of a script."""
        self.killed.append(name)
        os.kill(self.alive[name].pid, signal.SIGKILL)

    @hookimpl
    def hocket_register_script_hosts(self):
        return [self]


@pytest.fixture
def host(hocket_project):
    """Put a mortal host in the place of the built-in one."""
    settings = hocket_project / ".hocket" / "config.toml"
    settings.write_text('[plugins]\nblock = ["scripts.python"]\n', "utf-8")
    return Mortal()


@pytest.fixture
def play(theatre, host):
    def play(body, answers, **stage):
        return theatre.play(body, answers, plugins={"testing.host": host}, **stage)

    return play


def killing(host, name, *, times=1):
    """Answer with the prompt, and kill a script's process so many times before."""
    left = [times]

    def answer(call):
        if left[0]:
            left[0] -= 1
            host.kill(name)
        return call.prompt

    return answer


def test_calls_in_flight_go_on_and_attach_again(play, host):
    class Later:
        async def obey(self, call, context):
            await host.begun.wait()
            await context.clock.sleep(5.0)  # the clock stands while the new process starts
            return call.prompt

    backend = ScriptedBackend({"kills": killing(host, "story"), "": Later()})
    body = "return await parallel([agent('kills'), agent('one'), agent('two')])"

    outcome = play(body, backend, flags={"concurrency": 3})

    assert outcome.result == ["kills", "one", "two"]
    assert sorted(outcome.prompts) == ["kills", "one", "two"]
    assert outcome.census == {"ok": 2, "cached": 1}


def test_a_call_that_nobody_asks_for_again_ends_with_the_script_and_counts_for_nobody(play, host):
    flaky = [Fail(), "fine"]
    answers = {
        "flaky": lambda _call: flaky.pop(0),
        "slow": Hang(),
        "kills": killing(host, "story"),
    }
    backend = ScriptedBackend(answers)
    body = """
        record = await attempt("flaky")
        if not record["ok"]:
            agent("slow")
        return [record["value"], await agent("kills")]
        """

    outcome = play(body, backend, flags={"concurrency": 2})

    assert outcome.result == ["fine", "kills"]
    assert outcome.prompts == ["flaky", "slow", "kills", "flaky"]
    assert (outcome.census, backend.in_flight) == ({"ok": 1, "cached": 1}, 0)


def test_a_child_that_dies_takes_its_parent_along_once(play, host, theatre):
    theatre.save("kid", "return [await agent('kills'), await agent('in the kid')]")
    body = "return [await agent('before'), await workflow('kid'), await agent('after')]"
    answers = {"kills": killing(host, "kid"), "": lambda call: call.prompt}

    outcome = play(body, answers)

    assert outcome.result == ["before", ["kills", "in the kid"], "after"]
    assert outcome.prompts == ["before", "kills", "in the kid", "after"]
    assert sum("process died" in line for line in outcome.log) == 1


def test_groups_and_totals_are_counted_anew(play, host, theatre):
    theatre.save("kid", "phase('In')\nreturn await agent(f'{args}')")
    body = """
        told = [await workflow("kid", n) for n in range(3)]
        return [told, (await attempt("one too many"))["state"]]
        """
    answers = {"2": killing(host, "story"), "": lambda call: call.prompt}

    outcome = play(body, answers, flags={"max_agents": 3})

    assert outcome.result == [["0", "1", "2"], "over_cap"]
    phases = [e.phase for e in outcome.events if type(e).__name__ == "CallAsked"]
    assert phases == ["▸ kid · In", "▸ kid #2 · In", "▸ kid #3 · In", None]


def test_the_second_death_is_the_last(play, host):
    backend = ScriptedBackend({"": killing(host, "story", times=9)})

    outcome = play("return [await agent('a'), await agent('b'), await agent('c')]", backend)

    assert outcome.status == "failed"
    assert outcome.cause.startswith("crashed: the script's process died twice")
    assert (outcome.prompts, backend.in_flight) == (["a", "b"], 0)


def test_a_question_is_asked_once_however_often_the_process_dies(play, host):
    class Person:
        def __init__(self):
            self.asked = []

        async def answer(self, question):
            self.asked.append(question.text)
            return "yes"

    body = "return [await ask('Sure?'), await agent('kills'), await ask('Sure?')]"
    person = Person()
    outcome = play(body, {"kills": killing(host, "story")}, approver=person)

    assert outcome.result == ["yes", "kills", "yes"]
    assert person.asked == ["Sure?", "Sure?"]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("return [1][5]", "script.py:6:12: IndexError: list index out of range"),
        ("return {1}", "TypeError: the result is not JSON: result: set"),
        ("raise AgentError('mine')", "script.py:6:11: RuntimeError: mine"),
    ],
)
def test_the_end_names_the_line_of_the_script(theatre, body, cause):
    outcome = theatre.play(body)

    assert outcome.status == "failed"
    assert outcome.cause.endswith(cause.partition(": ")[2])
    assert outcome.cause.partition(":")[0] == cause.partition(":")[0]
