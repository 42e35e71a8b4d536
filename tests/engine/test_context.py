"""What a call is lent while it runs: judged answers, booked turns, signs of life, tools."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import pytest

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.api.events import CallProgress
from hocket.testing import Fail, Hang


@dataclass
class Does:
    """An agent that does what a function does with its context."""

    work: object

    async def obey(self, call, context):
        return await self.work(call, context)


def journal(outcome, kind):
    lines = (outcome.folder / "journal.jsonl").read_text("utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["t"] == kind]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(math.nan, "the number nan"), ([{"a": {"x"}}], "it has a set")],
)
def test_what_is_no_json_is_sent_back_and_never_kept(theatre, answer, reason):
    said = []

    async def work(_call, context):
        said.append(await context.submit(answer))
        return (await context.submit("better")) and "better"

    outcome = theatre.play("return await agent('x')", {"": Does(work)})

    assert outcome.result == "better"
    assert reason in said[0].complaint


def test_what_is_no_json_may_be_the_last_try(theatre):
    async def work(_call, context):
        while (await context.submit(math.inf)).complaint is not None:
            pass
        return Outcome(EndState.INVALID, cause="gave up")

    outcome = theatre.play("return (await attempt('x'))", {"": Does(work)})

    assert outcome.result["state"] == "invalid"
    assert "number inf" in outcome.result["cause"]


def test_after_an_answer_was_taken_nothing_changes_it(theatre):
    async def work(_call, context):
        await context.submit("first")
        again = await context.submit(math.nan)
        assert again.accepted
        return Outcome(EndState.OK, "second")

    assert theatre.play("return await agent('x')", {"": Does(work)}).result == "first"


def test_what_is_delivered_is_what_is_kept(theatre):
    """Half of a pair of surrogates comes out of some tokenizers."""
    before = theatre.play("return await agent('x')", {"": "\ud83d\ude00 and \udc00"})

    assert before.result == "😀 and \ufffd"
    assert theatre.again(before, {}).result == before.result


def test_a_further_turn_is_reserved_and_on_disk_before_it_leaves(theatre):
    async def work(_call, context):
        context.spend(Usage(output=10))
        assert context.grow(Bound(output=700))
        context.spend(Usage(output=20))
        return "x"

    outcome = theatre.play("return await agent('x')", {"": Does(work)})

    first, second = journal(outcome, "started")
    assert (first["reserved"]["output"], second["reserved"]["output"]) == (1000, 700)
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert [record["output"] for record in journal(outcome, "usage")] == [10, 20]
    assert outcome.report["usage"]["output"] == 30


def test_a_later_life_knows_what_all_turns_of_a_call_cost(theatre):
    async def work(_call, context):
        context.spend(Usage(output=10))
        assert context.grow(Bound(output=700))
        context.spend(Usage(output=20))
        return "x"

    flags = {"budget_tokens": 1030}
    before = theatre.play("await agent('x')", {"": Does(work)}, flags=flags)
    body = "await agent('x')\nreturn [budget.spent(), await agent('y')]"
    after = theatre.again(before, {"y": "fits"}, body=body, flags=flags)

    assert after.result == [30, "fits"]


def test_a_turn_that_does_not_fit_is_refused_and_nothing_is_written(theatre):
    grown = []

    async def work(_call, context):
        context.spend(Usage(output=500))
        grown.append([context.grow(Bound(output)) for output in (501, 5000, 500)])
        return "x"

    outcome = theatre.play(
        "return await agent('x', max_tokens=1000)", {"": Does(work)}, flags={"budget_tokens": 1000}
    )

    assert grown == [[False, False, True]]
    assert len(journal(outcome, "started")) == 2


def test_the_budget_of_the_run_bounds_what_a_call_without_a_limit_may_grow_to(theatre):
    grown = []

    async def work(_call, context):
        context.spend(Usage(output=400))
        grown.append([context.grow(Bound(output)) for output in (601, 600)])
        return "x"

    theatre.play("return await agent('x')", {"": Does(work)}, flags={"budget_tokens": 1000})

    assert grown == [[False, True]]


def test_a_turn_that_is_cut_off_is_booked_at_its_worst_case(theatre):
    outcome = theatre.play("return (await attempt('x', timeout=5))['usage']", {"": Hang()})

    assert outcome.result["output"] == 1000
    assert outcome.report["usage"]["output"] == 1000
    assert journal(outcome, "usage")[0]["estimated"] is True


def test_between_two_turns_there_is_nothing_to_book(theatre):
    async def work(_call, context):
        context.spend(Usage(output=10))
        return await Hang().obey(_call, context)

    outcome = theatre.play("return (await attempt('x', timeout=5))['usage']", {"": Does(work)})

    assert outcome.result["output"] == 10


def test_a_backend_that_breaks_costs_its_turn_and_ends_nothing_else(theatre):
    async def work(_call, _context):
        raise ZeroDivisionError

    body = "return await parallel([attempt('breaks'), agent('fine')])"
    broken, fine = theatre.play(body, {"breaks": Does(work), "fine": "x"}).result

    assert (broken["state"], broken["cause"]) == (
        "error",
        "backend scripted raised ZeroDivisionError",
    )
    assert (broken["usage"]["output"], fine) == (1000, "x")


def test_signs_of_life_are_redacted(theatre, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "hunter2-hunter2")

    async def work(call, context):
        context.progress("reads hunter2-hunter2")
        context.record("said", {"text": "hunter2-hunter2"})
        return "hunter2-hunter2"

    outcome = theatre.play("return await agent('x')", {"": Does(work)})

    told = [event.text for event in outcome.events if isinstance(event, CallProgress)]
    assert told == ["reads [secret:MY_SECRET]"]
    assert outcome.result == "[secret:MY_SECRET]"
    written = [path.read_bytes() for path in outcome.folder.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in content for content in written)
    assert b"[secret:MY_SECRET]" in (outcome.folder / "agents" / "0001.jsonl").read_bytes()


def test_tools_work_in_the_project_and_remember_within_their_call(theatre, monkeypatch):
    monkeypatch.setenv("NOBODY_SEES", "this")
    seen = []

    async def work(call, context):
        bench = context.tools
        bench.memory["calls"] = bench.memory.get("calls", 0) + 1
        seen.append((bench.memory["calls"], bench.call_id.partition("/")[2], bench.workspace.path))
        assert bench is context.tools
        assert "NOBODY_SEES" not in bench.environment
        assert bench.clock is context.clock
        bench.progress("looks")
        return bench.keep(b"kept")

    body = "return [await agent('a'), await agent('b https://a.example/x')]"
    outcome = theatre.play(body, {"": Does(work)})

    assert seen == [(1, "1", theatre.project), (1, "2", theatre.project)]
    kept = outcome.folder / "artifacts" / outcome.result[0]
    assert kept.read_bytes() == b"kept"


def test_a_price_is_asked_of_the_table_of_the_run(theatre):
    told = []

    async def work(_call, context):
        usage = Usage(input=1000)
        told.append(context.price("scripted", "any", usage))
        told.append(context.price("anthropic", "no-such-model", usage))
        return "x"

    theatre.play("return await agent('x')", {"": Does(work)})

    assert told == [0, None]


def test_the_number_of_turns_is_the_number_of_tries(theatre):
    async def work(_call, context):
        for _ in range(3):
            context.spend(Usage(output=1))
            assert context.grow(Bound(10))
        return Fail(cause="cut")

    outcome = theatre.play("return (await attempt('x'))['usage']", {"": Does(work)})

    assert (outcome.result["tries"], outcome.result["output"]) == (3, 3)
