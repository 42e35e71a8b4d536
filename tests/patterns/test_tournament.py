"""tournament: pairs shown both ways round, a bracket of them, and how sure the winner is."""

from __future__ import annotations

import json

import pytest

from hocket.testing.patterns import run_pattern
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


def shown(played):
    return [tuple(ask.options["item"]) for ask in played.asks]


def indexes(result):
    return [row["index"] for row in result["order"]]


def test_the_best_wins_and_says_how_surely():
    result = play([3, 8, 1, 5, 7, 2, 6, 4]).result

    assert (result["winner"], result["index"]) == (8, 1)
    assert result["p_best"] >= 0.9
    assert result["error"]["wrong"] == pytest.approx(1 - result["p_best"], abs=1e-4)
    assert result["compared"] == "8 of 8"
    assert (result["ties"], result["flips"], result["notes"]) == (0, 0, [])
    assert (result["complete"], result["stopped"]) == (True, None)
    assert indexes(result)[0] == 1
    assert sorted(indexes(result)) == list(range(8))
    json.dumps(result, allow_nan=False)


def test_a_pair_is_shown_both_ways_round_and_the_items_come_last():
    played = play(["pear", "fig"], sure=None, phase="Final", model="small")
    first, second = played.asks

    assert first.options["item"] == second.options["item"][::-1]
    assert first.options["role"] == "judge"
    assert first.options["tools"] == []
    assert (first.options["phase"], first.options["model"]) == ("Final", "small")
    assert first.options["schema"]["properties"]["winner"] == {"enum": ["first", "second"]}
    told, *data = first.prompt.split("\n\n")
    assert second.prompt.split("\n\n") == [told, *second_way(data)]
    assert "Which is larger?" in told


def second_way(data):
    """Swap what two blocks of data hold; what follows them stays."""
    one, other, look = data
    return [
        other.replace("second>", "first>"),
        one.replace("first>", "second>"),
        look,
    ]


def test_options_of_the_judge_win_over_those_of_the_pattern():
    played = play([1, 2], model="large", judge={"model": "small", "tools": ["read"]}, sure=None)

    assert {ask.options["model"] for ask in played.asks} == {"small"}
    assert {tuple(ask.options["tools"]) for ask in played.asks} == {("read",)}


def test_the_question_may_name_arguments_of_the_run():
    played = run_pattern(
        TOURNAMENT,
        {"items": [1, 2], "by": "Which of {count} suits {args.who}?", "sure": None},
        larger,
        args={"who": "a child"},
    )

    assert "Which of 2 suits a child?" in played.asks[0].prompt


def test_a_judge_that_looks_at_the_place_decides_nothing():
    result = play(list(range(8)), always("first"), seed_by=None).result

    assert result["flips"] == result["comparisons"] > 0
    assert result["ties"] == 7
    assert {match["lead"] for round_ in result["bracket"] for match in round_} == {0}
    assert result["p_best"] < 0.3
    assert (
        f"the winner is the best with a chance of {result['p_best']:.2f} only"
        in (result["notes"][-1])
    )


def test_a_tie_is_no_coin_the_better_seed_goes_on():
    items = [{"name": n, "stars": n} for n in (1, 4, 2, 3)]
    result = play(items, always("first"), seed_by="stars", sure=None).result

    assert result["winner"] == {"name": 4, "stars": 4}
    assert [[m["winner"] for m in r] for r in result["bracket"]] == [[1, 3], [1]]
    assert all(match["tie"] for round_ in result["bracket"] for match in round_)


def test_the_best_seed_meets_the_worst_and_has_the_bye():
    items = [{"stars": stars} for stars in (10, 50, 40, 30, 20)] + [{"stars": "many"}, {}]
    judge = always("first")
    result = play(items, judge, seed_by="stars", balanced=False, sure=None).result

    pairs = [[(m["first"], m["second"]) for m in round_] for round_ in result["bracket"]]
    assert all(1 not in pair for pair in pairs[0])
    assert result["winner"] == {"stars": 50}


def test_without_seeds_the_draw_belongs_to_the_arguments():
    first, again = (shown(play(list(range(8)))) for _ in range(2))

    assert first == again
    assert first != shown(play(list(range(8)), by="Which is more?"))


def test_leads_grow_every_second_round():
    result = play(list(range(16)), sure=None).result
    flat = play(list(range(8)), start=2, grow=False, sure=None).result

    assert leads(result) == [{1}, {1}, {2}, {2}]
    assert leads(flat) == [{2}, {2}, {2}]
    assert result["calls"] == 2 * (8 + 4 + 2 * 2 + 2)


def leads(result):
    return [{match["lead"] for match in round_} for round_ in result["bracket"]]


def test_what_is_certain_to_be_needed_is_one_wave():
    notes = []

    def judge(ask):
        notes.append(ask.prompt.rpartition("(Look ")[2])
        return larger(ask)

    play([1, 2], judge, start=3, sure=None)

    assert notes == ["1.)", "1.)", "2.)", "2.)", "3.)", "3.)"]


def test_a_match_ends_at_its_cap():
    result = play([1, 2], always("second"), match_cap=3, sure=None).result

    assert result["bracket"][0][0] == {
        "first": result["index"],
        "second": 1 - result["index"],
        "winner": result["index"],
        "comparisons": 3,
        "lead": 0,
        "tie": True,
    }
    assert result["calls"] == 6


def test_lenses_take_turns_and_both_ways_round_have_the_same():
    played = play([1, 2], always("first"), lenses=["by weight", "by length"], sure=None)
    lenses = ["weight" if "by weight" in ask.prompt else "length" for ask in played.asks]

    assert lenses[:6] == ["weight", "weight", "length", "length", "weight", "weight"]


def test_one_order_is_enough_where_it_is_known_to_be():
    played = play([1, 2, 3, 4], balanced=False, sure=None)

    assert len(played.asks) == 3
    assert played.result["winner"] == 4
    assert played.result["flips"] == 0


def test_refining_asks_for_the_leaders_until_it_is_sure():
    bracket, refined = (play(list(range(16)), sure=sure) for sure in (None, 0.9))

    assert bracket.result["p_best"] < 0.9 <= refined.result["p_best"]
    extra = refined.asks[len(bracket.asks) :]
    assert {15} == set.intersection(*({*ask.options["item"]} for ask in extra[:6]))
    assert {ask.worth for ask in bracket.asks} == {None}
    worths = [ask.worth for ask in extra]
    assert worths[0] == pytest.approx(1 - bracket.result["p_best"], abs=1e-4)
    assert worths == sorted(worths, reverse=True)


def test_beyond_32_items_waves_are_wider():
    result = play(list(range(70)), sure=0.75).result

    assert result["winner"] == 69
    assert result["p_best"] >= 0.75
    assert all(row["sd"] > 0 for row in result["order"])


class Frozen:
    """Says of an ordered pair what it said before; every third pair depends on the place."""

    def __call__(self, ask):
        one, other = ask.options["item"]
        return {"winner": "first"} if (one + other) % 3 == 0 else larger(ask)


def test_a_judge_that_repeats_itself_is_found_and_asked_for_new_pairs_only():
    played = play(list(range(16)), Frozen(), sure=0.999)
    result = played.result

    assert result["repeat_agreement"] == 1.0
    assert "the judge repeats itself; more votes add nothing; vary `lenses`" in result["notes"]
    looks = [ask.prompt.rpartition("(Look ")[2] for ask in played.asks]
    assert looks[-8:] == ["1.)"] * 8
    assert result["calls"] < 128
