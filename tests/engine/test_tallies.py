"""What a script asks for counts for it and for whoever started it."""

from __future__ import annotations

from hocket.engine.tallies import UNCOUNTED, Tally


def test_a_child_counts_for_its_parent():
    parent = Tally(3, "parent")
    child = Tally(2, "child", parent)
    assert parent.count() is None
    assert [child.count() for _ in range(3)] == [None, None, child]
    assert parent.count() is parent
    assert str(child) == "2 of 2 agents that child may ask for are used"


def test_a_parent_that_is_full_is_told_where_the_child_is_not():
    parent = Tally(1, "parent")
    child = Tally(None, "plain", parent)
    assert child.count() is None
    assert child.count() is parent


def test_without_a_cap_nothing_is_full():
    assert all(UNCOUNTED.count() is None for _ in range(5))
