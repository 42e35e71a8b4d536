"""Parts are put into prompts in their order, as many as there is room for, none twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hocket_plugins.patterns.synthesize.levels import (
    ROOM,
    Piece,
    fitted,
    joined,
    parted,
    planned,
)

SIZES = st.sampled_from([0, 1, ROOM // 3, ROOM // 2, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM])
TEXTS = {
    size: "x" * size for size in (0, 1, ROOM // 3, ROOM // 2, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM)
}
PIECES = st.lists(SIZES.map(lambda size: Piece(TEXTS[size])), max_size=30)


@settings(deadline=None)
@given(PIECES, st.integers(2, 7))
def test_every_part_stands_in_one_group(pieces, width):
    groups = parted(pieces, width)

    assert [piece for group in groups for piece in group] == pieces
    assert all(1 <= len(group) <= width for group in groups)
    for group in groups:
        assert len(group) == 1 or sum(len(piece.text) for piece in group) <= ROOM


@settings(deadline=None)
@given(PIECES, st.integers(2, 7))
def test_no_group_could_take_the_next_part(pieces, width):
    groups = parted(pieces, width)

    for group, after in pairwise(groups):
        size = sum(len(piece.text) for piece in (*group, after[0]))
        assert len(group) == width or size > ROOM


@given(st.integers(0, 2000), st.integers(2, 50))
def test_the_plan_is_what_happens(count, width):
    groups, calls = joined([Piece("x")] * count, width), 0
    while groups:
        calls += len(groups)
        groups = joined([Piece("x")] * len(groups), width) if len(groups) > 1 else []

    assert planned(len(joined([Piece("x")] * count, width)), width) == calls


@settings(deadline=None)
@given(st.lists(SIZES.map(lambda size: Piece(TEXTS[size], 2)), min_size=1, max_size=30))
def test_what_was_fitted_fits(pieces):
    fits, cut = fitted(pieces)

    assert sum(len(piece.text) for piece in fits) <= ROOM
    assert [piece.parts for piece in fits] == [2] * len(pieces)
    shorter = sum(len(a.text) < len(b.text) for a, b in zip(fits, pieces, strict=True))
    assert cut == shorter
    assert cut > 0 or fits == pieces
