"""When calls are scarce no group starves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.patterns.fairness import order, weight


def test_groups_take_turns_and_inside_a_group_importance_goes_first():
    groups = ["a", "a", "a", "b", "c", "b"]
    importances = ["low", "high", None, "normal", 3, "high"]

    assert order(groups, importances) == [1, 5, 4, 2, 3, 0]


def test_an_importance_is_a_word_or_a_number():
    assert [weight(each) for each in ("low", "high", 7, 0.5, None, "odd")] == [0, 2, 7, 0.5, 1, 1]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3))))
def test_everyone_has_a_turn_and_no_group_is_ahead_by_two(rows):
    groups = [group for group, _ in rows]
    turns = order(groups, [importance for _, importance in rows])

    assert sorted(turns) == [*range(len(rows))]
    for served in range(1, len(turns) + 1):
        counts = {g: [groups[t] for t in turns[:served]].count(g) for g in set(groups)}
        open_groups = [g for g in counts if counts[g] < groups.count(g)]
        assert all(max(counts.values()) - counts[g] <= 1 for g in open_groups)
