"""Narrower scopes: which list to cut and what to route elsewhere, with figures that were tried."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.engine.prices import Price, Prices
from hocket.estimate.growth import Growth
from hocket.estimate.kinds import Kind
from hocket.estimate.narrowing import Narrowing, shortened
from hocket.estimate.pricing import Pricing
from hocket.estimate.result import Range
from hocket.estimate.samples import Sample
from hocket.estimate.sites import Site, Sites
from hocket.estimate.tally import Asked, Draw

AUDIT = Site("Audit", "audit")
TABLE = Prices({"big": Price(10.0, 10.0), "tiny": Price(1.0, 1.0), "huge": Price(99.0, 99.0)})
PRICING = Pricing(TABLE, "somebody", "big")


def asked(phase, usd, model="big"):
    usage = Usage(output=round(usd * 100_000), cost_micros=round(usd * 1_000_000))
    label = phase.lower()
    return Asked(0, Kind(phase, label, "s", "", model), Sample(usage, 1, 1.0))


def run_of(paths):
    """Draw a run that costs a dollar for each path, and one for the report."""
    return Draw([*[asked("Audit", 1.0)] * paths, asked("Report", 1.0)])


DRAWS = [run_of(10)] * 4
SHOWN = Range(11.0, 22.0)


def narrowing(budget, metric="usd", draws=DRAWS, shown=SHOWN):
    return Narrowing(metric, shown, budget, draws, Sites(draws))


def grown(draws=DRAWS):
    return Growth(draws, Sites(draws), {"paths": (10, {AUDIT: 1})})


def cuts(budget, again=None, **more):
    tried = []

    def worlds(world):
        tried.append(len(world.args["paths"]))
        return [run_of((again or int)(tried[-1]))] * 2

    made = narrowing(budget, **more)
    args = {"paths": [*range(10)], "other": 1}
    return [*made.cuts(grown(more.get("draws", DRAWS)), args, worlds)], tried


def test_the_longest_list_that_fits_is_found_at_once():
    (cut,), tried = cuts(12.0)
    assert tried == [5]
    assert cut.what == "cut paths (in the arguments) to 5, from 10"
    assert (cut.p50, cut.p90, cut.fits) == (6.0, 12.0, True)


def test_what_does_not_fit_when_it_is_tried_is_cut_further():
    (cut,), tried = cuts(12.0, again=lambda length: 2 * length)
    assert tried == [5, 2]
    assert cut.what.startswith("cut paths (in the arguments) to 2")
    assert cut.fits


def test_a_list_of_one_is_the_shortest_there_is():
    (cut,), tried = cuts(0.5)
    assert tried == [1]
    assert not cut.fits


def test_a_list_that_is_not_longer_than_one_is_left_alone():
    growth = Growth(DRAWS, Sites(DRAWS), {"paths": (1, {AUDIT: 1})})
    assert [*narrowing(1.0).cuts(growth, {}, lambda _world: [])] == []


def test_the_dearest_phase_goes_to_cheaper_models_alone():
    routed = [*narrowing(12.0).routes(PRICING, ["tiny", "huge", "unknown", "big"])]
    assert [one.what for one in routed] == ["route phase Audit to tiny"]
    assert routed[0].p90 == pytest.approx(22.0 * (1 + 1) / 11)
    assert routed[0].fits


def test_what_was_paid_counts_and_the_table_gives_the_change():
    paid = [Draw([asked("Audit", 1.0)])]
    dear = [Draw([Asked(0, one.kind, _dearer(one.sample))]) for one in paid[0].calls]
    (routed,) = narrowing(1.0, draws=dear, shown=Range(3.0, 3.0)).routes(PRICING, ["tiny"])
    assert routed.p90 == pytest.approx(0.3)


def _dearer(sample):
    return Sample(Usage(output=sample.usage.output, cost_micros=3_000_000), 1, 1.0)


def test_calls_without_a_known_price_are_priced_by_the_table():
    free = [Draw([asked("Audit", 1.0, model="unknown"), asked("Report", 2.0)])]
    routed = [*narrowing(1.0, draws=free, shown=Range(3.0, 3.0)).routes(PRICING, ["tiny"])]
    assert [one.what for one in routed] == ["route phase Report to tiny"]


def test_output_tokens_are_cut_like_money():
    (cut,), _ = cuts(1_200_000, metric="output", shown=Range(1_100_000, 2_200_000))
    assert (cut.p90, cut.fits) == (1_200_000, True)


@pytest.mark.parametrize(
    ("args", "name", "cut"),
    [
        ([1, 2, 3], "items", [1, 2]),
        ({"a": [1, 2, 3], "b": 4}, "a", {"a": [1, 2], "b": 4}),
        ({"a": "text"}, "a", {"a": "text"}),
    ],
)
def test_arguments_are_shortened_and_nothing_else_of_them(args, name, cut):
    assert shortened(args, name, 2) == cut
