"""Items stand for one another until none is left: what was removed last is found first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.patterns.elimination import Elimination

EDGES = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.1, 5.0),
    max_size=20,
)


def matrix(count, edges):
    """Build what the fit has: who met pulls, and a prior keeps everyone in place."""
    others, pulls = [[] for _ in range(count)], [[] for _ in range(count)]
    for (one, other), pull in edges.items():
        for mine, theirs in ((one, other), (other, one)):
            others[mine].append(theirs)
            pulls[mine].append(pull)
    return others, pulls, [0.25 + sum(row) for row in pulls]


def times(others, pulls, diagonal, vector):
    return [
        diagonal[item] * vector[item]
        - sum(pull * vector[other] for other, pull in zip(others[item], pulls[item], strict=True))
        for item in range(len(diagonal))
    ]


@settings(deadline=None)
@given(EDGES, st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_a_solution_multiplied_is_the_right_side(edges, right):
    rows = matrix(9, edges)

    found = Elimination(*rows).solve(right)

    assert times(*rows, found) == pytest.approx(right, abs=1e-6)


@settings(deadline=None)
@given(EDGES, st.sets(st.integers(0, 8), min_size=1))
def test_what_is_kept_behaves_as_if_the_others_were_still_there(edges, kept):
    rows, items = matrix(9, edges), sorted(kept)
    elimination = Elimination(*rows)
    elimination.run(kept)
    rest = elimination.rest(items)

    for item in items:
        column = Elimination(*rows).solve([float(place == item) for place in range(9)])
        inside = [column[place] for place in items]
        product = [sum(a * b for a, b in zip(row, inside, strict=True)) for row in rest]
        assert product == pytest.approx([float(place == item) for place in items], abs=1e-6)


def test_in_a_chain_nobody_gets_a_new_opponent():
    count = 2000
    rows = matrix(count, {(place, place + 1): 1.0 for place in range(count - 1)})
    elimination = Elimination(*rows)
    elimination.run({0, count - 1})

    (first, across), (back, last) = elimination.rest([0, count - 1])
    assert first == pytest.approx(last)
    assert across == back == pytest.approx(0.0, abs=1e-9)


def test_of_nothing_comes_nothing():
    assert Elimination([], [], []).solve([]) == []
