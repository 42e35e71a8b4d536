"""A stage that lets a call run more than once: one call, one end, one bill, one history."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import pytest

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.journal.history import calls
from hocket.journal.recovery import look
from hocket.testing import Fail, Hang, ScriptedBackend, Tokens


@dataclass
class Twice:
    """Asks model a, then model b, and gives what b said."""

    name: str = "twice"
    position: int = 310

    async def __call__(self, call, proceed):
        for model in "ab":
            outcome = await proceed(replace(call, options=replace(call.options, model=model)))
            if outcome.state is EndState.QUOTA:
                break
        return outcome


def by_model(**answers):
    return ScriptedBackend({"": lambda call: answers[call.options.model]})


def used(output, answer="done", micros=0):
    return Tokens(Usage(output=output, cost_micros=micros), answer)


def records(outcome, kind):
    lines = (outcome.folder / "journal.jsonl").read_text("utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["t"] == kind]


def play(theatre, backend, body="return await agent('x')", **stage):
    return theatre.play(body, backend, offers={"stages": [Twice()]}, **stage)


def test_the_end_counts_what_every_try_used_and_so_do_journal_and_ledger(theatre):
    backend = by_model(a=used(10, used(20, "first")), b=used(300, "second", micros=7))
    outcome = play(theatre, backend, "got = await agent('x')\nreturn [got, budget.spent()]")
    assert outcome.result == ["second", 330]
    (end,) = [r for r in records(outcome, "ended") if r.get("op") == "agent"]
    assert (end["usage"]["output"], end["usage"]["micros"], end["tries"]) == (330, 7, 3)
    assert outcome.report["usage"]["output"] == 330
    journal = (outcome.folder / "journal.jsonl").read_bytes()
    assert look(journal).spent.tokens == 330
    (line,) = calls(journal)
    assert (line.usage.output, line.model, line.state) == (330, "b", "ok")


def test_the_journal_numbers_the_tries_under_one_key(theatre):
    outcome = play(theatre, by_model(a=used(1), b=used(2)))
    started, spent = records(outcome, "started"), records(outcome, "usage")
    assert [(r["attempt"], r["model"]) for r in started] == [(1, "a"), (2, "b")]
    assert len({(r["call"], r["key"], r["occ"]) for r in started}) == 1
    assert [r["attempt"] for r in spent] == [1, 2]


def test_a_call_that_runs_once_is_told_as_ever(theatre):
    outcome = theatre.play("return await agent('x')", {"": used(5)})
    assert [r["attempt"] for r in records(outcome, "started")] == [1]


def test_a_failure_of_the_last_try_pays_for_the_first(theatre):
    outcome = play(theatre, by_model(a=used(10), b=used(5, Fail())), "return await attempt('x')")
    assert outcome.result["state"] == "error"
    (end,) = [r for r in records(outcome, "ended") if r.get("op") == "agent"]
    assert end["usage"]["output"] == 15


def test_each_try_reserves_its_own_worst_case_and_gives_back_the_rest(theatre):
    backend = by_model(a=used(100), b=used(100))
    backend._bound = Bound(output=600)
    two = "return await parallel([lambda i=i: agent(f'x{i}') for i in range(2)])"
    outcome = play(theatre, backend, two, flags={"budget_tokens": 1_200})
    assert outcome.result == ["done", "done"]
    short = play(theatre, backend, "return await attempt('x')", flags={"budget_tokens": 650})
    assert (short.result["state"], short.report["usage"]["output"]) == ("over_budget", 100)
    (end,) = [r for r in records(short, "ended") if r.get("op") == "agent"]
    assert end["usage"]["output"] == 100  # the second try never began, the first is paid for


@dataclass
class AtOnce:
    """Lets two tries race in tasks of their own."""

    name: str = "at once"
    position: int = 310

    async def __call__(self, call, proceed):
        import asyncio  # noqa: PLC0415

        async with asyncio.TaskGroup() as tasks:
            both = [tasks.create_task(proceed(call)) for _ in range(2)]
        return both[0].result()


def test_tries_in_tasks_of_a_stage_are_counted_too(theatre):
    stages = {"stages": [AtOnce()]}
    outcome = theatre.play("return await agent('x')", {"": used(5)}, offers=stages)
    assert outcome.report["usage"]["output"] == 10
    assert [r["attempt"] for r in records(outcome, "started")] == [1, 2]


@dataclass
class ThenAside:
    """Asks once with tools and once without."""

    name: str = "aside"
    position: int = 310

    async def __call__(self, call, proceed):
        await proceed(call)
        return await proceed(replace(call, options=replace(call.options, tools=())))


def test_a_later_try_without_tools_does_not_undo_that_one_before_had_some(theatre):
    backend = ScriptedBackend({"": "done"}, has_workspace=True)
    outcome = theatre.play("return await agent('x')", backend, offers={"stages": [ThenAside()]})
    assert [r["effects"] for r in records(outcome, "started")] == [True, True]


@dataclass
class Remembers:
    """A backend that writes a transcript, and says what it found of an earlier life."""

    name: str = "remembers"
    has_workspace: bool = False
    checks_pass: bool = False
    quota: str | None = None
    acts: bool = False
    found: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        model = call.options.model
        earlier = context.earlier()
        self.found[model] = [line.get("said") or line["t"] for line in earlier]
        context.record("call", {"key": call.key})
        context.record("message", {"said": f"{model} speaks"})
        if self.acts:
            context.record("tool_start", {"tool": "Edit", "effects": ["write_workspace"]})
        if model == self.quota:
            return Outcome(EndState.QUOTA, cause="no more")
        context.record("end", {"state": "ok"})
        await context.clock.sleep(1)  # the lines of a transcript are written when the loop turns
        return Outcome(EndState.OK, model)

    async def aclose(self):
        pass


OF_A = {"a": ["call", "a speaks"], "b": []}
NOBODY = {"a": [], "b": []}


@pytest.mark.parametrize(("cut_off", "found"), [("a", OF_A), ("b", NOBODY)])
def test_a_try_goes_on_from_its_own_words_and_never_from_another_ones(theatre, cut_off, found):
    before = play(theatre, Remembers(quota=cut_off))
    assert before.status == "suspended"
    backend = Remembers()
    after = theatre.again(before, backend, offers={"stages": [Twice()]})
    assert (after.result, backend.found) == ("b", found)


def test_what_another_try_may_have_done_is_told_to_the_one_that_begins_again(theatre):
    before = play(theatre, Remembers(quota="b", acts=True))
    backend = Remembers()
    theatre.again(before, backend, offers={"stages": [Twice()]})
    assert backend.found == {"a": ["cut_off"], "b": []}


def test_whatever_a_kill_leaves_of_the_journal_no_try_is_free(theatre):
    backend = by_model(a=used(10, used(20, "first")), b=used(300, "second"))
    two = "return await parallel([lambda i=i: agent(f'x{i}') for i in range(2)])"
    outcome = play(theatre, backend, two)
    lines = (outcome.folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        known = [record for record in map(json.loads, lines[:count]) if record["t"] == "usage"]
        assert look(b"".join(lines[:count])).spent.tokens >= sum(r["output"] for r in known)
    assert look(b"".join(lines)).spent.tokens == 660


def test_a_call_that_a_person_begins_again_is_billed_for_all_and_tells_its_last_beginning(theatre):
    runs, heard = [], []

    def b(_call):
        heard.append("b")
        if len(heard) > 1:
            return used(300, "second")
        runs[0].calls.in_flight[0].restart()
        return Hang()

    backend = by_model(a=used(10), b=b)
    outcome = play(theatre, backend, ready=runs.append)
    assert outcome.result == "second"
    assert [r["attempt"] for r in records(outcome, "started")] == [1, 2, 1, 2]
    (end,) = [r for r in records(outcome, "ended") if r.get("op") == "agent"]
    assert end["usage"]["output"] == 310
    billed = sum(r["output"] for r in records(outcome, "usage"))
    assert end["spent"]["tokens"] == billed == 10 + 1_000 + 310
    assert look((outcome.folder / "journal.jsonl").read_bytes()).spent.tokens == billed
