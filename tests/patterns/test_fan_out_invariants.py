"""Answers that break an invariant are asked for again, they alone, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.table import run
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.fan_out.pattern import FanOut
from hocket_plugins.patterns.fan_out.units import AGAIN

FAN_OUT = FanOut()
MARK = AGAIN.partition("\n")[0]


def played(answers, invariants, screens=None, **options):
    """Answer each item by its row of answers; the last one stays."""
    told = {item: iter(row) for item, row in answers.items()}
    last = {}

    def answer(ask):
        item = ask.options["item"]
        last[item] = next(told[item], last.get(item))
        return last[item]

    arguments = {"items": [*answers], "prompt": "Read {item}.", "invariants": invariants, **options}
    return run_pattern(FAN_OUT, arguments, answer, screens=screens)


def again(told):
    """Give who was asked again, wave by wave as it came."""
    return [ask.options["item"] for ask in told.asks if MARK in ask.prompt]


def causes(told):
    return [each["cause"] for each in told.result["records"]]


SAME = {"agree": ["price"], "by": "id"}


def price(value, key=1):
    return {"id": key, "price": value}


def test_where_all_hold_nobody_is_asked_again():
    told = played({"a": [price(5)], "b": [price(5)]}, [SAME, {"covers": [1], "in": "id"}])
    assert again(told) == []
    assert (told.result["complete"], told.result["error"]["basis"]) == (True, "invariants")


def test_who_differs_from_most_is_asked_again_with_the_reason_but_not_the_answer():
    told = played({"a": [price(5)], "b": [price(6), price(5)], "c": [price(5)]}, [SAME])
    assert again(told) == ["b"]
    prompt = told.asks[-1].prompt
    assert prompt.startswith("Read b.\n\n" + MARK)
    assert "- `price` where `id` is 1 differs from what others answered\n" in prompt
    assert "5" not in prompt
    assert (told.result["results"][1], told.result["complete"]) == (price(5), True)


def test_without_a_majority_all_are_asked():
    told = played({"a": [price(5)], "b": [price(6), price(5)], "c": [price(1, key=2)]}, [SAME])
    assert again(told) == ["a", "b"]
    assert told.result["complete"] is True


def test_what_still_differs_is_listed_and_kept():
    told = played({"a": [price(5)], "b": [price(6)], "c": [price(5)]}, [SAME], attempts=2)
    assert again(told) == ["b", "b"]
    assert causes(told) == [None, "`price` where `id` is 1 differs from what others answered", None]
    assert told.result["results"][1] == price(6)
    assert (told.result["complete"], told.result["failed"]) == (False, [])
    assert told.result["notes"] == ["1 of 3 answers do not hold: see their records"]


def test_no_attempts_only_tell():
    told = played({"a": [price(5)], "b": [price(6)]}, [SAME], attempts=0)
    assert len(told.asks) == 2
    assert all(causes(told))


def test_objects_in_lists_are_records_too():
    rows = {"a": [{"found": [price(5), price(7, key=2)]}], "b": [[price(6, key=2), 3]]}
    told = played(rows, [SAME], attempts=0)
    assert [cause is not None for cause in causes(told)] == [True, True]


def test_what_was_given_twice_is_asked_of_both():
    told = played(
        {"a": [{"name": "x"}], "b": [{"name": "x"}, {"name": "y"}], "c": [{}]}, [{"unique": "name"}]
    )
    assert again(told) == ["a", "b"]
    assert '- `name` = "x" was given twice' in told.asks[-1].prompt
    assert told.result["complete"] is True


COVERS = {"covers": ["a", "b", "z"], "in": "file"}


def test_what_is_missing_is_asked_of_the_item_it_is_about():
    rows = {"a": [{"file": "a"}, {"file": "a"}], "b": [{}, {"file": "b"}], "z": [{"file": "z"}]}
    told = played(rows, [COVERS])
    assert again(told) == ["b"]
    assert told.result["complete"] is True


def test_or_of_all_where_no_item_is_about_it():
    told = played(
        {"a": [{"file": "a"}], "b": [{"file": "b"}, {"file": "b", "more": [{"file": "z"}]}]},
        [COVERS],
    )
    assert again(told) == ["a", "b"]
    assert '- no answer has `file` = "z"' in told.asks[-1].prompt
    assert told.result["complete"] is True


def test_an_item_may_have_it_in_a_field():
    items = [{"path": "a"}, {"path": "z"}]
    arguments = {"items": items, "prompt": "Read", "invariants": [{"covers": ["z"], "in": "file"}]}
    told = run_pattern(FAN_OUT, {**arguments, "attempts": 1}, lambda _ask: {"file": "a"})
    assert [ask.options["item"] for ask in told.asks[2:]] == [{"path": "z"}]


def test_nobody_stands_in_for_a_unit_that_failed():
    told = played({"a": [{"file": "a"}], "b": [{"file": "b"}], "z": [fails(), fails()]}, [COVERS])
    assert again(told) == []
    assert told.result["failed"] == [2]


STORED = {"a": "The bridge is long.", "b": "The tunnel is short."}


def screens(name, item):
    return run(name, item, STORED.get)


def test_a_screen_looks_at_each_answer_and_takes_the_item_for_the_source():
    rows = {
        "a": [{"quote": "bridge is long"}],
        "b": [{"quote": "tunnel is long"}, {"quote": "tunnel is short"}],
    }
    told = played(rows, [{"screen": "quote_in_source"}], screens)
    assert again(told) == ["b"]
    assert "- the check quote_in_source says: absent" in told.asks[-1].prompt
    assert told.result["complete"] is True


def test_or_at_each_object_of_a_list():
    rows = {
        "a": [{"found": [{"quote": "bridge is long"}, {"quote": "no", "source": "b"}]}],
        "b": [{}],
    }
    told = played(rows, [{"screen": "quote_in_source", "each": "found"}], screens, attempts=1)
    assert again(told) == ["a"]
    assert causes(told) == ["the check quote_in_source says: absent", None]


def test_a_check_gets_a_text_as_text():
    seen = []

    def check(name, item):
        seen.append((name, item))
        return "ok"

    played({"a": ["an answer"]}, [{"screen": "test"}], check)
    assert seen[0] == ("test", {"item": "a", "source": "a", "text": "an answer"})


def test_a_later_failure_leaves_the_earlier_answer():
    told = played(
        {"a": [price(5)], "b": [price(6), fails(), fails()], "c": [price(5)]}, [SAME], attempts=1
    )
    assert told.result["results"][1] == price(6)
    assert told.result["records"][1]["state"] == "ok"
    assert told.result["census"] == {"ok": 3, "error": 2}


def test_offenders_of_a_batch_are_asked_alone():
    def answer(ask):
        item = ask.options["item"]
        return price(5) if isinstance(item, str) else {"answers": [price(5), price(6), price(5)]}

    arguments = {"items": list("abc"), "prompt": "Read {item}.", "batch": 3, "invariants": [SAME]}
    told = run_pattern(FAN_OUT, arguments, answer)
    assert [ask.options["item"] for ask in told.asks] == [["a", "b", "c"], "b"]
    assert told.result["complete"] is True


@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
def test_a_stop_ends_the_rounds(stop):
    told = played({"a": [price(5)], "b": [price(6), fails(stop=stop)], "c": [price(5)]}, [SAME])
    assert again(told) == ["b"]
    assert (told.result["stopped"], told.result["complete"]) == (stop, False)
    assert told.result["results"][1] == price(6)


ANSWERS = st.fixed_dictionaries(
    {}, optional={"id": st.integers(0, 2), "price": st.integers(0, 1), "file": st.integers(0, 3)}
)
INVARIANTS = st.lists(
    st.sampled_from([SAME, {"unique": "file"}, {"covers": [0, 1], "in": "file"}]),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(ANSWERS, min_size=1, max_size=3), max_size=6), INVARIANTS, st.data())
def test_what_has_no_cause_in_the_end_holds(rows, invariants, data):
    attempts = data.draw(st.integers(0, 3))
    answers = {f"item {number}": row for number, row in enumerate(rows)}
    told = played(answers, invariants, attempts=attempts)
    results = told.result["results"]
    looked = played(
        dict(zip(answers, ([each] for each in results), strict=True)), invariants, attempts=0
    )

    assert causes(told) == causes(looked)
    assert len(again(told)) <= attempts * len(rows)
    assert told.result["complete"] is not any(causes(told))
    for item, row in answers.items():
        asked = 1 + again(told).count(item)
        assert results[list(answers).index(item)] == row[min(asked, len(row)) - 1]
