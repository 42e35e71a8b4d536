"""The bench in small: a few workflows live in their worlds, and most runs stay under P90."""

from __future__ import annotations

import pytest

SHAPES = ("classify_act", "findings_voted", "retry_failed")


@pytest.fixture
def measured(bench):
    def measure(shape, runs, seed=3, draws=6):
        world = bench.worlds.World(seed)
        with bench.trial.project() as place:
            return [*bench.trial.trials(shape, place, world, runs, draws)]

    return measure


@pytest.mark.parametrize("shape", SHAPES)
def test_runs_stay_under_p90(measured, shape):
    found = measured(shape, runs=4)
    assert len(found) == 4 * 4
    assert [one.measured for one in found if one.metric == "usd"] == [0, 1, 2, 3]
    assert sum(one.covered for one in found) >= 13
    assert all(one.p50 <= one.p90 for one in found)


def test_every_shape_is_a_script_that_passes_the_checks(bench):
    assert len(bench.shapes.NAMES) >= 12
    assert bench.shapes.ARGS.keys() < {*bench.shapes.NAMES}
    sources = {name: bench.shapes.source(name) for name in bench.shapes.NAMES}
    assert len({*sources.values()}) == len(sources)


def test_a_world_is_the_same_every_time_and_no_two_runs_are_alike(measured):
    first, again = (measured("found_list", runs=2) for _ in range(2))
    assert first == again
    actual = [one.actual for one in first if one.metric == "output"]
    assert actual[0] != actual[1]
