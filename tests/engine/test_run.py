"""The life of a run under whatever people wish: one end state per call, and no task left."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.events import CallAsked, CallFinished, StateChanged
from hocket.engine.control import Control
from hocket.testing import After, Fail, Hang, ScriptedBackend

BODY = """
    first = await parallel([lambda i=i: agent(f"first {i}") for i in range(5)])
    second = await pipeline(
        range(4), lambda i: agent(f"second {i}"), lambda found, i: agent(f"third {i}")
    )
    return [first, second, (await attempt("last"))["state"]]
    """
ASKED = 5 + 4 + 4 + 1
VERBS = ["pause", "go_on", "skip", "restart", "cap", "go_on"]
WISHES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(VERBS), st.integers(1, ASKED)), max_size=10
)
LATENCIES = st.lists(st.integers(0, 20), min_size=ASKED, max_size=ASKED)


class Watched(ScriptedBackend):
    """A backend that looks, when its run lets it go, for what the run left behind."""

    left: frozenset[str] = frozenset()

    async def aclose(self):
        await super().aclose()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        self.left = frozenset(str(task.get_coro()) for task in tasks)


@dataclass
class People:
    """People who wish things of a run at given times, and at last that it goes on, or stops."""

    wishes: list[tuple[int, str, int]]
    stop_at: int | None
    denied: list[str] = field(default_factory=list)

    def ready(self, run):
        loop = asyncio.get_running_loop()
        for when, verb, number in self.wishes:
            loop.call_later(when, self._wish, run, verb, number)
        loop.call_later(61, self._wish, run, "go_on", 0)
        if self.stop_at is not None:
            loop.call_later(self.stop_at, self._wish, run, "stop", 0)

    def _wish(self, run, verb, number):
        if verb == "cap":
            run._services.ledger.cap = number
            run._services.breaker.resize(number)
            run._services.slots.pump()
            return
        answer = Control(run).obey({"verb": verb, "call": number})
        assert answer["ok"] or verb in ("skip", "restart")


def children():
    """Give the processes that this one started and that still live."""
    found = set()
    for tasks in Path("/proc/self/task").glob("*/children"):
        found.update(tasks.read_text().split())
    return found


def threads():
    return {thread.name for thread in threading.enumerate() if "script" in thread.name}


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(WISHES, LATENCIES, st.none() | st.integers(0, 80), st.integers(1, 6))
def test_p6_whatever_people_wish_each_call_has_one_end_and_nothing_is_left(
    theatre, wishes, latencies, stop_at, cap
):
    backend = Watched({"": lambda call: After(latencies[call.number - 1], f"<{call.prompt}>")})
    people, before = People(wishes, stop_at), children()

    outcome = theatre.play(BODY, backend, ready=people.ready, flags={"concurrency": cap})

    asked = Counter(e.number for e in outcome.events if isinstance(e, CallAsked))
    ended = Counter(e.number for e in outcome.events if isinstance(e, CallFinished))
    assert ended == asked
    assert set(ended.values()) == {1}
    assert sum(outcome.census.values()) == ended.total()
    assert (backend.left, backend.in_flight, threads()) == (frozenset(), 0, set())
    assert children() <= before
    if outcome.status == "stopped":
        outcome = resumed(theatre, outcome)
    skipped = {e.label for e in outcome.events if isinstance(e, CallFinished)} if False else set()
    assert skipped == set()
    assert outcome.status == "completed"
    assert answers_of(outcome.result) <= answers_wanted()


def resumed(theatre, before):
    """Go on undisturbed; what has a result is not asked again."""
    kept = {
        e.label
        for e in before.events
        if isinstance(e, CallFinished) and e.state in (EndState.OK, EndState.SKIPPED)
    }
    after = theatre.again(before, {"": lambda call: f"<{call.prompt}>"})
    assert kept.isdisjoint(after.prompts)
    return after


def answers_wanted():
    wanted = {f"<first {i}>" for i in range(5)} | {f"<third {i}>" for i in range(4)}
    return wanted | {None, "ok", "skipped"}


def answers_of(result):
    first, second, last = result
    assert (len(first), len(second)) == (5, 4)
    return {*first, *second, last}
