"""Curves are solved as a matrix is, whatever the way."""

from __future__ import annotations

from math import sqrt

import pytest

from hocket.api.patterns.curves import DIRECT, EXACT, PRIOR, Curve, root
from hocket.api.patterns.draws import Draws


def ring(count, seed=1):
    """Let everyone have met both neighbours."""
    draws = Draws(seed)
    pulls = [0.1 + draws.unit() for _ in range(count)]
    others = [[(place - 1) % count, (place + 1) % count] for place in range(count)]
    return Curve(others, [[pulls[place - 1], pulls[place]] for place in range(count)]), pulls


def times(pulls, vector):
    """Multiply by the matrix as it is defined."""
    count = len(pulls)
    return [
        vector[place] * (PRIOR + pulls[place - 1] + pulls[place])
        - pulls[place - 1] * vector[place - 1]
        - pulls[place] * vector[(place + 1) % count]
        for place in range(count)
    ]


@pytest.mark.parametrize("count", [3, DIRECT, DIRECT + 1, EXACT + 1])
def test_a_solution_multiplied_is_the_right_side(count):
    curve, pulls = ring(count)
    right = [float(place % 5) for place in range(count)]

    assert times(pulls, curve.solve(right)) == pytest.approx(right, abs=2e-3)


@pytest.mark.parametrize("count", [5, DIRECT + 5, EXACT + 5])
def test_the_covariance_of_some_is_a_block_of_the_inverse(count):
    curve, pulls = ring(count)
    columns = []
    for item in (0, 3):
        unit = [float(place == item) for place in range(count)]
        columns.append(curve.solve(unit))
        assert times(pulls, columns[-1]) == pytest.approx(unit, abs=1e-3)

    block = [[column[0], column[3]] for column in columns]
    for found, wanted in zip(curve.covariance([0, 3]), block, strict=True):
        assert found == pytest.approx(wanted, abs=1e-3)


def test_a_crowded_field_is_solved_step_by_step():
    count = EXACT + 1
    others = [[other for other in range(count) if other != place] for place in range(count)]
    curve = Curve(others, [[0.01] * (count - 1) for _ in range(count)])
    alone = 1.0 / (PRIOR + 0.01 * count)
    shared = alone * 0.01 / PRIOR

    (own, across), _ = curve.covariance([0, 7])
    assert own == pytest.approx(alone + shared, abs=1e-4)
    assert across == pytest.approx(shared, abs=1e-4)


def test_variances_are_the_diagonal_of_the_inverse_or_a_little_less():
    small, _ = ring(EXACT)
    large, _ = ring(EXACT + 1)

    inverse = small.covariance(range(EXACT))
    assert small.variances() == pytest.approx([inverse[n][n] for n in range(EXACT)])
    for rough, exact in zip(large.variances()[5:50], small.variances()[5:50], strict=True):
        assert 0.25 * exact < rough < exact


def test_nothing_to_solve():
    curve = Curve([], [])

    assert (curve.solve([]), curve.variances(), curve.covariance([])) == ([], [], [])
    assert ring(3)[0].solve([0.0] * 3) == [0.0] * 3
    assert ring(DIRECT + 1)[0].solve([0.0] * (DIRECT + 1)) == [0.0] * (DIRECT + 1)


def test_the_root_times_itself_is_the_matrix():
    rows = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.5], [0.6, 1.5, 3.8]]
    factor = [[*row, *[0.0] * (3 - len(row))] for row in root(rows)]

    assert root([[9.0]]) == [[3.0]]
    for one, row in zip(factor, rows, strict=True):
        assert [sum(a * b for a, b in zip(one, other, strict=True)) for other in factor] == (
            pytest.approx(row)
        )
    assert factor[0][0] == sqrt(4.0)
