"""What a run spent, from its records: never less than it really was."""

from __future__ import annotations

from hocket.api.scripts import Spent
from hocket.journal.spending import Spending, number, part, plus


def started(call: int, tokens: int, micros: int | None = 0) -> dict[str, object]:
    return {"call": call, "reserved": {"output": tokens, "micros": micros}}


def usage(call: int, tokens: int, micros: int | None = 0) -> dict[str, object]:
    return {"call": call, "output": tokens, "micros": micros}


def ended(call: int, tokens: int, micros: int = 0, **more: object) -> dict[str, object]:
    spent = {"output": tokens, "micros": micros}
    return {"call": call, "op": "agent", "usage": spent, **more}


def test_a_call_that_ended_costs_what_it_used() -> None:
    spending = Spending()
    spending.started(started(1, 1000, 900))
    assert spending.total == Spent(1000, 900)
    spending.used(usage(1, 100, 90))
    assert spending.total == Spent(1100, 990)
    spending.ended(ended(1, 100, 90))

    assert spending.total == Spent(100, 90)


def test_a_backend_that_tells_its_usage_only_at_the_end_is_booked_then() -> None:
    spending = Spending()
    spending.started(started(1, 1000))
    spending.used(usage(1, 30))
    spending.ended(ended(1, 100, 50))
    spending.ended(ended(2, 7))

    assert spending.total == Spent(107, 50)


def test_a_turn_whose_end_nobody_wrote_costs_its_reservation_for_good() -> None:
    spending = Spending()
    spending.started(started(1, 1000, 10))
    spending.used(usage(1, 100))
    spending.end_life()
    spending.started(started(1, 500, 5))
    spending.used(usage(1, 50))
    spending.ended(ended(1, 50))

    assert spending.total == Spent(1000 + 100 + 50, 10)


def test_a_reservation_grows_with_the_turn_that_needs_more() -> None:
    spending = Spending()
    spending.started(started(1, 1000, 10))
    spending.used({**usage(1, 100), "reserved": {"output": 3000, "micros": 30}})

    assert spending.total == Spent(3100, 30)
    assert spending.largest == Spent(3000, 30)


def test_a_new_attempt_takes_the_place_of_the_one_before() -> None:
    spending = Spending()
    spending.started(started(1, 1000))
    spending.started(started(1, 200))

    assert spending.total == Spent(200)


def test_the_ledger_knows_better_when_it_knows_more() -> None:
    spending = Spending()
    spending.ended(ended(1, 5, spent={"tokens": 400, "micros": 3}))
    spending.ended(ended(2, 5, spent={"tokens": 1, "micros": 1}))

    assert spending.total == Spent(405, 3)


def test_calls_around_other_calls_are_not_counted_twice() -> None:
    spending = Spending()
    spending.ended({"op": "pattern", "usage": {"output": 100, "micros": 1}})

    assert spending.total == Spent()


def test_unknown_money_is_no_money() -> None:
    spending = Spending()
    spending.started(started(1, 10, None))
    spending.used(usage(1, 5, None))

    assert spending.total == Spent(15, 0)


def test_fields_that_are_missing_or_strange_read_as_nothing() -> None:
    assert number({"a": "7"}, "a") == number({}, "a") == 0
    assert part({"a": 7}, "a") == part({}, "a") == {}
    assert plus(Spent(1, 2), Spent(3, 4)) == Spent(4, 6)
