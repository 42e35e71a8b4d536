"""Cases 30 to 44: what a provider can do to a run; real SDK, real HTTP, a clock that jumps."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from office import LongWinded

from hocket.testing import JumpingClock
from hocket.testing.clock import EPOCH_MS
from hocket.testing.standin import Fault, Reply

CLOCK = JumpingClock()
case = pytest.mark.case


def by_id(office):
    """Give when each call's tries arrived."""
    found = {}
    for entry in office.server.log:
        found.setdefault(entry.id, []).append(entry.at_s)
    return found


def states(played):
    return [state for state, _, _ in played.result]


@case(30)
@pytest.mark.parametrize(
    ("kind", "after_s", "waits_s"), [("429", 5, 5), ("429ms", 0.5, 0.5), ("429date", 30, 30)]
)
def test_30_a_refusal_of_some_holds_all_for_as_long_as_told(office, kind, after_s, waits_s):
    def some(asked):
        refuse = asked.id in {"1", "3"} and not asked.occurrence
        return Reply(fault=Fault(kind, calls=1, after_s=after_s), lat_ms=100) if refuse else None

    office.cap = 4
    done = office.fan("id=#; lat=100;", 12, rules=some)

    assert done.census == {"ok": 12}
    assert sum(office.journal.started.values()) == 12
    refused = min(e.end_s for e in office.server.log if e.state == "refused")
    held = [at for at in office.starts if refused < at < refused + waits_s * 0.8]
    again = min(at for at in office.starts if at >= refused + waits_s * 0.8)
    assert (held, again) == ([], pytest.approx(refused + waits_s, rel=0.2))


@case(31)
def test_31_a_minute_of_refusals_without_a_time_is_no_storm(office):
    def storm(asked):
        return Reply(fault=Fault("429ramp")) if CLOCK.monotonic() < 60 else None

    done = office.fan("id=#; lat=500; answer=v#;", 60, rules=storm)

    assert (done.status, done.census) == ("completed", {"ok": 60})
    assert [value for _, _, value in done.result] == [f"v{n}" for n in range(60)]
    refused = [e.at_s for e in office.server.log if e.state == "refused"]
    late = sorted(at for at in refused if at > 0.0)
    # One probe a back-off step: at worst all of them were drawn short, but no two at once.
    assert len(set(late)) == len(late)
    assert office.server.stats["redone"] == 0


@case(32)
@pytest.mark.parametrize("kind", ["429quota", "402", "401", "403"])
def test_32_what_no_waiting_ends_stops_all_and_fails_none(office, kind):
    def limited(asked):
        return Reply(fault=Fault(kind)) if int(asked.id) >= 20 else None

    first = office.fan("id=#; lat=1000; answer=v#;", 100, rules=limited)
    seen = min(e.end_s for e in office.server.log if e.state == "refused")

    assert first.status == "suspended"
    assert first.cause == ("auth" if kind in {"401", "403"} else "quota")
    assert [at for at in office.starts if at > seen] == []
    assert set(first.census) <= {"ok", "quota", "cancelled"}
    assert {f["cause"] for f in first.report["failures"]} == {first.cause, "the run was suspended"}
    second = office.again(first)
    assert second.census == {"cached": first.census["ok"], "ok": 100 - first.census["ok"]}
    assert len(office.server.log) == second.census["ok"]


@case(33)
@pytest.mark.parametrize("kind", ["400", "404"])
def test_33_a_bad_request_fails_its_own_call_at_once(office, kind):
    def bad(asked):
        return Reply(fault=Fault(kind)) if asked.id == "1" else None

    done = office.fan("id=#;", 3, rules=bad)
    assert (done.status, done.census) == ("completed", {"ok": 2, "error": 1})
    assert {name: len(tries) for name, tries in by_id(office).items()} == {"0": 1, "1": 1, "2": 1}
    assert done.result[1][:2] == ["error", done.result[1][1]]
    assert done.result[1][1].startswith("bad_request")


@case(34)
@pytest.mark.parametrize(("kind", "status"), [("503", "error"), ("500", "error"), ("529", "ok")])
def test_34_a_server_in_trouble_is_asked_with_growing_pauses(office, kind, status):
    def ill(asked):
        times = 7 if kind != "529" else 4
        return Reply(fault=Fault(kind, calls=times)) if asked.id == "1" else None

    done = office.fan("id=#;", 3, rules=ill)
    tries = by_id(office)["1"]
    assert (done.status, states(done)) == ("completed", ["ok", status, "ok"])
    assert len(tries) == (7 if status == "error" else 5)
    for step, (earlier, later) in enumerate(pairwise(tries)):
        assert later - earlier <= min(30.0, 2.0**step) + 0.01


@case(35)
@pytest.mark.parametrize("kind", ["reset", "resethead", "resetmid", "trunc"])
def test_35_a_reset_anywhere_changes_no_answer(office, kind):
    done = office.fan(f"id=#; fault={kind}:2; answer=the whole answer;")
    assert done.result == [["ok", None, "the whole answer"]]
    first, second, third = office.bodies("0")
    assert first == second == third
    charged = done.report["usage"]["output"]
    assert charged > 0
    if kind in {"resetmid", "trunc"}:
        assert done.report["usage"]["input"] > office.server.log[-1].usage["input_tokens"]


@case(35)
@pytest.mark.parametrize("kind", ["resetmid", "trunc"])
def test_35_what_always_breaks_off_is_an_error_and_never_half_an_answer(office, kind):
    done = office.fan(f"id=#; fault={kind}; answer=half of an answer;")
    assert done.result == [["error", "cut", None]]
    assert len(office.starts) == 4


@case(36)
@pytest.mark.parametrize(
    ("kind", "state", "cause", "tries"),
    [
        ("sseerror:2", "ok", None, 3),
        ("nostop", "error", "cut", 4),
        ("ping", "stalled", "nothing heard for 180 s, 3 times", 3),
    ],
)
def test_36_a_reply_without_its_end_is_none(office, kind, state, cause, tries):
    done = office.fan(f"id=#; fault={kind}; answer=x;")
    assert done.result[0][:2] == [state, cause]
    assert len(office.starts) == tries
    if kind == "ping":  # they stretch the patience, but only content renews it
        assert office.starts[1] == pytest.approx(600, abs=15)


@case(37)
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_37_who_never_answers_is_asked_twice_more_and_given_up(office, kind):
    office.cap = 1
    body = """
        async def one(orders):
            return (await attempt(orders, tools=[]))["state"]
        return await parallel([lambda: one(args), lambda: one("id=next;")])
        """
    done = office.play(body, f"id=silent; fault={kind};")
    assert done.result == ["stalled", "ok"]
    tries = by_id(office)
    assert tries["silent"] == pytest.approx([0, 180, 360], abs=5)
    assert tries["next"] == pytest.approx([540], abs=5)
    first, *others = office.bodies("silent")
    assert others == [first, first]


@case(38)
def test_38_slow_but_alive_for_half_an_hour_is_left_alone(office):
    done = office.fan("id=#; drip=50000; size=1500;")
    assert states(done) == ["ok"]
    assert (len(office.starts), len(done.result[0][2])) == (1, 1_500)
    assert done.report["elapsed_s"] > 1_800


@case(39)
@pytest.mark.parametrize(
    ("kind", "state", "cause"),
    [
        ("html", "error", "unknown"),
        ("badjson", "error", "cut"),
        ("empty", "ok", None),
        ("oddblock", "ok", None),
    ],
)
def test_39_what_is_no_reply_is_kept_for_a_person(office, kind, state, cause):
    done = office.fan(f"id=#; fault={kind};")
    assert done.result[0][:2] == [state, cause]
    kept = "".join(path.read_text() for path in (done.folder / "agents").iterdir())
    if kind == "html":
        assert "Bad Gateway" in kept
    if kind == "oddblock":
        assert "standin_novelty" in kept
    if kind == "empty":
        assert done.result[0][2] == ""


@case(40)
@pytest.mark.parametrize(
    ("stop", "state", "cause", "turns"),
    [
        ("max_tokens", "ok", None, 3),
        ("refusal", "error", "model_refusal", 1),
        ("pause_turn", "ok", None, 2),
        ("model_context_window_exceeded", "error", "context_full", 2),
        ("stop_sequence", "ok", None, 1),
    ],
)
def test_40_each_reason_to_stop_has_its_own_end(office, stop, state, cause, turns):
    done = office.fan(
        f"id=#; stop={stop}; then; answer=x;" if stop == "pause_turn" else f"id=#; stop={stop};"
    )
    assert done.result[0][:2] == [state, cause]
    assert len(office.starts) <= turns


@case(41)
@pytest.mark.parametrize("times", ["", ":1"])
def test_41_a_prompt_that_is_too_long_is_never_sent_twice(office, times):
    done = office.fan(f"id=#; fault=400ctx{times};")
    assert done.result[0][0] in {"ok", "error"}
    bodies = [str(body) for body in office.bodies("0")]
    assert len(set(bodies)) == len(bodies) <= 2


@case(42)
def test_42_a_bill_above_the_bound_closes_the_budget_and_is_told_to_the_token(office):
    office.settle(max_tokens=1_000, closing_tokens=100)
    office.cap = 1
    say = 'id=#; usage={"input_tokens": 10, "output_tokens": 5000}; answer=x;'
    done = office.fan(say, 3, flags={"budget_tokens": 3_000})
    assert states(done) == ["ok", "over_budget", "over_budget"]
    assert done.report["usage"]["output"] == 5_000
    said = " ".join(cause or "" for _, cause, _ in done.result)
    assert "billed 5,000 output tokens" in said
    assert len(office.starts) == 1


@case(42)
@pytest.mark.parametrize(
    "usage", ["none", '{"output_tokens": -7}', '{"input_tokens": null, "output_tokens": "many"}']
)
def test_42_a_bill_that_is_none_is_charged_at_the_reservation(office, usage):
    office.settle(max_tokens=1_000, closing_tokens=100)
    done = office.fan(f"id=#; usage={usage}; answer=x;", flags={"budget_tokens": 50_000})
    assert states(done) == ["ok"]
    assert 0 < done.report["usage"]["output"] <= 1_000


class Yesterday(JumpingClock):
    """The clock of a server whose date is a day behind."""

    def wall_ms(self):
        return super().wall_ms() - 86_400_000


@case(43)
@pytest.mark.parametrize(("after_s", "status"), [(20, "completed"), (86_400, "suspended")])
def test_43_a_date_counts_from_the_servers_own(office, after_s, status):
    office.clock = Yesterday()
    done = office.fan(f"id=#; fault=429date:1; after={after_s};")
    assert done.status == status
    if status == "completed":
        assert office.starts == pytest.approx([0, 20], abs=1)
    else:
        assert done.report["resumes_at"] == pytest.approx(EPOCH_MS + 86_400_000, abs=1_000)


SIBLINGS = """
    async def one(n):
        say = f"id={n}; " + (args if n == 0 else "first=1000; lat=1500;")
        return (await attempt(say, agent_type="long"))["state"]
    return await parallel([lambda n=n: one(n) for n in range(6)])
    """


@case(44)
@pytest.mark.parametrize("first", ["fault=400;", "fault=hang;", "first=1000; lat=9000;"])
def test_44_who_was_to_write_the_prefix_fails_and_one_takes_over(office, first):
    done = office.play(SIBLINGS, first, plugins={"types": LongWinded()}, flags={"concurrency": 6})
    starts = {name: tries[0] for name, tries in by_id(office).items()}
    assert done.result[1:] == ["ok"] * 5
    assert max(starts.values()) <= 5.1
    others = sorted(starts[str(n)] for n in range(1, 6))
    if "400" in first:
        assert others == pytest.approx([0.0, 1.0, 1.0, 1.0, 1.0], abs=0.1)
        assert sum(at < 0.5 for at in others) == 1
    elif "hang" in first:
        assert others == pytest.approx([5.0] * 5, abs=0.1)
    else:
        assert others == pytest.approx([1.0] * 5, abs=0.1)


@case(31)
def test_31_a_person_may_stop_in_the_middle_of_it(office):
    def ready(run):
        asyncio.get_running_loop().call_later(30.0, run.leave, "stopped", "by a person")

    done = office.fan("id=#; fault=429; after=20;", 20, ready=ready)
    assert (done.status, done.report["elapsed_s"]) == ("stopped", pytest.approx(40.0, abs=1))
    assert set(done.census) == {"cancelled"}
