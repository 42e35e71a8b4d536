"""merge: one record of many, the same whatever order they come in."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.draws import Draws
from hocket.api.patterns.templates import canonical
from hocket.testing.patterns import PatternStage, fails, run_pattern
from hocket_plugins.patterns.merge import hocket_register_patterns
from hocket_plugins.patterns.merge.pattern import Merge

MERGE = Merge()


def merged(records, answers=None, **options):
    def nobody(_ask):
        raise AssertionError("merge asks nobody")

    return run_pattern(
        MERGE, {"records": records, "key": "id", **options}, answers or nobody
    ).result


def by(records, **options):
    """Give the records, and which policy settled each conflict."""
    told = merged(records, **options)
    return told["records"], [(each["field"], each["by"]) for each in told["conflicts"]]


PRICES = [
    {"id": 1, "price": 5, "at": "2024-03-01", "confidence": 0.9, "source": "a"},
    {"id": 1, "price": 6, "at": "2024-03-02T00:00:00Z", "confidence": 0.5, "source": "b"},
    {"id": 1, "price": 5, "at": "2023", "confidence": "low", "source": "c"},
]


def test_it_is_offered():
    assert [pattern.name for pattern in hocket_register_patterns()] == ["merge"]


@pytest.mark.parametrize(
    ("options", "price", "how"),
    [
        ({}, 5, "majority"),
        ({"policy": "latest"}, 6, "latest"),
        ({"policy": "confidence"}, 5, "confidence"),
        ({"policy": "order", "order": ["x", "b", "a"]}, 6, "order"),
        ({"policy": "order", "order": ["x"]}, 5, "tie"),
        ({"policy": ["order", "latest"], "order": ["x"]}, 6, "latest"),
        ({"policy": "majority", "weight": {"b": 2.5, "a": 1, "c": 1}}, 6, "majority"),
        ({"policy": "latest", "fields": {"price": "majority"}}, 5, "majority"),
        ({"policy": "all"}, [5, 5, 6], "all"),
        ({"policy": "latest", "at": "none", "fields": {"at": "union"}}, 5, "tie"),
    ],
)
def test_a_policy_settles_a_field(options, price, how):
    (record,), conflicts = by(PRICES, **options)
    assert record["price"] == price
    assert conflicts == [("price", how)]


def test_what_tells_about_a_record_has_a_sense_of_its_own():
    (record,), _ = by(PRICES)
    assert record["at"] == "2024-03-02T00:00:00Z"
    assert record["confidence"] == 0.9
    assert record["source"] == ["a", "b", "c"]


def test_unless_it_is_named():
    (record,), conflicts = by(PRICES, fields={"source": "latest"})
    assert record["source"] == "b"
    assert ("source", "latest") in conflicts


def test_one_source_stays_what_it_is():
    (record,), conflicts = by([{"id": 1, "source": "a"}, {"id": 1, "source": "a", "x": 1}])
    assert (record, conflicts) == ({"id": 1, "source": "a", "x": 1}, [])


def test_every_conflict_is_told_with_its_values():
    told = merged(PRICES)
    assert told["conflicts"] == [
        {"key": 1, "field": "price", "values": [5, 6], "chosen": 5, "by": "majority"}
    ]
    assert told["error"] == {"conflicts": 1, "ties": 0, "basis": "policies alone"}
    assert (told["calls"], told["complete"], told["stopped"]) == (0, True, None)


def test_weights_may_stand_in_the_records():
    rows = [{"id": 1, "x": "a", "w": 3}, {"id": 1, "x": "b"}, {"id": 1, "x": "b", "w": 1}]
    assert by(rows, weight="w", fields={"w": "union"})[0] == [{"id": 1, "w": [1, 3], "x": "a"}]


def test_weights_of_a_merged_record_are_those_of_its_best_source():
    rows = [{"id": 1, "x": "a", "source": ["p", "q"]}, {"id": 1, "x": "b", "source": 7}]
    assert by(rows, weight={"q": 2})[0][0]["x"] == "a"


def test_a_union_is_no_conflict_and_all_keeps_what_is_said_twice():
    rows = [{"id": 1, "tags": ["b", "a"]}, {"id": 1, "tags": "a"}, {"id": 1, "tags": ["c", "c"]}]
    assert by(rows, policy="union") == ([{"id": 1, "tags": ["a", "b", "c"]}], [])
    assert by(rows, policy="all")[0] == [{"id": 1, "tags": ["a", "a", "b", "c", "c"]}]
    assert by(rows[1:2] * 2, policy="all") == ([{"id": 1, "tags": ["a", "a"]}], [])


def test_a_tie_goes_to_the_smallest_and_is_noted():
    told = merged([{"id": 1, "x": "b"}, {"id": 1, "x": "a"}])
    assert told["records"] == [{"id": 1, "x": "a"}]
    assert told["conflicts"][0]["by"] == "tie"
    assert told["notes"] == ["no policy decided, so the smallest value in JSON holds: 1 fields"]


def test_a_missing_field_is_no_opinion_and_null_is_one():
    rows = [{"id": 1, "x": None}, {"id": 1, "x": None}, {"id": 1, "x": 3}, {"id": 1}, {"id": 1}]
    assert by(rows) == ([{"id": 1, "x": None}], [("x", "majority")])


def test_moments_are_compared_as_such():
    rows = [
        {"id": 1, "x": "early", "at": "2024-03-01T23:30:00+02:00"},
        {"id": 1, "x": "late", "at": "2024-03-01T22:00:00"},
    ]
    assert by(rows, policy="latest")[0][0]["x"] == "late"
    texts = [{"id": 1, "x": "one", "at": "issue 2"}, {"id": 1, "x": "two", "at": "issue 3"}]
    assert by(texts, policy="latest")[0][0]["x"] == "two"
    assert by([*texts, {"id": 1, "x": "three", "at": 1}], policy="latest")[0][0]["x"] == "three"


def test_keys_that_differ_in_writing_are_one():
    rows = [{"id": "The bridge."}, {"id": "the  bridge", "x": 1}, {"id": "the  bridge"}]
    assert by(rows) == ([{"id": "the  bridge", "x": 1}], [])


def test_a_key_of_several_fields():
    rows = [{"a": 1, "b": 2, "x": 1}, {"a": 1, "b": 3}, {"a": 1, "b": 2, "x": 2}]
    told = merged(rows, key=["a", "b"])
    assert told["records"] == [{"a": 1, "b": 2, "x": 1}, {"a": 1, "b": 3}]
    assert told["conflicts"][0]["key"] == [1, 2]


def test_without_a_key_nothing_is_joined_and_nothing_lost():
    told = merged([None, {"x": 2}, {"id": None, "x": 1}, 7, {"id": 1}, None])
    assert told["records"] == [{"id": 1}, 7, {"id": None, "x": 1}, {"x": 2}]
    assert told["notes"] == [
        "2 of 6 records are null: left out",
        "3 of 6 records have no id: they stay as they are",
    ]


def test_handles_compare_by_their_text():
    texts = {"⟦h:1⟧": "same", "⟦h:2⟧": "same", "⟦h:3⟧": "other"}
    rows = [{"id": 1, "x": "⟦h:2⟧"}, {"id": 1, "x": "⟦h:3⟧"}, {"id": 1, "x": "⟦h:1⟧"}]

    def screens(_name, item):
        return texts.get(item, str(item))

    told = run_pattern(MERGE, {"records": rows, "key": "id"}, fails, screens=screens).result
    assert told["records"] == [{"id": 1, "x": "⟦h:1⟧"}]
    assert len(told["conflicts"][0]["values"]) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"policy": "newest"},
        {"policy": []},
        {"policy": ["union", "latest"]},
        {"fields": {"x": ["all", "latest"]}},
        {"policy": "order"},
        {"key": []},
        {"modle": "x"},
    ],
)
def test_misuse_is_refused(options):
    with pytest.raises(ValidationError):
        merged([], **options)


def groups_of(*keys):
    """Answer as a reader who takes these keys for the same."""

    def answer(ask):
        shown = ask.options["item"]
        numbers = [shown.index(key) + 1 for key in keys if key in shown]
        return {"groups": [numbers] if len(numbers) > 1 else []}

    return answer


CARS = [{"id": "car", "x": 1}, {"id": "bike", "x": 2}, {"id": "automobile", "x": 3}, {"id": "car"}]


def test_readers_join_keys_and_that_is_told():
    told = merged(CARS, groups_of("car", "automobile"), same="the same thing", model="small")
    assert told["records"] == [{"id": "bike", "x": 2}, {"id": "car", "x": 1}]
    assert told["conflicts"][0] == {
        "key": "car",
        "field": "id",
        "values": ["automobile", "car"],
        "chosen": "car",
        "by": "same",
    }
    assert (told["calls"], told["complete"]) == (1, True)
    assert told["error"]["basis"] == "policies; readers joined keys"


def test_joined_keys_of_several_fields_are_taken_whole():
    rows = [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    told = merged(rows, lambda _ask: {"groups": [[1, 2]]}, key=["a", "b"], same="alike")
    assert told["records"] == [{"a": 1, "b": 2}]
    assert told["conflicts"][0]["values"] == [[1, 2], [3, 4]]


def test_readers_that_fail_join_nothing():
    told = merged(CARS, lambda _ask: fails(EndState.STALLED), same="the same thing")
    assert [record["id"] for record in told["records"]] == ["automobile", "bike", "car"]
    assert told["census"] == {"stalled": 2}
    assert told["notes"] == ["1 of 1 comparisons of equal items failed: those stay apart"]


@pytest.mark.parametrize("count", [0, 1, 2, 20, 21, 60, 1000])
def test_the_forecast_bounds_the_calls(count):
    arguments = {"records": [{"id": n} for n in range(count)], "key": "id", "same": "alike"}
    forecast = MERGE.calls(MERGE.arguments.model_validate(arguments))
    fine = merged(arguments["records"], lambda _ask: {"groups": []}, same="alike")
    failing = merged(arguments["records"], lambda _ask: fails(), same="alike")
    assert fine["calls"] == forecast.expected
    assert failing["calls"] == forecast.worst
    capped = MERGE.calls(MERGE.arguments.model_validate({**arguments, "max_calls": 1}))
    assert capped.worst <= 1
    assert MERGE.calls(MERGE.arguments.model_validate({**arguments, "same": None})).worst == 0


VALUES = [None, 0, 1, 2, "a", "b", [], [1], [2, 1], [1, 1]]
FIELDS = {
    "id": ["k", "K ", "l", None, 3],
    "x": VALUES,
    "y": VALUES,
    "at": ["2024-01-01", "2025", 7, None],
    "confidence": [0.1, 0.2, 0.3, "high"],
    "source": ["s", "t", ["s", "u"], 1],
    "w": [0.1, 0.2, 0.3, 1e16],
}
CHOOSING = ["latest", "confidence", "majority", "order"]
CHAINS = [
    *CHOOSING,
    *map(list, itertools.permutations(CHOOSING, 2)),
    *["union", "all", ["majority", "all"], ["latest", "union"]],
]
SETS = 1000


def drawn(draws):
    """Draw a few records that meet often, each without some fields."""

    def one():
        if draws.below(20) == 0:
            return None
        held = [name for name in FIELDS if name == "id" or draws.below(3)]
        return {name: FIELDS[name][draws.below(len(FIELDS[name]))] for name in held}

    return [one() for _ in range(draws.below(9))]


def test_order_does_not_matter_and_twice_is_once():
    async def story():
        draws = Draws(20260101)
        stage = PatternStage(fails, patterns=[MERGE])
        for number in range(SETS):
            rows, policy = drawn(draws), CHAINS[draws.below(len(CHAINS))]
            weight = [None, "w"][draws.below(2)]
            options = {"key": "id", "policy": policy, "weight": weight, "order": ["t", "s"]}
            told = await stage.pattern("merge", {"records": rows, **options})
            other = await stage.pattern("merge", {"records": draws.shuffled(rows), **options})
            again = await stage.pattern("merge", {"records": told["records"], **options})
            assert canonical(other) == canonical(told), (number, rows, options)
            assert canonical(again["records"]) == canonical(told["records"]), (number, rows)
            assert again["conflicts"] == []
        assert stage.played.asks == []

    asyncio.run(story())


RECORDS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=30), st.data())
def test_order_does_not_matter_to_readers_either(rows, data):
    def answers(ask):
        return {"groups": [[1, len(ask.options["item"])]]}

    told = merged(rows, answers, same="alike")
    other = merged(data.draw(st.permutations(rows)), answers, same="alike")
    assert canonical(other) == canonical(told)


def test_a_thousand_equal_records_are_one():
    told = merged([{"id": 1, "x": 2}] * 1000)
    assert told["records"] == [{"id": 1, "x": 2}]
