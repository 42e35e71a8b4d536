"""rank: small lists in order, buckets that merge, and how far the order can be trusted."""

from __future__ import annotations

import json
from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.draws import Draws
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.rank import hocket_register_patterns
from hocket_plugins.patterns.rank.schedule import lists, schedule
from hocket_plugins.patterns.tournament.pattern import Tournament

(RANK,) = hocket_register_patterns()


def largest_first(ask):
    """Order numbers from large to small, wherever they stand."""
    if "winner" in ask.options["schema"]["properties"]:
        first, second = ask.options["item"]
        return {"winner": "first" if first > second else "second"}
    return ordered(ask, lambda item: -item)


def ordered(ask, key):
    items = ask.options["item"]
    places = sorted(range(len(items)), key=lambda place: key(items[place]))
    return {"order": ["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place] for place in places]}


def play(items, answers=largest_first, **options):
    arguments = {"items": items, "by": "by size", **options}
    return run_pattern(RANK, arguments, answers, patterns=[Tournament()])


def indexes(result):
    return [row["index"] for row in result["order"]]


def off(result):
    """Say how far an item is at most from its place; numbers are their own index."""
    wanted = range(len(indexes(result)) - 1, -1, -1)
    return max(abs(index - right) for index, right in zip(indexes(result), wanted, strict=True))


def told(**options):
    return RANK.arguments.model_validate({"by": "x", **options})


def test_few_items_meet_in_all_pairs_both_ways_round():
    played = play([3, 1, 4, 2])
    result = played.result

    assert indexes(result) == [2, 0, 3, 1]
    assert result["method"] == "pairs"
    met = Counter(tuple(ask.options["item"]) for ask in played.asks)
    assert met == Counter((a, b) for a in (1, 2, 3, 4) for b in (1, 2, 3, 4) if a != b)
    assert result["calls"] == 12
    assert result["top"] is None
    assert (result["complete"], result["stopped"], result["boundary"]) == (True, None, [])
    json.dumps(result, allow_nan=False)


def test_many_items_are_dealt_into_lists_shown_forward_and_reversed():
    played = play(list(range(30)), phase="Sort", model="small")
    looks = [ask.options["item"] for ask in played.asks]

    assert off(played.result) <= 2
    assert [len(look) for look in looks] == [10] * 6 + [5] * 2 + [8] * 4 + [9] * 2 + [10] * 6
    assert all(looks[n + 1] == looks[n][::-1] for n in range(0, len(looks), 2))
    assert sorted(item for look in looks[:6:2] for item in look) == list(range(30))
    assert len(looks) == 2 * (3 + 4 + 3)
    assert played.result["agreement"] == {"split_half": 1.0, "at_most": 1.0, "first_round": 1.0}
    assert {ask.options["phase"] for ask in played.asks} == {"Sort"}
    assert {tuple(ask.options["tools"]) for ask in played.asks} == {()}
    assert {ask.options["role"] for ask in played.asks} == {"judge"}


def test_later_rounds_put_neighbours_together_and_merge_buckets():
    played = play(list(range(40)), rounds=2)
    later = [sorted(ask.options["item"]) for ask in played.asks[8::2]]

    assert [len(look) for look in later] == [5, 8, 9, 9, 9]
    first = [sorted(ask.options["item"]) for ask in played.asks[:8:2]]
    assert spread(later) < 0.6 * spread(first)


def spread(looks):
    return fmean(look[-1] - look[0] for look in looks)


def test_the_prompt_has_the_question_first_then_items_under_letters():
    played = play(["fig", "pear"], lambda ask: ordered(ask, str), lenses=["as food"])
    prompt, turned = (ask.prompt.split("\n\n") for ask in played.asks)

    assert "by size" in prompt[0]
    assert "as food" in prompt[0]
    assert prompt[0] == turned[0]
    shown = played.asks[0].options["item"]
    assert prompt[1:] == [
        f"<A>\n{shown[0]}\n</A>", f"<B>\n{shown[1]}\n</B>", "(Round 1.)",
    ]  # fmt: skip
    schema = played.asks[0].options["schema"]["properties"]["order"]
    assert schema == {
        "type": "array",
        "items": {"enum": ["A", "B"]},
        "minItems": 2,
        "maxItems": 2,
        "uniqueItems": True,
    }


def test_lenses_take_turns_by_round_and_later_rounds_are_worth_less():
    played = play(list(range(12)), method="buckets", lenses=["one", "two"])
    seen = [(ask.worth, "at it this way: two" in ask.prompt) for ask in played.asks]

    assert dict.fromkeys(seen) == dict.fromkeys([(None, False), (0.5, True), (1 / 3, False)])


def test_the_top_few_are_sought_among_halves():
    played = play(list(range(64)), top=5, group=8)
    result = played.result
    sizes = [len({*ask.options["item"]}) for ask in played.asks]

    assert result["top"] == [63, 62, 61, 60, 59]
    assert indexes(result)[:5] == [63, 62, 61, 60, 59]
    assert sorted(indexes(result)) == list(range(64))
    assert result["calls"] == 52
    assert max(sizes) == 8
    finals = {item for ask in played.asks[32:] for item in ask.options["item"]}
    assert finals == set(range(49, 64))


@pytest.mark.parametrize(
    ("options", "calls"),
    [
        ({"items": list(range(1000)), "rounds": 1}, 200),
        ({"items": list(range(1000))}, 602),
        ({"items": list(range(1000)), "top": 10}, 430),
        ({"items": list(range(200)), "top": 5}, 96),
        ({"items": list(range(64)), "top": 5, "group": 8}, 52),
        ({"items": list(range(8))}, 56),
        ({"items": list(range(1000)), "top": 1000}, 602),
        ({"items": [1]}, 0),
        ({"items": [None, 1, None]}, 0),
    ],
)
def test_calls_are_known_before(options, calls):
    forecast = RANK.calls(told(**options))

    assert forecast.expected == calls
    assert forecast.worst == calls * 3 // 2


def test_the_top_one_is_left_to_a_tournament():
    played = play([4, 9, 2], top=1, judge={"model": "small"}, effort="low", lenses=["a", "b"])
    result = played.result

    assert (result["top"], result["method"]) == ([9], "tournament")
    assert indexes(result)[0] == 1
    assert result["order"][0]["p_top"] == result["order"][0]["p_best"] >= 0.9
    assert result["calls"] == len(played.asks) == sum(result["census"].values())
    assert {ask.options["model"] for ask in played.asks} == {"small"}
    assert {ask.options["effort"] for ask in played.asks} == {"low"}
    assert set(result["agreement"].values()) == {None}
    assert RANK.calls(told(items=[4, 9, 2], top=1)).worst == 24
    assert RANK.calls(told(items=[4, 9, 2], top=1, max_calls=7)).worst == 7


def test_a_tournament_that_ended_early_says_so_here_too():
    cut = play(list(range(8)), top=1, max_calls=5).result
    dead = play(list(range(8)), lambda _ask: fails(), top=1).result

    assert (cut["complete"], cut["stopped"], cut["calls"]) == (False, "max", 4)
    assert (dead["complete"], dead["stopped"]) == (False, "few")
    assert (dead["top"], dead["order"]) == ([], [])


def test_a_tournament_names_those_that_could_be_the_best_instead():
    result = play([1, 2, 3], lambda _ask: {"winner": "first"}, top=1).result

    assert sorted(result["boundary"]) == [0, 1, 2]


def test_items_that_cannot_be_told_apart_share_a_place():
    result = play([5, 1, 5, 1], lambda ask: ordered(ask, lambda item: -item)).result
    by_index = {row["index"]: (row["place"], row["tied"]) for row in result["order"]}

    assert by_index[0] == by_index[2] == (1, True)
    assert by_index[1] == by_index[3] == (3, True)


def test_who_could_be_in_or_out_is_named():
    def blind(ask):
        return ordered(ask, lambda item: 0 if item >= 6 else 1)

    result = play(list(range(8)), blind, top=4).result

    assert {6, 7} & {*result["boundary"]} == set()
    assert {*result["boundary"]} >= {0, 1, 2, 3, 4, 5}
    assert "6 items could be in or out of the top 4" in result["notes"]
    assert all(row["p_top"] > 0.95 for row in result["order"] if row["index"] >= 6)


def test_a_top_of_everything_has_no_line():
    result = play([1, 2, 3], top=5).result

    assert result["top"] == [3, 2, 1]
    assert {row["p_top"] for row in result["order"]} == {1.0}


def test_a_judge_that_keeps_the_order_shown_is_told_to_have_smaller_lists():
    result = play(list(range(20)), lambda ask: ordered(ask, lambda _item: 0)).result

    assert result["agreement"]["split_half"] < 0
    assert result["agreement"]["at_most"] is None
    assert "lower `group`" in " ".join(result["notes"])


def test_a_failed_list_has_one_spare_for_both_ways_round():
    failed = []

    def once(ask):
        if not failed:
            failed.append(ask)
            return fails(EndState.STALLED)
        return largest_first(ask)

    result = play(list(range(20)), once).result
    dead = play(list(range(20)), lambda _ask: fails()).result

    assert result["census"] == {"ok": 14, "stalled": 1}
    assert off(result) <= 2
    assert dead["census"] == {"error": 2 * 3}
    assert (dead["complete"], dead["stopped"], dead["order"]) == (False, "few", [])
    assert "20 of 20 items were in no list that was answered" in dead["notes"]


def test_what_is_missing_shows_in_the_sd():
    whole = play(list(range(20)), rounds=1).result

    def without(ask):
        return fails() if 0 in ask.options["item"] else largest_first(ask)

    part = play(list(range(20)), without, rounds=1).result
    missing = [row for row in part["order"] if row["sd"] == 2.0]

    assert max(row["sd"] for row in whole["order"]) < 2.0
    assert len(missing) == 10
    assert part["complete"] is True
    assert "10 of 20 items were in no list that was answered" in part["notes"]


@pytest.mark.parametrize(
    "answer",
    ["A", {"order": "AB"}, {"order": ["A", "A"]}, {"order": ["A"]}, {}, None, {"order": 1}],
)
def test_what_is_no_permutation_is_no_answer(answer):
    result = play([1, 2], lambda _ask: answer).result

    assert (result["order"], result["stopped"]) == ([], "few")


def test_nothing_and_one_ask_nobody():
    nothing, one = play([]), play(["a"], top=3)

    assert (nothing.asks, one.asks) == ([], [])
    assert (nothing.result["order"], indexes(one.result)) == ([], [0])
    assert one.result["top"] == ["a"]
    assert nothing.result["complete"] is one.result["complete"] is True
    assert play(["a"], top=1).asks == []


def test_items_that_are_not_there_keep_their_place():
    result = play([None, 5, None, 9, 7]).result

    assert indexes(result) == [3, 4, 1]
    assert result["skipped"] == [
        {"index": 0, "state": "skipped: null item"},
        {"index": 2, "state": "skipped: null item"},
    ]


@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
def test_a_stop_leaves_what_the_rounds_so_far_gave(stop):
    asked = []

    def judge(ask):
        asked.append(ask)
        return largest_first(ask) if len(asked) <= 9 else fails(EndState.OVER_CAP, stop=stop)

    result = play(list(range(40)), judge).result

    assert (result["complete"], result["stopped"]) == (False, stop)
    assert len(indexes(result)) == 40
    assert result["census"]["ok"] == 9


def shaky(data):
    def judge(ask):
        letters = ask.options["schema"]["properties"]["order"]["items"]["enum"]
        told = data.draw(st.none() | st.permutations(letters))
        return fails() if told is None else {"order": told}

    return judge


@settings(max_examples=40, deadline=None)
@given(
    st.data(),
    st.integers(0, 24),
    st.integers(2, 7),
    st.none() | st.integers(2, 6),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(0, 20),
)
def test_whatever_judges_do_the_bound_holds(data, count, group, top, rounds, most):
    options = {"group": group, "top": top, "rounds": rounds, "max_calls": most}
    played = play(list(range(count)), shaky(data), **options)
    forecast = RANK.calls(told(items=list(range(count)), **options))

    assert len(played.asks) == played.result["calls"] <= forecast.worst
    assert forecast.expected <= forecast.worst
    assert sorted(indexes(played.result)) in ([], list(range(count)))


@given(st.integers(2, 300), st.integers(2, 26), st.none() | st.integers(1, 40))
def test_every_round_deals_each_item_once_into_lists_that_fit(count, group, top):
    given_ = told(items=list(range(count)), group=group, top=top, method="buckets")

    for round_ in schedule(given_):
        buckets = round_.buckets(range(count))
        dealt = [place for bucket in buckets for place in bucket]
        assert len(dealt) == len({*dealt})
        assert all(2 <= len(bucket) <= group for bucket in buckets)
        assert {*range(round_.size)} - {*dealt} <= {0, round_.size - 1} or group == 2
    assert lists(given_) > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"top": 0},
        {"group": 1},
        {"group": 27},
        {"rounds": 0},
        {"method": "sort"},
        {"lenses": []},
        {"modle": "x"},
    ],
)
def test_what_is_told_wrongly_is_refused(wrong):
    with pytest.raises(ValidationError):
        play([1, 2], **wrong)


def test_a_judge_without_any_opinion_is_found_out_by_the_first_round():
    chance = Draws(5)
    orders = play([*range(200)], lambda ask: ordered(ask, lambda _item: chance.unit())).result
    steady = play([*range(200)]).result

    assert orders["agreement"]["split_half"] > 0.5  # chance, sorted by chance, looks like an order
    assert abs(orders["agreement"]["first_round"]) < 0.2
    assert [note for note in orders["notes"] if "the judge may have no opinion" in note]
    assert steady["agreement"]["first_round"] > 0.9
    assert not [note for note in steady["notes"] if "no opinion" in note]
