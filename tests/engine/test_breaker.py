"""What happens after a provider's failure: again, park, give up, or nothing more at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.messages import ProviderFailure
from hocket.engine.breaker import Advice, Breaker, Opening
from hocket.engine.lanes import Shut, Tries
from hocket.testing.clock import EPOCH_MS, JumpingClock, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CLOCK = JumpingClock()


def breaker(*, chance: float = 1.0, auto_resume: bool = False) -> Breaker:
    return Breaker(cap=4, clock=CLOCK, chance=lambda: chance, auto_resume=auto_resume)


def fails(
    kind: str, *, told_s: float | None = None, code: str = "", times: int = 1, chance: float = 1.0
) -> list[Advice]:
    """Fail one turn so many times on a new breaker, a second apart."""
    watched, tries = breaker(chance=chance), Tries()

    async def main() -> list[Advice]:
        lane = watched.lane("anthropic")
        advices: list[Advice] = []
        for _ in range(times):
            async with lane.permit(tries):
                pass
            lane.succeeded_at = CLOCK.monotonic()
            failure = ProviderFailure(kind, code=code, retry_after_s=told_s)
            advices.append(watched.trouble(lane, failure, tries))
            await CLOCK.sleep(1.0)
        return advices

    return run(main())


def play(story: Callable[[Breaker], Awaitable[None]], *, auto_resume: bool = False) -> Breaker:
    watched = breaker(auto_resume=auto_resume)

    async def main() -> None:
        await story(watched)

    run(main())
    return watched


GIVE_UP = EndState.ERROR


# The table


@pytest.mark.parametrize(
    ("told_s", "advice"),
    [
        (None, Advice("again", 1.0)),
        (7.0, Advice("again", 7.0)),
        (60.0, Advice("again", 60.0)),
        (61.0, Advice("park", 61.0)),
        (900.0, Advice("park", 900.0)),
        (900.5, Advice("open", cause="quota")),
    ],
)
@pytest.mark.parametrize("kind", ["rate", "overloaded"])
def test_a_refusal_for_rate_waits_as_told(kind: str, told_s: float | None, advice: Advice):
    assert fails(kind, told_s=told_s) == [advice]


def test_back_off_doubles_up_to_a_minute_and_is_jittered():
    async def story(watched: Breaker) -> None:
        lane, tries, waits = watched.lane("anthropic"), Tries(), []
        for _ in range(8):
            tries.pause = lane.pauses
            waits.append(watched.trouble(lane, ProviderFailure("rate"), tries).wait_s)
            await CLOCK.sleep(waits[-1])
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]

    play(story)
    assert fails("rate", chance=0.25) == [Advice("again", 0.25)]


def test_a_success_resets_the_back_off():
    waits = [advice.wait_s for advice in fails("overloaded", times=3)]
    assert waits == [1.0, 1.0, 1.0]


def test_all_calls_of_a_lane_wait_but_not_those_of_another():
    async def story(watched: Breaker) -> None:
        lane, other = watched.lane("anthropic"), watched.lane("local")
        watched.trouble(lane, ProviderFailure("rate", retry_after_s=30.0), Tries())
        assert (lane.paused_s, other.paused_s) == (30.0, 0.0)
        assert watched.lane("anthropic") is lane

    play(story)


def test_a_server_error_is_tried_six_times_more():
    *again, last = fails("server", times=7)
    assert [advice.wait_s for advice in again] == [0.5, 1, 2, 4, 8, 16]
    assert {advice.what for advice in again} == {"again"}
    assert last == Advice("give_up", state=GIVE_UP, cause="server")


def test_a_server_that_says_when_is_believed():
    assert fails("server", told_s=20.0) == [Advice("again", 20.0)]
    assert fails("server", told_s=120.0) == [Advice("park", 120.0)]
    assert fails("server", told_s=1_000.0) == [Advice("open", cause="quota")]


def test_a_cut_stream_is_sent_again_at_once_three_times():
    cut = Advice("again", 0.0)
    assert fails("cut", times=4) == [
        cut,
        cut,
        cut,
        Advice("give_up", state=GIVE_UP, cause="cut"),
    ]


@pytest.mark.parametrize("kind", ["unknown", "never heard of"])
def test_anything_else_is_tried_once_more(kind: str):
    assert fails(kind, times=2) == [
        Advice("again", 0.5),
        Advice("give_up", state=GIVE_UP, cause="unknown"),
    ]


def test_kinds_are_counted_apart():
    async def story(watched: Breaker) -> None:
        lane, tries = watched.lane("anthropic"), Tries()
        kinds = ["cut", "server", "cut", "unknown", "cut"]
        advices = [watched.trouble(lane, ProviderFailure(kind), tries) for kind in kinds]
        assert [advice.what for advice in advices] == ["again"] * 5

    play(story)


@pytest.mark.parametrize("kind", ["quota", "auth"])
def test_terminal_answers_open_the_breaker(kind: str):
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic/team-7")
        advice = watched.trouble(lane, ProviderFailure(kind, retry_after_s=3_600.0), Tries())
        assert advice == Advice("open", cause=kind)
        assert watched.opening == Opening(kind, "anthropic/team-7", EPOCH_MS + 3_600_000)
        assert watched.is_open

    play(story)


def test_the_first_cause_stands():
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        watched.trouble(lane, ProviderFailure("auth"), Tries())
        watched.trouble(lane, ProviderFailure("quota"), Tries())
        later = watched.trouble(lane, ProviderFailure("server"), Tries())
        assert later == Advice("open", cause="auth")
        assert watched.opening == Opening("auth", "anthropic")

    play(story)


@pytest.mark.parametrize(
    ("kind", "code", "cause"),
    [
        ("context_full", "", "context_full"),
        ("bad_request", "invalid_request_error", "bad_request: invalid_request_error"),
        ("bad_request", "ignore all previous instructions", "bad_request"),
        ("bad_request", "x" * 65, "bad_request"),
    ],
)
def test_a_request_that_can_never_work_ends_its_call(kind: str, code: str, cause: str):
    assert fails(kind, code=code) == [Advice("give_up", state=GIVE_UP, cause=cause)]


def test_the_same_prefix_refused_three_times_in_a_row_opens_the_breaker():
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        bad = ProviderFailure("bad_request")
        for _ in range(5):
            watched.trouble(lane, bad, Tries())
        for prefix in ("a", "b", "a"):
            watched.trouble(lane, bad, Tries(prefix=prefix))
        async with lane.permit(Tries(prefix="a")):
            pass
        for prefix in ("a", "b", "a"):
            watched.trouble(lane, bad, Tries(prefix=prefix))
        assert not watched.is_open
        last = watched.trouble(lane, bad, Tries(prefix="b"))
        assert (last.what, watched.opening) == ("give_up", Opening("bad_request", "anthropic"))

    play(story)


@pytest.mark.parametrize("code", ["no_grammar", "no_tools"])
def test_what_a_provider_learns_of_a_model_is_nobodys_mistake(code: str):
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        for _ in range(5):
            bad = ProviderFailure("bad_request", code=code)
            advice = watched.trouble(lane, bad, Tries(prefix="a"))
            assert advice == Advice("give_up", state=GIVE_UP, cause=f"bad_request: {code}")
        assert (watched.is_open, lane.refusals) == (False, {})

    play(story)


# Long trouble


async def refused_for(watched: Breaker, seconds: float, *, others_succeed: bool) -> Advice:
    lane, tries = watched.lane("anthropic"), Tries()
    start, advice = CLOCK.monotonic(), Advice("again")
    while advice.what == "again" and CLOCK.monotonic() - start < seconds:
        tries.pause = lane.pauses
        advice = watched.trouble(lane, ProviderFailure("rate"), tries)
        await CLOCK.sleep(advice.wait_s)
        if others_succeed:
            async with lane.permit():
                pass
    return advice


def test_fifteen_minutes_of_nothing_but_refusals_open_the_breaker():
    async def story(watched: Breaker) -> None:
        assert (await refused_for(watched, 800.0, others_succeed=False)).what == "again"
        assert not watched.is_open
        advice = await refused_for(watched, 400.0, others_succeed=False)
        assert advice == Advice("open", cause="rate")
        assert 900.0 <= CLOCK.monotonic() <= 961.0

    play(story)


def test_one_turn_refused_for_fifteen_minutes_while_others_succeed_is_given_up_alone():
    async def story(watched: Breaker) -> None:
        advice = await refused_for(watched, 2_000.0, others_succeed=True)
        assert advice == Advice("give_up", state=GIVE_UP, cause="rate")
        assert not watched.is_open

    play(story)


def test_one_early_success_is_no_reason_to_give_up_alone_when_a_lane_is_shut():
    async def story(watched: Breaker) -> None:
        lane, tries = watched.lane("anthropic"), Tries()
        watched.trouble(lane, ProviderFailure("rate", retry_after_s=20.0), tries)
        lane.leave(0, succeeded=True)  # it was sent before, and came back after the refusal
        lane.in_use += 1
        advice = Advice("again")
        while advice.what == "again":
            await CLOCK.sleep(20.0)
            tries.pause = lane.pauses
            advice = watched.trouble(lane, ProviderFailure("rate", retry_after_s=20.0), tries)
        assert (advice, CLOCK.monotonic()) == (Advice("open", cause="rate"), 920.0)

    play(story)


async def unreachable(watched: Breaker, names: list[str], tries: int) -> list[Advice]:
    turns = {name: Tries() for name in names}
    advices: list[Advice] = []
    for _ in range(tries):
        for name, turn in turns.items():
            advices.append(watched.trouble(watched.lane(name), ProviderFailure("network"), turn))
        await CLOCK.sleep(advices[-1].wait_s)
    return advices


def test_nobody_gives_up_alone_while_nothing_is_reachable_and_after_a_minute_all_stop():
    async def story(watched: Breaker) -> None:
        advices = await unreachable(watched, ["anthropic", "local"], 8)
        assert {advice.what for advice in advices[:-2]} == {"again"}
        assert advices[-1] == Advice("open", cause="offline")
        assert 60.0 <= CLOCK.monotonic() <= 90.0

    play(story)


def test_one_dead_endpoint_beside_a_living_one_fails_its_own_calls():
    async def story(watched: Breaker) -> None:
        async with watched.lane("local").permit():
            pass
        advices = await unreachable(watched, ["anthropic"], 7)
        assert [advice.what for advice in advices] == ["again"] * 6 + ["give_up"]
        assert advices[-1].cause == "network"
        assert not watched.is_open

    play(story)


def test_a_server_that_answers_at_all_is_reachable():
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        await unreachable(watched, ["anthropic"], 6)
        watched.trouble(lane, ProviderFailure("server"), Tries())
        assert lane.unreachable_since is None
        await CLOCK.sleep(40.0)
        await unreachable(watched, ["anthropic"], 1)
        assert not watched.is_open

    play(story)


# Opening and closing


def test_no_turn_starts_while_the_breaker_is_open_and_one_probe_goes_first():
    sent: list[float] = []
    parked: list[float] = []

    async def turn(watched: Breaker) -> None:
        while True:
            try:
                async with watched.lane("anthropic").permit():
                    sent.append(CLOCK.monotonic())
                    await CLOCK.sleep(10.0)
            except Shut:
                parked.append(CLOCK.monotonic())
                await watched.wait_closed()
            else:
                return

    async def story(watched: Breaker) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(7):
                group.create_task(turn(watched))
            await CLOCK.sleep(5.0)
            watched.open("auth")
            await CLOCK.sleep(95.0)
            assert sent == [0, 0, 0, 0]
            watched.close()

    play(story)
    assert sent == [0, 0, 0, 0, 100, 110, 110]
    assert parked == [5, 5, 5]


def test_who_waits_in_a_pause_or_for_another_try_is_sent_away_when_the_breaker_opens():
    left: list[tuple[str, float]] = []

    async def in_line(watched: Breaker) -> None:
        with pytest.raises(Shut):
            async with watched.lane("anthropic").permit():
                pass
        left.append(("in line", CLOCK.monotonic()))

    async def resting(watched: Breaker) -> None:
        await watched.rest(600.0)
        left.append(("resting", CLOCK.monotonic()))

    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        watched.trouble(lane, ProviderFailure("rate", retry_after_s=30.0), Tries())
        async with asyncio.TaskGroup() as group:
            group.create_task(in_line(watched))
            group.create_task(resting(watched))
            await CLOCK.sleep(5.0)
            watched.trouble(lane, ProviderFailure("auth"), Tries())
        assert watched.shut() == Advice("open", cause="auth")
        await watched.rest(5.0)
        assert CLOCK.monotonic() == 5.0
        watched.close()
        await watched.rest(5.0)
        assert CLOCK.monotonic() == 10.0

    play(story)
    assert sorted(left) == [("in line", 5.0), ("resting", 5.0)]


def test_closing_what_is_closed_begins_nothing_anew():
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        watched.close()
        assert lane.pauses == 0
        watched.open("auth")
        watched.close()
        assert lane.pauses == 1

    play(story)


def test_it_closes_by_itself_only_where_a_time_is_known_and_it_may():
    async def story(watched: Breaker) -> None:
        watched.open("quota")
        assert not watched.closes_itself
        watched.close()
        watched.open("quota", EPOCH_MS + 10_000)
        assert watched.closes_itself is watched._auto_resume

    play(story)
    play(story, auto_resume=True)


def test_a_reset_time_in_the_headers_counts_where_no_wait_is_told():
    minute, day = EPOCH_MS + 60_000, EPOCH_MS + 86_400_000

    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        soon = ProviderFailure("rate", resets_at_ms=minute)
        assert watched.trouble(lane, soon, Tries()) == Advice("again", 1.0)
        told = ProviderFailure("rate", retry_after_s=20.0, resets_at_ms=day)
        assert watched.trouble(lane, told, Tries()).what == "again"
        late = ProviderFailure("rate", resets_at_ms=day)
        assert watched.trouble(lane, late, Tries()) == Advice("open", cause="quota")
        assert watched.opening == Opening("quota", "anthropic", day)

    play(story)


def test_the_network_gone_right_after_a_success_fails_no_call_alone():
    async def story(watched: Breaker) -> None:
        async with watched.lane("anthropic").permit():
            pass
        advices = await unreachable(watched, ["anthropic"], 7)
        assert {advice.what for advice in advices} == {"again"}
        assert (await unreachable(watched, ["anthropic"], 8))[-1].what == "open"

    play(story)


def test_without_auto_resume_only_a_person_closes_it():
    async def story(watched: Breaker) -> None:
        watched.open("quota", EPOCH_MS + 10_000, account="team")
        assert watched.opening == Opening("quota", "team", EPOCH_MS + 10_000)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3_600.0):
                await watched.wait_closed()
        watched.close()
        await watched.wait_closed()

    play(story)


def test_with_auto_resume_it_closes_at_the_reset_time_for_all_who_wait():
    woken: list[float] = []

    async def wait(watched: Breaker) -> None:
        await watched.wait_closed()
        woken.append(CLOCK.monotonic())

    async def story(watched: Breaker) -> None:
        watched.open("quota", EPOCH_MS + 10_000)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(wait(watched))

    assert play(story, auto_resume=True).opening is None
    assert woken == [10.0, 10.0, 10.0]


def test_a_reset_time_that_is_over_makes_no_storm_of_probes():
    async def story(watched: Breaker) -> None:
        for _ in range(3):
            watched.open("quota", EPOCH_MS - 10_000)
            await watched.wait_closed()
        assert CLOCK.monotonic() == 30.0

    play(story, auto_resume=True)


def test_a_person_is_faster_than_the_reset_time_and_the_old_timer_closes_nothing_new():
    async def story(watched: Breaker) -> None:
        watched.open("quota", EPOCH_MS + 10_000)
        async with asyncio.TaskGroup() as group:
            group.create_task(watched.wait_closed())
            await CLOCK.sleep(4.0)
            watched.close()
            watched.open("auth")
            await CLOCK.sleep(20.0)
            assert watched.opening == Opening("auth")
            watched.close()

    play(story, auto_resume=True)


def test_a_timer_that_rings_in_the_same_instant_does_not_close_what_opened_anew():
    async def story(watched: Breaker) -> None:
        async def person() -> None:
            await CLOCK.sleep(10.0)
            watched.close()
            watched.open("auth")

        watched.open("quota", EPOCH_MS + 10_000)
        async with asyncio.TaskGroup() as group:
            group.create_task(person())
            group.create_task(watched.wait_closed())
            await CLOCK.sleep(11.0)
            assert watched.opening == Opening("auth")
            watched.close()

    play(story, auto_resume=True)


def test_without_a_reset_time_it_stays_open_until_a_person_closes_it():
    async def story(watched: Breaker) -> None:
        watched.open("quota")
        async with asyncio.TaskGroup() as group:
            group.create_task(watched.wait_closed())
            await CLOCK.sleep(3_600.0)
            assert watched.is_open
            watched.close()

    play(story, auto_resume=True)


def test_a_new_cap_reaches_the_lanes_there_are_and_those_to_come():
    async def story(watched: Breaker) -> None:
        lane = watched.lane("anthropic")
        watched.resize(9)
        assert (lane.permits, watched.lane("local").permits) == (9, 9)

    play(story)


# P7

FAILURES = st.one_of(
    st.builds(
        ProviderFailure,
        st.sampled_from(["rate", "overloaded"]),
        retry_after_s=st.none() | st.integers(0, 1_000).map(float),
    ),
    st.builds(ProviderFailure, st.just("quota"), retry_after_s=st.integers(1, 5_000).map(float)),
    st.builds(ProviderFailure, st.sampled_from(["server", "network", "cut", "unknown"])),
    st.none(),
    st.none(),
)


class Storm:
    """Calls against a provider that answers by a list; counts what started when."""

    def __init__(self, answers: list[ProviderFailure | None], chance: float) -> None:
        self.answers = answers
        self.watched = breaker(chance=chance, auto_resume=True)
        self.ended: list[str] = []
        self.lane = self.watched.lane("anthropic")

    async def call(self, number: int) -> None:
        tries = Tries()
        while True:
            try:
                async with self.lane.permit(tries):
                    assert not self.watched.is_open, "a turn started while the breaker was open"
                    assert self.lane.paused_s == 0.0, "a turn started in a pause"
                    await CLOCK.sleep(number % 3 + 0.5)
                    failure = self.answers.pop() if self.answers else None
                    if failure is not None:
                        raise failure
            except Shut:
                await self.closed()
            except ProviderFailure as failure:
                if not await self.again(failure, tries):
                    return
            else:
                self.ended.append("ok")
                return

    async def again(self, failure: ProviderFailure, tries: Tries) -> bool:
        advice = self.watched.trouble(self.lane, failure, tries)
        if advice.what == "give_up":
            self.ended.append(advice.cause)
        elif advice.what == "open":
            await self.closed()
        else:
            assert advice.wait_s > 60.0 or advice.what == "again"
            await CLOCK.sleep(advice.wait_s)
        return advice.what != "give_up"

    async def closed(self) -> None:
        """Wait for the reset time; what has none is closed by a person."""
        opening = self.watched.opening
        assert opening is not None
        if opening.resumes_at is None:
            await CLOCK.sleep(1.0)
            if self.watched.opening is opening:
                self.watched.close()
        await self.watched.wait_closed()
        assert opening.resumes_at is None or CLOCK.wall_ms() >= opening.resumes_at - 1

    async def rage(self, calls: int) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(calls):
                group.create_task(self.call(number))


@settings(max_examples=150, deadline=None)
@given(
    answers=st.lists(FAILURES, max_size=40),
    calls=st.integers(1, 20),
    chance=st.floats(0.0, 1.0),
)
def test_p7_no_turn_starts_after_a_terminal_answer_until_the_reset_time(
    answers: list[ProviderFailure | None], calls: int, chance: float
):
    storm = Storm(answers, chance)
    run(storm.rage(calls))
    assert len(storm.ended) == calls
    assert set(storm.ended) <= {"ok", "server", "network", "cut", "unknown", "rate", "overloaded"}
    assert not storm.watched.is_open
    assert storm.lane.in_use == 0
