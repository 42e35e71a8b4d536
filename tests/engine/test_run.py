"""The life of a run under whatever people wish: one end state per call, and no task left."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.events import CallAsked, CallFinished, RunStarted, StateChanged
from hocket.api.markers import hookimpl
from hocket.engine.control import Control
from hocket.engine.services import Policies
from hocket.journal import recovery
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.start import Company, Opened, live, new_run
from hocket.testing import After, Fail, Hang, JumpingClock, JumpingLoop, ScriptedBackend

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

    def __init__(self):
        super().__init__({"": lambda call: After(self.latencies[call.number - 1], call.prompt)})
        self.latencies = [1] * ASKED
        self.left = []

    async def aclose(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        self.left = [str(task.get_coro()) for task in tasks]


class Offer:
    """A plugin that offers one backend."""

    def __init__(self, backend):
        self._backend = backend

    @hookimpl
    def hocket_register_backends(self, settings):
        return [self._backend]


class House:
    """Plays one script again and again; it is read and checked only once."""

    def __init__(self, theatre):
        (theatre.project / "script.py").write_text(theatre.source(BODY), "utf-8")
        self.backend = Watched()
        offers = {"testing.offer": Offer(self.backend)}
        given = {"choices": {"backend": "scripted"}, "plugins": offers}
        project = Project.open(theatre.project, flags={"concurrency": 3}, **given)
        self._prepared = prepare(project, Demand("script.py"))

    def play(self, run_id=None, ready=lambda _run: None, **policies):
        """Live a new run, or a further life of an earlier one."""
        self.backend.calls.clear()
        self.events = []
        company = Company(
            clock=JumpingClock(),
            listeners=[self.events.append],
            policies=Policies(**policies),
            ready=ready,
        )
        opened = new_run(self._prepared) if run_id is None else self._hold(run_id)
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            return runner.run(live(opened, self._prepared, company))

    def told(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def _hold(self, run_id):
        held = self._prepared.project.store().hold(run_id)
        return Opened(run_id, held, recovery.open(held))


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
        with suppress(OSError):  # a thread that has ended meanwhile has none
            found.update(tasks.read_text().split())
    return found


def threads():
    """Give the threads of scripts that do not end by themselves."""
    found = [t for t in threading.enumerate() if t.name.startswith("script")]
    for thread in found:
        thread.join(5.0)
    return [thread.name for thread in found if thread.is_alive()]


@pytest.fixture
def house(theatre):
    return House(theatre)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(WISHES, LATENCIES, st.none() | st.integers(0, 80))
def test_p6_whatever_people_wish_each_call_has_one_end_and_nothing_is_left(
    house, wishes, latencies, stop_at
):
    house.backend.latencies, before = latencies, children()

    report = house.play(ready=People(wishes, stop_at).ready)

    asked = Counter(event.number for event in house.told(CallAsked))
    ended = Counter(event.number for event in house.told(CallFinished))
    assert ended == asked
    assert set(ended.values()) <= {1}
    assert sum(report["census"].values()) == ended.total()
    assert (house.backend.left, house.backend.in_flight, threads()) == ([], 0, [])
    assert children() <= before
    if report["status"] == "stopped":
        report = resumed(house, report["run_id"])
    assert report["status"] == "completed"
    first, second, last = report["result"]
    assert all(found in (f"first {i}", None) for i, found in enumerate(first))
    assert all(found in (f"third {i}", None) for i, found in enumerate(second))
    assert (len(first), len(second)) == (5, 4)
    assert last in ("ok", "skipped")


def resumed(house, run_id):
    """Go on undisturbed; what has a result is not asked again."""
    kept = {
        event.label
        for event in house.told(CallFinished)
        if event.state in (EndState.OK, EndState.SKIPPED)
    }
    report = house.play(run_id)
    assert kept.isdisjoint(house.backend.calls)
    return report


@pytest.mark.parametrize("seconds", [0, 1, 3])
def test_a_run_that_is_cancelled_from_outside_leaves_nothing_and_can_be_resumed(house, seconds):
    def ready(run):
        asyncio.get_running_loop().call_later(seconds, asyncio.current_task().cancel)
        ids.append(run._plan.run_id)

    ids, before = [], children()
    house.backend.latencies = [2] * ASKED

    with pytest.raises(asyncio.CancelledError):
        house.play(ready=ready)

    assert (house.backend.left, house.backend.in_flight, threads()) == ([], 0, [])
    assert children() <= before
    assert resumed(house, ids[0])["status"] == "completed"


def test_a_fresh_life_asks_for_all_of_it_again(house):
    run_id = house.play()["run_id"]
    assert house.play(run_id)["census"] == {"cached": ASKED}
    assert house.play(run_id, fresh=True)["census"] == {"ok": ASKED}

    assert len(house.backend.calls) == ASKED
    assert house.play(run_id)["census"] == {"cached": ASKED}


def at(seconds, act, *given):
    """Let somebody act at a given time of a run."""

    def ready(run):
        asyncio.get_running_loop().call_later(seconds, act, run, *given)

    return ready


def wishes(**wish):
    return lambda run: Control(run).obey(wish)


TWO = "return await parallel([agent('slow'), agent('quick')])"


def test_while_it_is_paused_nothing_starts_and_what_runs_goes_on(theatre):
    def ready(run):
        at(1.0, wishes(verb="pause"))(run)
        at(600.0, wishes(verb="go_on"))(run)

    outcome = theatre.play(
        TWO, {"slow": After(10.0, "s"), "quick": "q"}, ready=ready, flags={"concurrency": 1}
    )

    assert (outcome.result, outcome.report["elapsed_s"]) == (["s", "q"], 600.0)
    states = [(e.state, e.cause) for e in outcome.events if isinstance(e, StateChanged)]
    assert states == [("paused", "by a person"), ("running", None)]
    ends = [e.label for e in outcome.events if isinstance(e, CallFinished)]
    assert ends == ["slow", "quick"]


def test_a_call_that_is_restarted_begins_again_and_counts_once(theatre):
    outcome = theatre.play(
        "return await agent('slow')",
        {"": After(10.0, "s")},
        ready=at(7.0, wishes(verb="restart", call=1)),
    )

    assert (outcome.result, outcome.prompts) == ("s", ["slow", "slow"])
    assert (outcome.census, outcome.report["elapsed_s"]) == ({"ok": 1}, 17.0)


class WhenAsked:
    """Somebody who wishes something at the moment a second call is asked for."""

    def __init__(self, verb):
        self._verb = verb

    def ready(self, run):
        self._run = run

    @hookimpl
    def hocket_event(self, event):
        if isinstance(event, CallAsked) and event.number == 2:
            assert Control(self._run).obey({"verb": self._verb, "call": 1})["ok"]


@pytest.mark.parametrize(
    ("verb", "result", "prompts"),
    [("skip", [None, "x"], ["quick"]), ("restart", ["x", "x"], ["slow", "quick"])],
)
def test_a_call_that_has_a_slot_and_no_step_yet_can_be_steered(theatre, verb, result, prompts):
    person = WhenAsked(verb)

    outcome = theatre.play(
        TWO,
        {"": "x"},
        ready=person.ready,
        plugins={"testing.person": person},
        flags={"concurrency": 2},
    )

    assert (outcome.result, outcome.prompts) == (result, prompts)
    assert sum(outcome.census.values()) == 2


def test_stopped_calls_have_ten_seconds_to_end(theatre):
    body = "return await parallel([agent('quick'), agent('slow'), agent('waits')])"
    backend = ScriptedBackend({"quick": After(9.0, "q"), "slow": After(12.0, "s"), "": "x"})

    outcome = theatre.play(
        body,
        backend,
        ready=at(1.0, lambda run: run.leave("stopped", "enough")),
        flags={"concurrency": 2},
    )

    assert (outcome.status, outcome.cause) == ("stopped", "enough")
    assert outcome.census == {"ok": 1, "cancelled": 2}
    assert (outcome.report["elapsed_s"], backend.in_flight) == (11.0, 0)
    causes = {f["cause"] for f in outcome.report["failures"]}
    assert causes == {"the run was stopped"}


def test_the_first_reason_to_leave_stands(theatre):
    def ready(run):
        at(1.0, lambda run: run.leave("stopped", "first"))(run)
        at(2.0, lambda run: run.leave("suspended", "second"))(run)

    outcome = theatre.play("return await agent('x')", {"": Hang()}, ready=ready)

    assert (outcome.status, outcome.cause) == ("stopped", "first")


def test_a_script_that_ends_leaves_none_of_its_calls_behind(theatre):
    backend = ScriptedBackend({"hangs": Hang(), "": "x"})
    body = "agent('hangs')\nawait agent('x')\nraise ValueError('over')"

    outcome = theatre.play(body, backend, flags={"concurrency": 2})

    assert (outcome.status, backend.in_flight) == ("failed", 0)
    assert outcome.census == {"ok": 1, "cancelled": 1}


def test_what_it_is_and_what_may_be_used_is_told_at_the_start(theatre):
    stage = {"flags": {"concurrency": 2, "budget_tokens": 5000, "budget_usd": 1.5}}
    meta = '"phases": ["Plan", {"title": "Do"}]'
    before = theatre.play("await agent('a')\nawait agent('b')", {"b": Fail(), "": "x"}, **stage)
    outcome = theatre.play("return 1", meta=meta, **stage)
    after = theatre.again(before, {})

    def start(told):
        return next(e for e in told.events if isinstance(e, RunStarted))

    begun = start(outcome)
    assert (begun.name, begun.phases, begun.cap) == ("story", ("Plan", "Do"), 2)
    assert (begun.budget_tokens, begun.budget_micros) == (5000, 1_500_000)
    assert (begun.replayable, start(after).replayable) == (0, 1)
