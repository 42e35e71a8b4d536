"""What a call takes: the closest that is known, else what is usual."""

from __future__ import annotations

from statistics import fmean, median

import pytest

from hocket.api.calls import Call, Options, Usage
from hocket.engine.prices import Price, Prices
from hocket.estimate import priors
from hocket.estimate.chance import Chance
from hocket.estimate.history import History
from hocket.estimate.kinds import Kind
from hocket.estimate.pricing import Pricing
from hocket.estimate.samples import Experience, Sample
from hocket.estimate.usages import Usages, scaled

CALL = Call(1, "k", 0, "p" * 400, "audit 1", "Audit", Options())
KIND = Kind("Audit", "audit", "shape", "reader", "big")
PRICES = Prices({"big": Price(10.0, 10.0, 10.0, 10.0), "small": Price(1.0, 1.0, 1.0, 1.0)})


def usages(*samples, kind=KIND, key=None, effects=()):
    history = History(effects=[*effects])
    known = history.known.setdefault(key or kind.keys[0], Experience())
    for model, output, micros in samples:
        usage = Usage(output=output, cost_micros=micros)
        known.took(model, Sample(usage, 2, output / 10), failed=False)
    return Usages(history, Pricing(PRICES, "somebody", "big"))


def drawn(made, kind=KIND, count=200):
    return [made.draw(CALL, kind, Chance(n)) for n in range(count)]


def test_without_history_it_is_the_prior_spread_out():
    found = drawn(usages(key=("stem", "", "another")), count=2_000)
    usual = priors.sample(CALL).usage
    assert fmean(one.usage.output for one in found) == pytest.approx(usual.output, rel=0.1)
    assert found[0].usage.cost_micros > 0
    assert {one.turns for one in found} == {18}


def test_many_known_calls_are_drawn_as_they_were():
    made = usages(*[("big", output, output * 7) for output in range(100, 130)])
    found = drawn(made)
    assert {one.usage.output for one in found} <= set(range(100, 130))
    assert all(one.usage.cost_micros == 7 * one.usage.output for one in found)


def test_few_known_calls_are_spread_a_little():
    found = drawn(usages(("big", 100, 700)), count=1_000)
    assert fmean(one.usage.output for one in found) == pytest.approx(100, rel=0.05)
    assert len({one.usage.output for one in found}) > 50


def test_calls_of_another_model_are_priced_as_this_one():
    found = drawn(usages(*[("small", 100, 100)] * 30))
    assert {one.usage.cost_micros for one in found} == {1_000}
    same = drawn(usages(*[("small", 100, 100)] * 30, *[("big", 50, 77)] * 30))
    assert {one.usage.cost_micros for one in same} == {77}


def test_a_price_that_was_unknown_then_is_looked_for_now():
    found = drawn(usages(*[("big", 100, None)] * 30))
    assert {one.usage.cost_micros for one in found} == {1_000}


def test_the_shape_is_next_and_then_the_agent_type_of_any_workflow():
    by_shape = usages(*[("big", 100, 9)] * 30, key=KIND.keys[1])
    assert {one.usage.output for one in drawn(by_shape)} == {100}
    by_type = usages(*[("big", 60, 9)] * 30, key=("type", "reader", "big"))
    assert {one.usage.output for one in drawn(by_type)} == {60}
    assert not by_type.known(KIND)
    assert by_shape.known(KIND)


def test_the_effect_of_a_run_is_usual_at_first_and_then_as_it_was():
    usual = [usages().effect(Chance(n)) for n in range(2_000)]
    assert median(usual) == pytest.approx(1.0, abs=0.06)
    assert sum(one > 1.9 for one in usual) / 2_000 == pytest.approx(0.1, abs=0.02)
    some = {usages(effects=[0.5] * 9 + [2.0]).effect(Chance(n)) for n in range(60)}
    assert some == {0.5, 2.0}
    few = [usages(effects=[1.0] * 5).effect(Chance(n)) for n in range(300)]
    assert 0.5 < min(few) < max(few) < 1.6


def test_a_scaled_call_keeps_its_turns_and_its_unknown_price():
    sample = scaled(Sample(Usage(10, 20, 30, 40, None), 3, 5.0), 2.0)
    assert sample == Sample(Usage(20, 40, 60, 80, None), 3, 10.0)
