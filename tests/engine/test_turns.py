"""Model turns on their way: permit, back-off, parking and the breaker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from hocket.api.calls import EndState, Outcome, Usage
from hocket.api.events import StateChanged
from hocket.api.messages import Message, ProviderFailure, Stop, Text, Turn
from hocket.api.protocols import TurnGivenUp
from hocket.testing import After, ScriptedBackend
from hocket.testing.clock import EPOCH_MS

LANE = "anthropic|api|key|opus"


@dataclass
class Sends:
    """An agent of one turn, sent through the engine; its tries fail as told, then it answers."""

    failures: list[ProviderFailure] = field(default_factory=list)
    prefix: str = ""
    takes_s: float = 1.0
    sent: list[tuple[float, str]] = field(default_factory=list)
    most: int = 0
    now: int = 0
    lane: str = LANE

    async def obey(self, call, context):
        async def turn(opened):
            self.sent.append((context.clock.monotonic(), call.prompt))
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                if self.failures:
                    raise self.failures.pop(0)
                opened()
                await context.clock.sleep(self.takes_s)
            finally:
                self.now -= 1
            message = Message(role="assistant", blocks=(Text(text="said"),))
            return Turn(message=message, stop=Stop.END, usage=Usage(output=5), model_served="m")

        try:
            said = await context.send(self.lane, self.prefix, turn)
        except TurnGivenUp as end:
            return Outcome(end.state, cause=end.cause)
        context.spend(said.usage)
        return said.message.blocks[0].text

    @property
    def prompts(self):
        return [prompt for _, prompt in self.sent]


def failure(kind, after_s=None, code=""):
    return ProviderFailure(kind, code=code, retry_after_s=after_s)


def test_a_turn_goes_out_and_its_answer_comes_back(theatre):
    agents = Sends()

    outcome = theatre.play("return await agent('one')", {"": agents})

    assert (outcome.result, agents.prompts) == ("said", ["one"])
    assert outcome.report["usage"]["output"] == 5


def test_the_same_turn_again_after_the_wait_the_provider_named(theatre):
    agents = Sends([failure("rate", 30.0), failure("server", 7.0)])

    outcome = theatre.play("return await agent('one')", {"": agents})

    assert outcome.result == "said"
    assert [when for when, _ in agents.sent] == [0.0, 30.0, 37.0]
    assert outcome.census == {"ok": 1}


def test_what_the_rules_give_up_is_an_error_with_the_providers_type(theatre):
    agents = Sends([failure("bad_request", code="invalid_request_error")])

    outcome = theatre.play("return await attempt('one')", {"": agents})

    assert outcome.result["state"] == "error"
    assert outcome.result["cause"] == "bad_request: invalid_request_error"
    assert agents.prompts == ["one"]


def test_a_long_wait_gives_the_slot_to_somebody_else(theatre):
    agents = Sends([failure("rate", 300.0)])
    body = "return await parallel([agent('parks'), agent('other')])"

    outcome = theatre.play(
        body, {"parks": agents, "other": After(10.0, "x")}, flags={"concurrency": 1}
    )

    assert outcome.result == ["said", "x"]
    assert outcome.prompts == ["parks", "other"]
    assert [when for when, _ in agents.sent] == [0.0, 300.0]
    assert outcome.report["elapsed_s"] == 301.0


def test_a_short_wait_keeps_the_slot(theatre):
    agents = Sends([failure("rate", 50.0)])
    body = "return await parallel([agent('waits'), agent('other')])"

    outcome = theatre.play(
        body, {"waits": agents, "other": After(10.0, "x")}, flags={"concurrency": 1}
    )

    assert outcome.report["elapsed_s"] == 50.0 + 1.0 + 10.0


@pytest.mark.parametrize("kind", ["rate", "server"])
def test_waiting_is_not_being_at_work(theatre, kind):
    agents = Sends([failure(kind, 50.0), failure(kind, 200.0)])

    outcome = theatre.play("return await agent('one', timeout=2)", {"": agents})

    assert (outcome.result, outcome.report["elapsed_s"]) == ("said", 251.0)


def test_a_turn_that_takes_longer_than_the_limit_of_its_call_times_out(theatre):
    agents = Sends(takes_s=10.0)

    outcome = theatre.play("return (await attempt('one', timeout=2))['state']", {"": agents})

    assert (outcome.result, outcome.report["elapsed_s"]) == ("timeout", 2.0)


def test_one_writes_the_prefix_and_the_others_follow_its_first_byte(theatre):
    agents = Sends(prefix="p", takes_s=3.0)
    body = "return await parallel([agent(f'{n}') for n in range(4)])"

    theatre.play(body, {"": agents}, flags={"concurrency": 4})

    assert [when for when, _ in agents.sent] == [0.0] * 4
    assert agents.prompts == ["0", "1", "2", "3"]


def test_when_the_writer_fails_one_takes_over_and_then_all_go(theatre):
    agents = Sends([failure("bad_request")], prefix="p")
    body = "return await parallel([agent(f'{n}') for n in range(4)])"

    outcome = theatre.play(body, {"": agents}, flags={"concurrency": 4})

    assert outcome.result == [None, "said", "said", "said"]


TWELVE = "return await parallel([agent(f'{n}') for n in range(12)])"


def test_a24_with_nobody_there_it_leaves_and_what_was_parked_ends_as_quota(theatre):
    slow = Sends(takes_s=5.0)
    answers = {"3": Sends([failure("quota", code="spend_limit")]), "": slow}

    before = theatre.play(TWELVE, answers, flags={"concurrency": 4})
    after = theatre.again(before, {"": Sends()}, flags={"concurrency": 4})

    assert (before.status, before.cause) == ("suspended", "quota")
    assert slow.prompts == ["0", "1", "2"]
    assert before.census == {"ok": 3, "quota": 1, "cancelled": 8}
    failures = {f["label"]: (f["state"], f["cause"]) for f in before.report["failures"]}
    assert failures["3"] == ("quota", "quota")
    assert after.result == ["said"] * 12
    assert sorted(after.prompts, key=int) == ["3", *map(str, range(4, 12))]


def test_a_parked_call_was_refused_and_costs_nothing(theatre):
    answers = {"0": Sends([failure("quota")]), "": Sends()}
    body = "return [await attempt('0'), await agent('1')]"

    before = theatre.play(body, answers, flags={"budget_tokens": 1500})
    after = theatre.again(before, {"": Sends()}, flags={"budget_tokens": 1500})

    assert (before.status, before.report["usage"]["output"]) == ("suspended", 0)
    assert after.result[1] == "said"
    assert after.report["usage"]["output"] == 10


def test_a24_with_somebody_there_it_is_paused_until_it_may_go_on(theatre):
    slow = Sends(takes_s=5.0)
    answers = {"3": Sends([failure("quota")]), "": slow}

    def ready(run):
        asyncio.get_running_loop().call_later(3600.0, run.go_on)

    outcome = theatre.play(TWELVE, answers, attended=True, ready=ready, flags={"concurrency": 4})

    assert (outcome.status, outcome.result) == ("completed", ["said"] * 12)
    assert outcome.census == {"ok": 12}
    assert [prompt for when, prompt in slow.sent if when < 3600.0] == ["0", "1", "2"]
    states = [(e.state, e.cause) for e in outcome.events if isinstance(e, StateChanged)]
    assert states == [("paused", "quota"), ("running", None)]
    assert outcome.prompts.count("3") == 1


def test_what_is_wrong_with_a_prefix_is_wrong_for_all_its_calls_and_stops_the_run(theatre):
    agents = Sends([failure("bad_request", code="no_such_field")] * 12, prefix="p")

    before = theatre.play(TWELVE, {"": agents}, flags={"concurrency": 2})

    assert (before.status, before.cause) == ("suspended", "bad_request")
    assert len(agents.sent) == 3
    assert before.census["error"] == 3
    after = theatre.again(before, {"": Sends(prefix="p")})
    assert after.result == ["said"] * 12


def test_whoever_waits_for_a_permit_or_another_try_parks_when_the_breaker_opens(theatre):
    waiting = Sends([failure("rate", 50.0)])

    class Later(Sends):
        async def obey(self, call, context):
            await context.clock.sleep(1.0 if self.failures else 0.5)
            return await super().obey(call, context)

    quota = Later([failure("quota", 7_200.0)], lane="another")
    body = "return await parallel([agent(n) for n in ('waits', 'quota', 'in line')])"
    answers = {"waits": waiting, "quota": quota, "in line": Later()}
    outcome = theatre.play(body, answers, flags={"concurrency": 3})

    assert (outcome.status, outcome.cause) == ("suspended", "quota")
    assert outcome.census == {"quota": 3}
    assert outcome.report["elapsed_s"] == 1.0
    assert outcome.report["resumes_at"] == EPOCH_MS + 7_201_000


def test_what_is_in_flight_ends_and_its_next_turn_parks_at_once(theatre):
    class Two(Sends):
        async def obey(self, call, context):
            await super().obey(call, context)
            return await super().obey(call, context)

    body = "return await parallel([agent(n) for n in ('two', 'quota')])"
    two = Two(takes_s=3.0)
    answers = {"two": two, "quota": Sends([failure("quota")])}
    outcome = theatre.play(body, answers, flags={"concurrency": 2})

    assert outcome.census == {"quota": 2}
    assert (len(two.sent), outcome.report["elapsed_s"]) == (1, 3.0)
    assert outcome.report["usage"]["output"] == 5


AUTO = {"auto_resume": True}


def test_with_auto_resume_it_goes_on_at_the_reset_time_with_one_probe_first(theatre):
    slow, limited = Sends(takes_s=5.0), Sends([failure("quota", 3_600.0)], takes_s=5.0)

    outcome = theatre.play(TWELVE, {"3": limited, "": slow}, flags={"concurrency": 4, **AUTO})

    assert (outcome.status, outcome.result) == ("completed", ["said"] * 12)
    starts = sorted(when for when, _ in [*slow.sent, *limited.sent])
    assert starts[:7] == [0.0] * 4 + [3_600.0] + [3_605.0] * 2
    states = [(e.state, e.cause) for e in outcome.events if isinstance(e, StateChanged)]
    assert states == [("paused", "quota"), ("running", None)]
    assert outcome.report["resumes_at"] is None


def test_with_auto_resume_and_no_reset_time_it_leaves(theatre):
    outcome = theatre.play(TWELVE, {"": Sends([failure("quota")])}, flags=AUTO)
    assert (outcome.status, outcome.report["resumes_at"]) == ("suspended", None)


def test_a_person_who_paused_it_is_not_overruled_by_the_reset_time(theatre):
    def ready(run):
        loop = asyncio.get_running_loop()
        loop.call_later(60.0, run.pause)
        loop.call_later(9_000.0, run.go_on)

    agents = Sends([failure("quota", 3_600.0)])
    body = "return [await agent('parks'), await agent('next')]"
    outcome = theatre.play(body, {"": agents}, ready=ready, flags=AUTO)

    assert outcome.result == ["said", "said"]
    assert [when for when, _ in agents.sent] == [0.0, 9_000.0, 9_001.0]


def test_a_run_that_is_stopped_while_it_waits_for_the_reset_time_leaves_at_once(theatre):
    def ready(run):
        asyncio.get_running_loop().call_later(60.0, run.leave, "stopped", "by a person")

    outcome = theatre.play(
        TWELVE, {"": Sends([failure("quota", 3_600.0)])}, ready=ready, flags=AUTO
    )
    assert (outcome.status, outcome.report["elapsed_s"]) == ("stopped", 60.0)


def test_a_backend_that_says_quota_itself_begins_again_when_it_goes_on(theatre):
    said = [Outcome(EndState.QUOTA, cause="monthly limit"), "x"]

    def ready(run):
        asyncio.get_running_loop().call_later(60.0, run.go_on)

    body = "return await parallel([agent('limited'), agent('next')])"
    outcome = theatre.play(
        body,
        {"limited": lambda _call: said.pop(0), "next": "y"},
        attended=True,
        ready=ready,
        flags={"concurrency": 1},
    )

    assert (outcome.result, outcome.prompts) == (["x", "y"], ["limited", "limited", "next"])
    assert outcome.census == {"ok": 2}
    paused = [e.cause for e in outcome.events if isinstance(e, StateChanged) and e.cause]
    assert paused == ["quota: monthly limit"]


def test_what_went_on_after_a_quota_has_its_time_when_the_run_is_stopped(theatre):
    said = [Outcome(EndState.QUOTA, cause="limit"), After(100.0, "x")]

    def ready(run):
        loop = asyncio.get_running_loop()
        loop.call_later(60.0, run.go_on)
        loop.call_later(155.0, run.leave, "stopped", "by a person")

    outcome = theatre.play(
        "return await agent('limited')",
        {"": lambda _call: said.pop(0)},
        attended=True,
        ready=ready,
    )

    assert (outcome.status, outcome.census) == ("stopped", {"ok": 1})


def test_a_person_may_skip_a_call_that_is_parked(theatre):
    agents = Sends([failure("quota")])

    def ready(run):
        loop = asyncio.get_running_loop()
        loop.call_later(10.0, lambda: run.calls.end(run.calls.in_flight, EndState.SKIPPED, "by me"))
        loop.call_later(20.0, run.go_on)

    backend = ScriptedBackend({"parks": agents, "": "x"})
    outcome = theatre.play(
        "return [await agent('parks'), await agent('next')]", backend, attended=True, ready=ready
    )

    assert outcome.result == [None, "x"]
    assert (outcome.census, backend.in_flight) == ({"ok": 1, "skipped": 1}, 0)
