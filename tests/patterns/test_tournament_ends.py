"""tournament: what fails counts for nothing, and whatever ends it leaves the best so far."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.tournament import hocket_register_patterns

(TOURNAMENT,) = hocket_register_patterns()


def larger(ask):
    """Prefer the larger number, wherever it stands."""
    first, second = ask.options["item"]
    return {"winner": "first" if first > second else "second"}


def always(place):
    """Look at the place alone."""
    return lambda _ask: {"winner": place}


def play(items, answers=larger, **options):
    return run_pattern(TOURNAMENT, {"items": items, "by": "Which is larger?", **options}, answers)


def indexes(result):
    return [row["index"] for row in result["order"]]


def test_a_failed_call_has_a_spare():
    failed = []

    def judge(ask):
        if not failed:
            failed.append(ask)
            return fails(EndState.STALLED)
        return larger(ask)

    result = play([1, 2], judge, sure=None).result

    assert result["winner"] == 2
    assert result["census"] == {"ok": 2, "stalled": 1}
    assert result["calls"] == 3


def test_half_a_comparison_counts_for_nothing():
    def judge(ask):
        return fails() if ask.options["item"][0] == 1 else {"winner": "first"}

    result = play([1, 2], judge, sure=None).result

    assert (result["winner"], result["p_best"], result["order"]) == (None, None, [])
    assert (result["complete"], result["stopped"]) == (False, "few")


def test_judges_that_never_answer_are_not_asked_for_ever():
    played = play(list(range(16)), lambda _ask: fails(EndState.TIMEOUT))
    result = played.result

    assert len(played.asks) == 2 * 8 * 2 * 2
    assert (result["winner"], result["index"], result["p_best"]) == (None, None, None)
    assert (result["complete"], result["stopped"]) == (False, "few")
    assert result["census"] == {"timeout": 64}
    assert result["compared"] == "0 of 16"
    assert "no comparison was answered: there is no winner" in result["notes"]


def test_a_match_without_answer_is_told():
    result = play([{"v": 1}, 4, 3, 2], broken, sure=None).result

    assert "1 matches had no answer: there the better seed went on" in result["notes"]


def broken(ask):
    return fails() if any(isinstance(item, dict) for item in ask.options["item"]) else larger(ask)


@pytest.mark.parametrize("answer", ["first", {"winner": "both"}, {"winner": None}, {}, None, 3])
def test_an_answer_that_names_nobody_is_none(answer):
    result = play([1, 2, 3], lambda _ask: answer).result

    assert (result["winner"], result["stopped"]) == (None, "few")


def test_nothing_one_and_two():
    nothing, one, two = (play(items) for items in ([], ["a"], [1, 2]))

    assert (nothing.asks, one.asks) == ([], [])
    assert nothing.result["winner"] is None
    assert nothing.result["compared"] == "0 of 0"
    assert (one.result["winner"], one.result["p_best"]) == ("a", 1.0)
    assert nothing.result["complete"] is one.result["complete"] is True
    assert two.result["winner"] == 2
    assert len(two.result["bracket"]) == 1


def test_items_that_are_not_there_keep_their_place():
    result = play([None, 1, None, 2]).result

    assert result["index"] == 3
    assert sorted(indexes(result)) == [1, 3]
    assert result["skipped"] == [
        {"index": 0, "state": "skipped: null item"},
        {"index": 2, "state": "skipped: null item"},
    ]


def test_equal_items_are_ties_to_a_judge_that_looks():
    result = play(["same"] * 4, always("first")).result

    assert result["winner"] == "same"
    assert result["flips"] == result["comparisons"]
    assert result["complete"] is True


def test_two_orders_that_cannot_both_be_paid_for_are_not_begun():
    result = play(list(range(8)), max_calls=7).result

    assert result["calls"] == 6
    assert (result["complete"], result["stopped"]) == (False, "max")
    assert result["winner"] is not None


def test_the_usual_bound_is_no_interruption_but_a_given_one_is():
    usual = play(list(range(8)), always("first")).result
    told = play(list(range(8)), always("first"), max_calls=64).result

    assert usual["calls"] == told["calls"] == 64 or usual["repeat_agreement"] == 1.0
    assert (usual["complete"], usual["stopped"]) == (True, None)


@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
def test_a_stop_leaves_the_best_so_far(stop):
    asked = []

    def judge(ask):
        asked.append(ask)
        return larger(ask) if len(asked) <= 20 else fails(EndState.OVER_BUDGET, stop=stop)

    result = play(list(range(16)), judge).result

    assert (result["complete"], result["stopped"]) == (False, stop)
    assert result["winner"] is not None
    assert result["comparisons"] == 10
    assert result["p_best"] < 0.9


def test_refining_ends_when_its_calls_are_left_out_to_save_the_budget():
    def judge(ask):
        if ask.worth is None:
            return larger(ask)
        return Reply(state=EndState.OVER_BUDGET, cause="worth little", pruned=True)

    result = play(list(range(16)), judge).result

    assert result["winner"] == 15
    assert (result["complete"], result["stopped"]) == (False, "budget")
    assert "8 calls were left out" in " ".join(result["notes"])


def random_judge(data):
    def judge(_ask):
        told = data.draw(st.sampled_from(["first", "second", "first", "second", None]))
        return fails() if told is None else {"winner": told}

    return judge


@settings(max_examples=40, deadline=None)
@given(
    st.data(),
    st.integers(0, 9),
    st.none() | st.integers(0, 30),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([None, 0.6, 0.99]),
)
def test_whatever_judges_do_the_bound_holds(data, count, most, start, balanced, sure):
    options = {"max_calls": most, "start": start, "balanced": balanced, "sure": sure}
    arguments = {"items": list(range(count)), "by": "x", **options}
    played = run_pattern(TOURNAMENT, arguments, random_judge(data))
    forecast = TOURNAMENT.calls(TOURNAMENT.arguments.model_validate(arguments))

    result = played.result
    assert len(played.asks) == result["calls"] <= forecast.worst
    assert forecast.expected <= forecast.worst <= 8 * count or most is not None
    assert sum(row["p_best"] for row in result["order"]) == pytest.approx(
        1.0 if result["order"] else 0.0, abs=0.01
    )
    assert (result["winner"] is None) == (result["order"] == [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"modle": "x"},
        {"start": 0},
        {"match_cap": 0},
        {"sure": 1.0},
        {"lenses": []},
        {"max_calls": -1},
        {"judge": {"temprature": 1}},
    ],
)
def test_what_is_told_wrongly_is_refused(wrong):
    with pytest.raises(ValidationError):
        play([1, 2], **wrong)


def test_a_question_with_an_unknown_place_is_misuse():
    with pytest.raises(TypeError, match="item"):
        play([1, 2], by="Is {item} good?")
