"""Slots, totals and reservations: nothing is ever overshot, and nobody waits for nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.calls import Bound, Usage
from hocket.api.scripts import Spent
from hocket.engine.ledger import RUNAWAY, Ledger, Reservation
from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def ledger(
    tokens: int | None = None, micros: int | None = None, cap: int = 16, total: int = 1000
) -> Ledger:
    return Ledger(cap=cap, total=total, tokens=tokens, micros=micros)


def held(book: Ledger, tokens: int, micros: int = 0) -> Reservation:
    reservation = book.try_reserve(Bound(tokens, micros))
    assert reservation is not None
    return reservation


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


# Slots and totals


def test_slots_stop_at_the_cap_and_come_back():
    book = ledger(cap=2)
    assert [book.slot() for _ in range(3)] == [True, True, False]
    book.give_slot()
    assert (book.slot(), book.running, book.most_running) == (True, 2, 2)


def test_the_cap_can_be_changed_while_calls_run():
    book = ledger(cap=2)
    assert [book.slot(), book.slot()] == [True, True]
    book.cap = 1
    book.give_slot()
    assert (book.slot(), book.running) == (False, 1)
    book.cap = 3
    assert [book.slot(), book.slot(), book.slot()] == [True, True, False]
    assert book.most_running == 3


@pytest.mark.parametrize("cap", [0, -1, 257])
def test_a_cap_outside_of_1_to_256_is_an_error(cap: int):
    with pytest.raises(UsageError, match="expected 1 to 256"):
        ledger(cap=cap)
    book = ledger(cap=256)
    with pytest.raises(UsageError, match=f"the cap is {cap}"):
        book.cap = cap
    assert book.cap == 256


def test_every_call_asked_for_counts_also_those_over_the_total():
    book = ledger(total=2)
    assert [book.count() for _ in range(4)] == [True, True, False, False]
    assert (book.asked, book.total) == (4, 2)


def test_a_loop_that_is_only_refused_is_a_runaway():
    book = ledger()
    for _ in range(RUNAWAY - 1):
        book.refused()
    assert not book.runaway
    book.refused()
    assert book.runaway


def test_a_script_that_starts_from_the_top_asks_again_but_money_stays_spent():
    book = ledger(tokens=100, total=1)
    held(book, 10).spend(Usage(output=4))
    assert [book.count(), book.count()] == [True, False]
    for _ in range(RUNAWAY):
        book.refused()
    book.begin_again()
    assert (book.asked, book.runaway, book.count(), book.spent.tokens) == (0, False, True, 4)


# Money without waiting


def test_without_totals_everything_fits_and_is_counted():
    book = ledger()
    reservation = held(book, 10**12, 10**12)
    reservation.spend(Usage(output=5, cost_micros=7))
    reservation.release()
    assert (book.spent, book.reserved_tokens, book.reserved_micros) == (Spent(5, 7), 0, 0)


def test_what_is_reserved_is_not_there_for_others():
    book = ledger(tokens=100)
    first = held(book, 60)
    assert book.try_reserve(Bound(41)) is None
    assert held(book, 40).held == Bound(40, 0)
    first.release()
    assert book.reserved_tokens == 40


def test_spending_turns_a_part_into_spent_and_release_frees_the_rest_once():
    book = ledger(tokens=100, micros=1_000)
    reservation = held(book, 60, 600)
    reservation.spend(Usage(output=20, cost_micros=100))
    assert (reservation.held, book.spent) == (Bound(40, 500), Spent(20, 100))
    reservation.release()
    reservation.release()
    assert (book.reserved_tokens, book.reserved_micros) == (0, 0)
    assert (reservation.held, book.spent) == (Bound(0, 0), Spent(20, 100))


def test_growing_replaces_what_the_finished_turn_left():
    book = ledger(tokens=100)
    reservation = held(book, 50)
    reservation.spend(Usage(output=10))
    assert reservation.grow(Bound(90))
    assert (book.reserved_tokens, reservation.held.output) == (90, 90)
    assert reservation.grow(Bound(10))
    assert book.reserved_tokens == 10


def test_a_refused_growth_keeps_what_was_held_for_a_closing_turn():
    book = ledger(tokens=100)
    other = held(book, 30)
    reservation = held(book, 50)
    reservation.spend(Usage(output=10))
    assert not reservation.grow(Bound(61))
    assert reservation.refusal(Bound(61)) == "needs 61 output tokens, 60 of 100 left"
    assert reservation.held == Bound(40, 0)
    other.release()
    assert reservation.grow(Bound(61))


def test_a_released_reservation_grows_no_more():
    book = ledger(tokens=100)
    reservation = held(book, 10)
    reservation.release()
    assert not reservation.grow(Bound(1))
    assert book.reserved_tokens == 0


@pytest.mark.parametrize(
    "usage", [Usage(output=-5, cost_micros=-1), Usage(output=-5, cost_micros=None)]
)
def test_usage_that_cannot_be_is_charged_as_all_that_is_held(usage: Usage):
    book = ledger(tokens=100, micros=100)
    held(book, 30, 40).spend(usage)
    assert (book.spent, book.breach) == (Spent(30, 40), None)


def test_usage_that_never_came_is_charged_at_the_reservation():
    book = ledger(tokens=100)
    reservation = held(book, 30)
    reservation.spend_all()
    reservation.release()
    assert (book.spent.tokens, book.reserved_tokens) == (30, 0)


def test_a_negative_bound_is_a_bug_of_its_backend():
    with pytest.raises(ValueError, match="never negative"):
        ledger(tokens=100).try_reserve(Bound(-1))


# Refusals


def test_the_refusal_names_need_and_rest_in_tokens():
    book = ledger(tokens=500_000)
    book.charge(487_600, 0)
    assert book.refusal(Bound(18_200)) == "needs 18,200 output tokens, 12,400 of 500,000 left"


def test_the_refusal_names_need_and_rest_in_dollars():
    book = ledger(micros=5_000_000)
    book.charge(0, 4_900_000)
    assert book.refusal(Bound(10, 420_000)) == "needs $0.42, $0.10 of $5.00 left"
    assert book.refusal(Bound(10, 100_001)) == "needs $0.100001, $0.10 of $5.00 left"


def test_with_both_totals_the_one_that_is_short_is_named():
    book = ledger(tokens=1_000, micros=2_000_000_000)
    assert book.refusal(Bound(1_001, 1)) == "needs 1,001 output tokens, 1,000 of 1,000 left"
    assert book.refusal(Bound(1, 2_000_500_000)) == "needs $2,000.50, $2,000.00 of $2,000.00 left"


def test_what_runs_is_left_out_of_a_need_that_is_hopeless_anyway():
    book = ledger(tokens=100)
    held(book, 80)
    assert book.refusal(Bound(150)) == "needs 150 output tokens, 100 of 100 left"
    assert book.refusal(Bound(50)) == "needs 50 output tokens, 20 of 100 left"


def test_a_total_below_what_earlier_lives_spent_leaves_nothing():
    book = ledger(tokens=100)
    book.charge(130, 0)
    assert book.try_reserve(Bound(1)) is None
    assert book.refusal(Bound(1)) == "needs 1 output tokens, 0 of 100 left"


def test_an_unknown_price_is_refused_where_dollars_are_counted_and_only_there():
    book = ledger(micros=5_000_000)
    unknown = Bound(10, None)
    assert asyncio.run(book.reserve(unknown)) is None
    assert book.refusal(unknown) == "the price is unknown, $5.00 cannot be kept"
    free = ledger(tokens=100)
    reservation = free.try_reserve(unknown)
    assert reservation is not None
    reservation.spend(Usage(output=3, cost_micros=None))
    assert free.spent == Spent(3, 0)


# Breaches


def test_a_bill_above_the_bound_closes_admission_and_is_told_to_the_token():
    book = ledger(tokens=10_000)
    reservation, other = held(book, 1_000), held(book, 100)
    reservation.spend(Usage(output=1_300))
    assert book.breach == "billed 1,300 output tokens, 1,000 were reserved: 300 over"
    assert book.spent.tokens == 1_300
    assert book.try_reserve(Bound(1)) is None
    assert not other.grow(Bound(1))
    assert book.refusal(Bound(1)) == f"admission is closed: {book.breach}"
    other.release()
    reservation.release()
    assert book.reserved_tokens == 0


def test_a_breach_in_dollars_is_told_exactly_and_the_first_one_stands():
    book = ledger(micros=1_000_000)
    held(book, 0, 400_000).spend(Usage(cost_micros=420_001))
    held_before = book.breach
    assert held_before == "billed $0.420001, $0.40 were reserved: $0.020001 over"
    book.settle((0, 0), (0, 5))
    assert book.breach == held_before


def test_without_a_total_there_is_no_promise_to_break():
    book = ledger()
    held(book, 10).spend(Usage(output=50, cost_micros=50))
    assert (book.breach, book.spent) == (None, Spent(50, 50))
    assert (book.reserved_tokens, book.reserved_micros) == (0, 0)


# Waiting


def trace(story: Callable[[Ledger, list[str]], Awaitable[None]], book: Ledger) -> list[str]:
    """Run a story that writes down what happened, in order."""
    happened: list[str] = []

    async def main() -> None:
        await story(book, happened)

    asyncio.run(main())
    return happened


async def asker(book: Ledger, happened: list[str], name: str, bound: Bound) -> Reservation | None:
    reservation = await book.reserve(bound)
    happened.append(f"{name} {'refused' if reservation is None else 'granted'}")
    return reservation


def test_two_calls_of_6000_share_10000_one_after_the_other():
    async def story(book: Ledger, happened: list[str]) -> None:
        async def call(name: str) -> None:
            reservation = await asker(book, happened, name, Bound(6_000))
            assert reservation is not None
            await settled()
            reservation.spend(Usage(output=3_000))
            assert book.spent.tokens + book.reserved_tokens <= 10_000
            reservation.release()
            happened.append(f"{name} done")

        async with asyncio.TaskGroup() as group:
            group.create_task(call("a"))
            group.create_task(call("b"))

    assert trace(story, ledger(tokens=10_000)) == ["a granted", "a done", "b granted", "b done"]


def test_a_waiter_is_refused_as_soon_as_waiting_cannot_help_any_more():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 6_000)
        async with asyncio.TaskGroup() as group:
            group.create_task(asker(book, happened, "waits", Bound(6_000)))
            await settled()
            happened.append("4,001 are spent")
            running.spend(Usage(output=4_001))
            await settled()
            happened.append("the rest is still held")
            running.release()

    assert trace(story, ledger(tokens=10_000)) == [
        "4,001 are spent",
        "waits refused",
        "the rest is still held",
    ]


def test_nobody_overtakes_even_if_it_would_fit():
    async def story(book: Ledger, happened: list[str]) -> None:
        running, other = held(book, 60), held(book, 10)
        async with asyncio.TaskGroup() as group:
            group.create_task(asker(book, happened, "big", Bound(70)))
            await settled()
            group.create_task(asker(book, happened, "small", Bound(20)))
            await settled()
            assert book.try_reserve(Bound(1)) is None
            happened.append("a little is released")
            other.release()
            await settled()
            happened.append("all is released")
            running.release()

    assert trace(story, ledger(tokens=100)) == [
        "a little is released",
        "all is released",
        "big granted",
        "small granted",
    ]


def test_a_hopeless_call_does_not_stand_in_line():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 60)
        async with asyncio.TaskGroup() as group:
            group.create_task(asker(book, happened, "waits", Bound(70)))
            await settled()
            group.create_task(asker(book, happened, "hopeless", Bound(101)))
            await settled()
            running.release()

    assert trace(story, ledger(tokens=100)) == ["hopeless refused", "waits granted"]


def test_a_cancelled_waiter_leaves_the_line_and_the_next_is_served():
    async def story(book: Ledger, happened: list[str]) -> None:
        held(book, 60)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(asker(book, happened, "first", Bound(70)))
            await settled()
            group.create_task(asker(book, happened, "second", Bound(40)))
            await settled()
            first.cancel()

    assert trace(story, ledger(tokens=100)) == ["second granted"]


def test_a_grant_that_meets_a_cancellation_goes_back():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 60)
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(asker(book, happened, "waits", Bound(70)))
            await settled()
            running.release()
            assert book.reserved_tokens == 70
            waiting.cancel()
        happened.append(f"reserved {book.reserved_tokens}")

    assert trace(story, ledger(tokens=100)) == ["reserved 0"]


def test_a_refusal_that_meets_a_cancellation_is_harmless():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 60)
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(asker(book, happened, "waits", Bound(70)))
            await settled()
            running.spend(Usage(output=60))
            waiting.cancel()
        happened.append(f"spent {book.spent.tokens}, reserved {book.reserved_tokens}")

    assert trace(story, ledger(tokens=100)) == ["spent 60, reserved 0"]


def test_a_release_between_cancellation_and_clean_up_skips_the_dead_waiter():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 60)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(asker(book, happened, "first", Bound(70)))
            await settled()
            group.create_task(asker(book, happened, "second", Bound(80)))
            await settled()
            first.cancel()
            running.release()

    assert trace(story, ledger(tokens=100)) == ["second granted"]


def test_a_charge_refuses_those_it_leaves_without_hope():
    async def story(book: Ledger, happened: list[str]) -> None:
        held(book, 60)
        async with asyncio.TaskGroup() as group:
            group.create_task(asker(book, happened, "waits", Bound(70)))
            await settled()
            book.charge(31, 0)

    assert trace(story, ledger(tokens=100)) == ["waits refused"]


def test_a_breach_refuses_everybody_who_waits():
    async def story(book: Ledger, happened: list[str]) -> None:
        running = held(book, 60)
        async with asyncio.TaskGroup() as group:
            group.create_task(asker(book, happened, "waits", Bound(30)))
            group.create_task(asker(book, happened, "waits too", Bound(30)))
            await settled()
            running.spend(Usage(output=61))

    assert trace(story, ledger(tokens=80)) == ["waits refused", "waits too refused"]


# P1


class Steps:
    """Random calls against one ledger; the invariant is looked at after every step."""

    def __init__(self, book: Ledger, seed: int) -> None:
        self.book = book
        self.seed = seed

    def draw(self, most: int) -> int:
        self.seed = (self.seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.seed >> 33) % (most + 1)

    def look(self) -> None:
        book = self.book
        for total, spent, reserved in (
            (book.tokens, book.spent.tokens, book.reserved_tokens),
            (book.micros, book.spent.cost_micros, book.reserved_micros),
        ):
            assert reserved >= 0
            assert total is None or spent + reserved <= total
        assert book.breach is None
        assert book.running <= book.cap

    def needless(self, bound: Bound) -> bool:
        book = self.book
        fits = book.tokens is None or book.spent.tokens + bound.output <= book.tokens
        cost = book.spent.cost_micros + (bound.cost_micros or 0)
        return fits and (book.micros is None or cost <= book.micros)

    async def call(self) -> None:
        bound = Bound(self.draw(1_500), self.draw(1_500))
        reservation = await self.book.reserve(bound)
        self.look()
        if reservation is None:
            assert not self.needless(bound)
            return
        try:
            for _ in range(1 + self.draw(2)):
                await asyncio.sleep(0)
                left = reservation.held
                output, cost = self.draw(left.output), self.draw(left.cost_micros or 0)
                reservation.spend(Usage(output=output, cost_micros=cost))
                self.look()
                await asyncio.sleep(0)
                if not reservation.grow(Bound(self.draw(1_500), self.draw(1_500))):
                    break
                self.look()
        except asyncio.CancelledError:
            reservation.spend_all()
            raise
        finally:
            reservation.release()
            self.look()

    async def work(self, calls: int) -> None:
        running: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            for _ in range(10_000):
                running = [task for task in running if not task.done()]
                self.book.running = len(running)
                while calls and self.book.slot():
                    calls -= 1
                    running.append(group.create_task(self.call()))
                if not running:
                    return
                if self.draw(9) == 9:
                    running[self.draw(len(running) - 1)].cancel()
                await asyncio.sleep(0)
            pytest.fail("somebody waits for ever")


@settings(max_examples=200, deadline=None)
@given(
    tokens=st.none() | st.integers(0, 20_000),
    micros=st.none() | st.integers(0, 20_000),
    calls=st.integers(1, 200),
    seed=st.integers(0, 2**64 - 1),
)
def test_p1_no_interleaving_overshoots_deadlocks_or_refuses_without_need(
    tokens: int | None, micros: int | None, calls: int, seed: int
):
    book = ledger(tokens, micros)
    steps = Steps(book, seed)
    asyncio.run(steps.work(calls))
    assert (book.reserved_tokens, book.reserved_micros) == (0, 0)
    assert book.most_running <= 16
