"""How surely a finalist belongs to the kept ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.patterns.generate_and_filter.finals import p_top


def test_equals_share_the_places():
    assert p_top([(0.0, 1.0)] * 4, 1) == pytest.approx([0.25] * 4, abs=0.01)
    assert p_top([(0.0, 1.0)] * 4, 3) == pytest.approx([0.75] * 4, abs=0.01)


def test_what_is_far_ahead_is_in_for_certain():
    chances = p_top([(9.0, 0.5), (0.1, 0.5), (-0.1, 0.5), (-9.0, 0.5)], 2)

    assert chances[0] == 1.0
    assert 0.5 < chances[1] < 0.7
    assert chances[3] == 0.0


def test_two_of_a_pair_as_by_the_difference_of_normals():
    # P(X > Y) for N(1, 1) and N(0, 1) is Φ(1/√2).
    assert p_top([(1.0, 1.0), (0.0, 1.0)], 1)[0] == pytest.approx(0.7602, abs=0.005)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.2, 2)), min_size=2, max_size=6),
    st.integers(1, 5),
)
def test_chances_add_up_to_the_places(strengths, places):
    chances = p_top(strengths, places)

    assert sum(chances) == pytest.approx(min(places, len(strengths)), abs=0.15)
    assert all(0 <= chance <= 1.0001 for chance in chances)
