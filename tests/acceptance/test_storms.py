"""A22 to A25: what a refusing provider costs; real SDK, real HTTP, a clock that jumps."""

from __future__ import annotations

from collections import Counter

import pytest
from office import LongWinded

from hocket.api.events import CallProgress, StateChanged
from hocket.testing import JumpingClock
from hocket.testing.clock import EPOCH_MS
from hocket.testing.standin import Fault, Reply, Said

CLOCK = JumpingClock()
BROKEN = ("nostop", "trunc", "resetmid", "badjson")


# A22: every row of section 6


def gaps(office):
    """Give the time between one try and the next."""
    return [
        later - earlier for earlier, later in zip(office.starts, office.starts[1:], strict=False)
    ]


@pytest.mark.parametrize(
    ("orders", "waits"),
    [
        ("fault=429:3; after=7;", [7.0, 7.0, 7.0]),
        ("fault=429:2; after=60;", [60.0, 60.0]),
        ("fault=429:2; after=61;", [61.0, 61.0]),
        ("fault=429ms:2; after=0.25;", [0.25, 0.25]),
        ("fault=429date:1; after=30;", [30.0]),
    ],
)
def test_a22_a_wait_that_is_told_is_kept_and_the_turn_is_no_new_attempt(office, orders, waits):
    done = office.fan(f"id=#; {orders}")
    assert done.census == {"ok": 1}
    assert gaps(office) == pytest.approx(waits, abs=0.01)
    assert sum(office.journal.started.values()) == 1


@pytest.mark.parametrize("kind", ["429ramp", "529"])
def test_a22_without_a_time_the_lanes_back_off_doubles_with_full_jitter(office, kind):
    assert office.fan(f"id=#; fault={kind}:5;").census == {"ok": 1}
    assert len(office.starts) == 6
    assert all(gap <= 2.0**n + 0.01 for n, gap in enumerate(gaps(office)))


def test_a22_an_overload_in_mid_stream_backs_off_like_its_status(office):
    assert office.fan("id=#; fault=sseerror:3;").census == {"ok": 1}
    assert len(office.starts) == 4


@pytest.mark.parametrize("kind", ["500", "502", "503", "504", "408", "409", "503cmek", "400again"])
def test_a22_a_servers_trouble_is_tried_six_times_more(office, kind):
    done = office.fan(f"id=#; fault={kind};")
    assert done.result == [["error", "server", None]]
    assert (done.status, len(office.starts)) == ("completed", 7)
    assert all(gap <= min(30.0, 0.5 * 2**n) + 0.01 for n, gap in enumerate(gaps(office)))


@pytest.mark.parametrize("kind", BROKEN)
def test_a22_a_reply_that_breaks_off_is_asked_for_three_times_more_at_once(office, kind):
    done = office.fan(f"id=#; fault={kind};")
    assert done.result == [["error", "cut", None]]
    assert gaps(office) == pytest.approx([0.0] * 3, abs=0.01)
    first, *others = office.bodies("0")
    assert all(body == first for body in others)


@pytest.mark.parametrize("kind", ["429quota", "429contract", "402", "400hold"])
def test_a22_a_terminal_limit_suspends_the_run(office, kind):
    done = office.fan(f"id=#; fault={kind};")
    assert (done.status, done.cause, len(office.starts)) == ("suspended", "quota", 1)
    assert done.census == {"quota": 1}


@pytest.mark.parametrize("kind", ["401", "403"])
def test_a22_a_key_that_opens_nothing_suspends_the_run_with_one_cause(office, kind):
    done = office.fan(f"id=#; fault={kind};", 20)
    assert (done.status, done.cause) == ("suspended", "auth")
    assert len(office.starts) <= office.cap
    assert "error" not in done.census


@pytest.mark.parametrize("kind", ["400", "404", "413", "422", "500stop"])
def test_a22_a_bad_request_is_asked_once(office, kind):
    done = office.fan(f"id=#; fault={kind};")
    ((state, cause, _),) = done.result
    assert (state, cause.partition(":")[0], len(office.starts)) == ("error", "bad_request", 1)


def test_a22_a_prompt_that_is_too_long_is_never_sent_again_as_it_was(office):
    done = office.fan("id=#; fault=400ctx;")
    ((state, cause, _),) = done.result
    assert (state, cause.partition(":")[0]) == ("error", "context_full")
    bodies = [str(body) for body in office.bodies("0")]
    assert len(set(bodies)) == len(bodies)


@pytest.mark.parametrize("kind", ["451", "html"])
def test_a22_what_nobody_knows_is_tried_once_more(office, kind):
    done = office.fan(f"id=#; fault={kind};")
    assert (done.result, len(office.starts)) == ([["error", "unknown", None]], 2)
    (kept,) = (done.folder / "agents").iterdir()
    assert "nobody knows" in kept.read_text().lower() or "bad gateway" in kept.read_text().lower()


def test_a22_the_same_prefix_refused_three_times_in_a_row_stops_the_run(office):
    office.cap = 1
    body = """
        async def one(n):
            return (await attempt(f"id={n}; fault=400;", agent_type="long"))["state"]
        return [await one(n) for n in range(9)]
        """
    done = office.play(body, plugins={"types": LongWinded()})
    assert (done.status, done.cause, len(office.starts)) == ("suspended", "bad_request", 3)


# A23: a storm


STEPS = """
    async def one(n):
        say = f'id={n}; lat=2000; turns=2; tool=Read{{"file_path": "none"}}; then; answer=vote {n};'
        return await agent(say, label=str(n), tools=["Read"])
    return await parallel([lambda n=n: one(n) for n in range(args)])
    """
STORM_S = range(10, 70)
AFTER_S = 5.0


def storm(asked):
    """Refuse everything for a minute."""
    if STORM_S.start <= CLOCK.monotonic() < STORM_S.stop:
        return Reply(fault=Fault("429", after_s=AFTER_S))
    return None


@pytest.mark.slow
def test_a23_a_minute_of_refusals_costs_one_probe_a_pause_and_no_result(office):
    done = office.play(STEPS, 300, rules=storm)

    assert (done.status, done.census) == ("completed", {"ok": 300})
    assert done.result == [f"vote {n}" for n in range(300)]
    refused = sorted(entry.at_s for entry in office.server.log if entry.state == "refused")
    assert sum(at < refused[0] + 0.5 for at in refused) <= office.cap
    probes = Counter(round(at / AFTER_S) for at in refused if at > refused[0] + 0.5)
    assert set(probes.values()) == {1}
    assert len(probes) <= len(STORM_S) / AFTER_S
    assert office.server.stats["redone"] == 0
    ends = [entry.end_s for entry in office.server.log if entry.state == "served"]
    before = sum(at < STORM_S.start for at in ends) / STORM_S.start
    after = sum(STORM_S.stop + 50 <= at < STORM_S.stop + 60 for at in ends) / 10
    assert after >= 0.8 * before


# A24: a limit that no waiting ends soon


def limited(asked):
    """Allow so many requests, then none."""
    return Reply(fault=Fault("429quota")) if int(asked.id) >= 50 else None


SAY = "id=#; lat=1000; answer=vote #;"


def counts(before):
    """Give who was served, and how many were asked after the first refusal was seen."""
    refused = min(entry.end_s for entry in before.log if entry.state == "refused")
    after = [entry for entry in before.log if entry.at_s > refused]
    late = [e for e in before.log if e.state == "served" and e.end_s > refused]
    return {e.id for e in before.log if e.state == "served"}, len(after), len(late)


def test_a24_a_terminal_limit_starts_nothing_more_and_keeps_what_there_is(office):
    first = office.fan(SAY, 300, rules=limited)
    served, after, late = counts(office.server)

    assert (first.status, first.cause) == ("suspended", "quota")
    assert (after, late <= office.cap - 1) == (0, True)
    assert first.census["ok"] == len(served)
    assert set(first.census) == {"ok", "quota", "cancelled"}

    second = office.again(first)
    assert (second.status, second.census) == (
        "completed",
        {"cached": len(served), "ok": 300 - len(served)},
    )
    assert second.result == [["ok", None, f"vote {n}"] for n in range(300)]
    assert served.isdisjoint(entry.id for entry in office.server.log)
    assert len(office.server.log) == 300 - len(served)


def hourly(asked):
    """Allow nothing from call 50 on for an hour."""
    if int(asked.id) >= 50 and CLOCK.monotonic() < 3_600:
        return Reply(fault=Fault("429", after_s=3_600 - CLOCK.monotonic()))
    return None


def test_a24_a_reset_time_far_away_is_told(office):
    done = office.fan(SAY, 100, rules=hourly)
    assert (done.status, done.cause) == ("suspended", "quota")
    assert done.report["resumes_at"] == pytest.approx(EPOCH_MS + 3_600_000, abs=10)


def test_a24_with_auto_resume_the_run_goes_on_at_the_reset_time_with_one_probe(office):
    done = office.fan(SAY, 100, rules=hourly, flags={"auto_resume": True})
    assert (done.status, done.census) == ("completed", {"ok": 100})
    waited = sorted(at for at in office.starts if at >= 3_599)
    assert waited[0] == pytest.approx(3_600, abs=0.1)
    assert waited[1] >= waited[0] + 1.0
    assert not [at for at in office.starts if 60 < at < 3_599]
    states = [(e.state, e.cause) for e in done.events if isinstance(e, StateChanged)]
    assert states == [("paused", "quota"), ("running", None)]
    assert office.server.stats["redone"] == 0


def test_a24_a_lane_of_nothing_but_refusals_pauses_the_run_after_a_quarter_of_an_hour(office):
    done = office.fan("id=#; fault=429; after=20;", 30)
    assert (done.status, done.cause) == ("suspended", "rate")
    assert 900 <= done.report["elapsed_s"] <= 960
    assert len(office.starts) <= office.cap + 960 / 20
    assert set(done.census) == {"quota", "cancelled"}


# A25: a long wait


def test_a25_a_wait_of_a_quarter_of_an_hour_frees_the_slot_and_says_when_it_goes_on(office):
    body = """
        return await parallel([
            lambda: agent("id=waits; fault=429:1; after=900; answer=late;", tools=[]),
            lambda: agent("id=other; answer=soon;", tools=[], model="openai/standin"),
        ])
        """
    office.cap = 1
    done = office.play(body)
    assert done.result == ["late", "soon"]
    by_id = {(e.id, e.status): e.at_s for e in office.server.log}
    assert by_id["other", 200] <= by_id["waits", 429] + 1.0
    assert by_id["waits", 200] == pytest.approx(900, abs=1)
    said = [event.text for event in done.events if isinstance(event, CallProgress)]
    assert "parked: the provider asks to wait, goes on in 900 s" in said


def test_a_refusal_is_nobodys_vote(office):
    """Of ten judges five meet refusals; what they say in the end is their own."""
    body = """
        async def judge(n):
            fault = "fault=429:2; after=5;" if n % 2 else ""
            say = f'id={n}; {fault} answer={{"n": {n}}};'
            return (await agent(say, schema=SCHEMA, tools=[]))["n"]
        return await parallel([lambda n=n: judge(n) for n in range(10)])
        """
    done = office.play(body)
    assert done.result == list(range(10))
    assert done.census == {"ok": 10}
    texts = {str(Said(str(n))) for n in done.result}
    assert len(texts) == 10
