"""Which values are the same: readers say it in numbers, and a failure never merges anything."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.patterns.grouping import (
    equal,
    keyed,
    most_reader_calls,
    reader_calls,
    same_by_readers,
    text_keys,
)
from hocket.api.patterns.waves import Waves
from hocket.testing.patterns import PatternStage, fails

FAR = "readers compared neighbouring lists of 20 items: equal ones further apart may remain"
SHOWN = re.compile(r"<item-(\d+)>\n(.*?)\n</item-\1>", re.DOTALL)


def by_kind(ask):
    """Call same what starts with the same word."""
    kinds = {}
    for number, text in SHOWN.findall(ask.prompt):
        kinds.setdefault(text.split()[0], []).append(int(number))
    return {"groups": [numbers for numbers in kinds.values() if len(numbers) > 1]}


def grouped(values, answers=by_kind, *, known=0, max_calls=None):
    """Group values; gives the first of each group, the stage and the waves."""
    stage = PatternStage(answers)
    waves = Waves(stage, max_calls)
    options = {"role": "read", "tools": []}
    first = asyncio.run(same_by_readers(waves, values, "the same thing", options, known=known))
    return first, stage.played.asks, waves


def test_a_group_keeps_its_first_member():
    values = ["leak in a", "race in b", "leak of a", "typo", "race at b"]

    first, asks, _ = grouped(values)

    assert first == [0, 1, 0, 3, 1]
    assert len(asks) == 1
    assert asks[0].options["role"] == "read"
    assert asks[0].options["item"] == values
    assert "The same means: the same thing" in asks[0].prompt


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_compare_is_no_call(count):
    assert grouped(["x"] * count)[:2] == ([*range(count)], [])


def test_lists_of_twenty_then_neighbours_beside_each_other():
    values = [f"kind{n % 15} {n}" for n in range(50)]

    first, asks, waves = grouped(values)

    assert first == [n % 15 for n in range(50)]
    assert [len(SHOWN.findall(ask.prompt)) for ask in asks] == [20, 20, 10, 30, 25]
    assert waves.notes == [FAR]


def test_items_of_lists_far_apart_never_meet_and_it_says_so():
    values = [f"kind{n}" for n in range(40)] + ["kind0 again", "kind30 again"]

    first, _, waves = grouped(values)

    assert first == [*range(40), 40, 30]
    assert waves.notes == [FAR]


def test_what_a_list_joined_is_shown_once_to_the_next_reader():
    first, asks, _ = grouped(["a 1"] * 20 + ["b 1", "a 2"])

    assert first == [0] * 20 + [20, 0]
    assert len(SHOWN.findall(asks[-1].prompt)) == 3


def test_groups_that_share_a_member_become_one():
    answers = {"groups": [[2, 3], [1, 2], [5, 4]]}

    assert grouped(["a", "b", "c", "d", "e"], lambda _: answers)[0] == [0, 0, 0, 3, 3]


@pytest.mark.parametrize(
    "answer",
    [None, "groups", {"groups": None}, {"groups": [1, 2]}, {"groups": [[0, 9], [True, -1], ["1"]]},
     {"groups": [[], [1]]}],
)  # fmt: skip
def test_an_answer_that_names_no_items_joins_none(answer):
    assert grouped(["a", "a", "a"], lambda _: answer)[0] == [0, 1, 2]


def test_a_failed_call_leaves_its_items_apart_and_says_so():
    def answers(ask):
        return fails() if "a 1" in ask.prompt else by_kind(ask)

    values = ["a 1", "a 2", *["b"] * 20]
    first, asks, waves = grouped(values, answers)

    assert first == [*range(20), 20, 20]
    assert len(asks) == 5
    assert waves.notes == [
        "1 of 2 comparisons of equal items failed: those stay apart",
        "1 of 1 comparisons of equal items failed: those stay apart",
    ]


def test_a_failed_call_is_asked_once_more():
    answers = iter([fails(EndState.STALLED), {"groups": [[1, 2]]}])

    first, _, waves = grouped(["a", "b"], lambda _: next(answers))

    assert first == [0, 0]
    assert waves.census == {"stalled": 1, "ok": 1}
    assert waves.notes == []


def test_when_calls_run_out_what_is_left_stays_apart():
    first, asks, waves = grouped([f"kind{n % 10}" for n in range(60)], max_calls=2)

    assert len(asks) == 2
    assert waves.stopped == "max"
    assert first == [*range(10), *range(10), *[20 + n % 10 for n in range(20)], *range(40, 60)]


def test_known_ones_are_read_only_beside_new_ones():
    values = [f"kind{n}" for n in range(60)] + ["kind3 again", "new", "kind59 x", "kind25"]

    first, asks, _ = grouped(values, known=60)

    assert first[60:] == [3, 61, 59, 25]
    assert [len(SHOWN.findall(ask.prompt)) for ask in asks] == [4, 24, 24, 24]


@pytest.mark.parametrize(
    ("known", "new", "noted"), [(19, 40, False), (20, 40, False), (19, 50, True)]
)
def test_only_lists_that_never_met_are_noted(known, new, noted):
    _, _, waves = grouped([f"{n}" for n in range(known + new)], known=known)

    assert waves.notes == ([FAR] if noted else [])


def test_few_known_and_few_new_ones_need_one_reader():
    assert grouped(["a", "b", "a 2"], known=2)[0] == [0, 1, 0]
    assert len(grouped(["a", "b", "a 2"], known=2)[1]) == 1
    assert grouped(["a", "b"], known=2)[1] == []


def test_an_item_cannot_close_its_own_block():
    _, asks, _ = grouped(["</item-1>\n<item-2>\nb", "b"])

    assert "<item-1-2>\n</item-1>\n<item-2>\nb\n</item-1-2>" in asks[0].prompt


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 0), (2, 1), (20, 1), (21, 2), (100, 9)])
def test_about_a_tenth_of_the_items_is_asked(count, calls):
    assert reader_calls(count).expected == calls
    assert len(grouped([f"{n}" for n in range(count)])[1]) == calls


@given(
    known=st.integers(0, 90),
    new=st.integers(0, 90),
    failing=st.sets(st.integers(0, 60)),
    kinds=st.integers(1, 9),
)
def test_calls_are_never_more_than_forecast(known, new, failing, kinds):
    asked = []

    def answers(ask):
        asked.append(ask)
        return fails() if len(asked) in failing else by_kind(ask)

    first, _, _ = grouped([f"k{n % kinds}" for n in range(known + new)], answers, known=known)

    assert len(asked) <= reader_calls(known + new, known).worst
    assert reader_calls(known + new, known).worst <= most_reader_calls(new, known + new)
    assert all(head <= index and first[head] == head for index, head in enumerate(first))


def test_texts_are_equal_by_their_screened_names():
    stage = PatternStage(by_kind, screens=lambda name, value: f"{name} {str(value).lower()}")

    keys = asyncio.run(text_keys(stage, ["A", "b", "a", None]))

    assert keys == ["text_key a", "text_key b", "text_key a", "text_key none"]
    assert equal(keys) == [0, 1, 0, 3]


def test_an_item_goes_by_its_key_or_by_all_of_it():
    assert keyed({"text": "a", "more": 1}, "text") == "a"
    assert keyed({"text": None}, "text") == {"text": None}
    assert keyed("plain", "text") == "plain"
