"""Ideas are made side by side, told apart, judged by yes/no questions, and the best ones meet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.generate_and_filter.pattern import GenerateAndFilter
from hocket_plugins.patterns.generate_and_filter.wish import Wish
from hocket_plugins.patterns.rank.pattern import Rank

RUBRIC = [{"ask": "is it new?", "weight": 3}, {"ask": "is it cheap?"}]
STOPS = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}


def quality(idea):
    """Ideas are numbered; the higher the better."""
    return int(idea["text"].split()[1])


def answers(ask):
    """Generate numbered ideas, find all of them good, and prefer the higher number."""
    item, role = ask.options["item"], ask.options["role"]
    if role == "work":
        return {"text": f"idea {item['index']}"}
    if role == "read":
        return {"groups": []}
    if isinstance(item, dict):
        return dict.fromkeys(ask.options["schema"]["required"], True)
    return {"order": ["A", "B"] if quality(item[0]) > quality(item[1]) else ["B", "A"]}


def wish(answer=answers, args=None, **options):
    """Run the pattern; texts are equal when they are equal without case."""
    arguments = {"prompt": "Name a river.", "rubric": RUBRIC, "n": 6, "keep": 2, **options}
    return run_pattern(
        GenerateAndFilter(), arguments, answer, patterns=[Rank()], args=args,
        screens=lambda _name, value: str(value).lower(),
    )  # fmt: skip


def roles(played):
    return [ask.options["role"] for ask in played.asks]


def indexes(rows):
    return [row["index"] for row in rows]


def scripted(**by_role):
    """Answer some roles in another way; a failure is told by its number among those of a role."""

    def answer(ask):
        other = by_role.get(ask.options["role"])
        told = None if other is None else other(ask)
        return answers(ask) if told is None else told

    return answer


def test_the_best_ideas_by_rubric_meet_in_pairs_both_ways_round():
    def judge(ask):
        if isinstance(ask.options["item"], list):
            return None
        return {"q1": quality(ask.options["item"]) > 1, "q2": True}

    played = wish(scripted(judge=judge))

    kept = played.result["kept"]
    assert [(one["index"], one["value"], one["score"]) for one in kept] == [
        (5, {"text": "idea 5"}, 1.0),
        (4, {"text": "idea 4"}, 1.0),
    ]
    assert kept[0]["strength"] > kept[1]["strength"]
    assert 0.5 < kept[1]["p_top"] < kept[0]["p_top"] < 1
    assert played.result["dropped"] == [
        {"index": index, "why": "score", "because": None, "value": {"text": f"idea {index}"}}
        for index in (0, 1, 2, 3)
    ]
    assert roles(played) == ["work"] * 6 + ["judge"] * 6 + ["judge"] * 12
    assert played.result["complete"] is True
    assert (played.result["asked"], played.result["unique"]) == (6, 6)
    assert played.result["calls"] == len(played.asks) == 24
    assert 0 < played.result["error"]["mean"] < 0.5


def test_the_score_is_the_weighted_share_of_yes_over_all_judges():
    def judge(ask):
        second = "You are judge 2 of 2." in ask.prompt
        return {"q1": not second, "q2": quality(ask.options["item"]) == 0}

    played = wish(scripted(judge=judge), n=2, keep=1, judges=2, finals=False)

    assert [(one["index"], one["score"]) for one in played.result["kept"]] == [(0, 0.625)]
    assert played.result["kept"][0]["p_top"] is None
    assert played.result["error"]["mean"] is None
    assert [ask.worth for ask in played.asks] == [None, None, None, None, 0.5, 0.5]


def test_ties_of_scores_go_to_the_idea_that_came_first():
    assert indexes(wish(finals=False).result["kept"]) == [0, 1]


def test_a_failed_must_drops_an_idea_whatever_its_score():
    def judge(ask):
        item = ask.options["item"]
        return None if isinstance(item, list) else {"q1": quality(item) != 5, "q2": True}

    rubric = [{"ask": "legal?", "must": True, "weight": 0.1}, {"ask": "cheap?"}]
    played = wish(scripted(judge=judge), rubric=rubric)

    assert indexes(played.result["kept"]) == [3, 2]
    assert played.result["dropped"][-1] == {
        "index": 5,
        "why": "must",
        "because": [0],
        "value": {"text": "idea 5"},
    }


def test_a_must_needs_more_than_half_of_the_judges():
    def judge(ask):
        return {"q1": "judge 1 of 2" in ask.prompt}

    played = wish(scripted(judge=judge), rubric=[{"ask": "legal?", "must": True}], judges=2)

    assert {row["why"] for row in played.result["dropped"]} == {"must"}
    assert played.result["kept"] == []


def test_equal_texts_are_one_idea_whatever_else_they_say():
    def work(ask):
        index = ask.options["item"]["index"]
        return {"text": ["A", "b", "a", "B", "c", "a"][index], "why": f"because {index}"}

    played = wish(scripted(work=work), finals=False)

    assert played.result["unique"] == 3
    assert [
        (row["index"], row["because"])
        for row in played.result["dropped"]
        if row["why"] == "duplicate"
    ] == [(2, 0), (3, 1), (5, 0)]
    assert roles(played).count("judge") == 3


def test_readers_group_what_is_the_same_in_other_words():
    def read(ask):
        assert len(ask.options["item"]) == 6
        return {"groups": [[1, 4], [6, 5]]}

    played = wish(scripted(read=read), same="the same river", finals=False)

    assert [row["because"] for row in played.result["dropped"] if row["why"] == "duplicate"] == [
        0, 4,
    ]  # fmt: skip
    assert played.result["unique"] == 4
    reader = next(ask for ask in played.asks if ask.options["role"] == "read")
    assert "The same means: the same river" in reader.prompt
    assert reader.options["tools"] == []


def test_generators_see_neither_each_other_nor_the_rubric():
    prompt = "Name river {index} of {count} in {args.where}."
    played = wish(args={"where": "{Asia}"}, prompt=prompt, n=3, angles=["old", "new"])

    prompts = [ask.prompt for ask in played.asks if ask.options["role"] == "work"]
    assert prompts[0].startswith("Name river 0 of 3 in {Asia}.")
    assert [prompt.rpartition(": ")[2] for prompt in prompts] == ["old", "new", "old"]
    assert len({*prompts}) == 3
    assert not any("is it new?" in prompt or "idea 0" in prompt for prompt in prompts)


def test_judges_see_one_candidate_and_no_weights():
    played = wish(finals=False)

    judged = [ask for ask in played.asks if ask.options["role"] == "judge"]
    assert [ask.options["item"] for ask in judged] == [{"text": f"idea {n}"} for n in range(6)]
    assert "q1: is it new?\nq2: is it cheap?" in judged[0].prompt
    assert "weight" not in judged[0].prompt
    assert judged[0].options["tools"] == []
    assert judged[0].options["schema"]["required"] == ["q1", "q2"]
    assert (
        judged[0].prompt.partition("<candidate>")[0] == judged[1].prompt.partition("<candidate>")[0]
    )


def test_options_of_calls_go_to_all_and_those_of_judges_go_before_them():
    played = wish(model="large", effort="high", judge={"model": "small", "tools": ["Read"]})

    by_role = {ask.options["role"]: ask.options for ask in played.asks[:7]}
    assert (by_role["work"]["model"], by_role["work"]["effort"]) == ("large", "high")
    assert (by_role["judge"]["model"], by_role["judge"]["effort"]) == ("small", "high")
    assert by_role["judge"]["tools"] == ["Read"]
    assert {ask.options["model"] for ask in played.asks[12:]} == {"small"}
    assert by_role["work"]["label"] == "idea 6"
    assert {ask.options["label"] for ask in wish(label="mine", finals=False).asks} == {"mine"}


def test_an_idea_may_have_a_shape_of_its_own():
    shape = {
        "type": "object",
        "properties": {"name": {"$ref": "#/$defs/name"}},
        "required": ["name"],
        "$defs": {"name": {"type": "string"}},
    }

    def work(ask):
        schema, size = ask.options["schema"], ask.options["item"]["ideas"]
        assert schema["$defs"] == shape["$defs"]
        assert schema["properties"]["ideas"]["maxItems"] == size
        assert "$defs" not in schema["properties"]["ideas"]["items"]
        return {"ideas": [{"name": f"{ask.options['item']['index']} {n}"} for n in range(size)]}

    played = wish(scripted(work=work), schema=shape, per_call=4, key="name", finals=False, keep=6)

    assert roles(played).count("work") == 2
    assert [one["value"]["name"] for one in played.result["kept"]] == [
        "0 0", "0 1", "0 2", "0 3", "1 0", "1 1",
    ]  # fmt: skip
    judged = next(ask for ask in played.asks if ask.options["role"] == "judge")
    assert "$defs" not in judged.options["schema"]


@pytest.mark.parametrize(
    "given",
    [{"ideas": [{"text": "a"}]}, {"ideas": [{"text": "a"}, None]}, {"ideas": [{"text": "a"}] * 9}],
)
def test_of_a_list_that_is_too_short_the_rest_failed_and_of_one_too_long_it_is_nobodys(given):
    played = wish(scripted(work=lambda _: given), n=2, per_call=2, keep=1)

    assert indexes(played.result["kept"]) == [0]
    assert len(played.result["dropped"]) == 1
    assert played.result["dropped"][0]["why"] in {"failed", "duplicate"}


def test_as_many_places_as_ideas_need_no_finals():
    played = wish(n=2, keep=3)

    assert indexes(played.result["kept"]) == [0, 1]
    assert len(played.asks) == 4
    assert played.result["notes"] == ["2 ideas were left for 3 places: no finals, all kept"]
    assert played.result["complete"] is True


@pytest.mark.parametrize("number", [0, 1, 2])
def test_none_one_or_two_ideas(number):
    played = wish(n=number, keep=1)

    assert len(played.result["kept"]) == min(number, 1)
    assert len(played.asks) == [0, 2, 6][number]
    assert (played.result["complete"], played.result["stopped"]) == (True, None)


def test_a_thousand_ideas():
    played = wish(n=1_000, keep=3)

    assert indexes(played.result["kept"]) == [5, 4, 3]
    assert played.result["calls"] == 2_030


@pytest.mark.parametrize("state", [EndState.ERROR, EndState.STALLED, EndState.SKIPPED])
def test_when_all_calls_fail_nothing_is_decided(state):
    played = wish(lambda _: fails(state))

    assert played.result["kept"] == []
    assert played.result["dropped"] == [
        {"index": index, "why": "failed", "because": state.value} for index in range(6)
    ]
    assert played.result["complete"] is False
    assert played.result["census"] == {state.value: 12}
    assert played.result["notes"] == ["6 of 6 ideas failed and were not judged"]


def test_a_judge_that_fails_counts_for_nothing_and_what_nobody_judged_is_not_lost():
    def judge(ask):
        item = ask.options["item"]
        if isinstance(item, list):
            return None
        if quality(item) == 5:
            return fails(EndState.TIMEOUT)
        return {"q1": True} if quality(item) == 4 else None

    played = wish(scripted(judge=judge))

    assert indexes(played.result["kept"]) == [3, 2]
    failed = [row for row in played.result["dropped"] if row["why"] == "failed"]
    assert failed == [
        {"index": 4, "why": "failed", "because": "invalid", "value": {"text": "idea 4"}},
        {"index": 5, "why": "failed", "because": "timeout", "value": {"text": "idea 5"}},
    ]
    assert played.result["notes"] == ["2 of 6 ideas failed and were not judged"]
    assert played.result["complete"] is True


def test_one_judge_of_two_suffices_when_the_other_fails():
    def judge(ask):
        return fails() if "judge 2 of 2" in ask.prompt else {"q1": True, "q2": False}

    played = wish(scripted(judge=judge), judges=2, finals=False)

    assert [one["score"] for one in played.result["kept"]] == [0.75, 0.75]


def test_finals_in_which_nobody_answers_leave_the_order_to_the_rubric():
    def judge(ask):
        return fails() if isinstance(ask.options["item"], list) else None

    played = wish(scripted(judge=judge))

    assert indexes(played.result["kept"]) == [0, 1]
    assert played.result["complete"] is False
    assert (
        "the finals gave no comparison: kept by the rubric's score alone" in played.result["notes"]
    )


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("after", [0, 3, 6, 9, 12, 18, 23])
def test_a_stop_anywhere_ends_it_with_what_there_is(stop, after):
    asked = []

    def answer(ask):
        asked.append(ask)
        return fails(STOPS[stop], stop=stop) if len(asked) > after else answers(ask)

    played = wish(answer)

    assert (played.result["stopped"], played.result["complete"]) == (stop, False)
    assert len(asked) == (6 if after < 6 else 12 if after < 12 else 24)
    told = [*indexes(played.result["kept"]), *indexes(played.result["dropped"])]
    assert sorted(told) == [*range(6)]
    if after < 6:
        assert played.result["kept"] == []
    if after == 12:
        assert indexes(played.result["kept"]) == [0, 1]


@pytest.mark.parametrize("most", [1, 6, 7, 12, 13, 23, 24])
def test_max_calls_is_hard(most):
    played = wish(max_calls=most)

    assert len(played.asks) == played.result["calls"] == most
    assert played.result["stopped"] == (None if most == 24 else "max")
    assert played.result["complete"] is (most == 24)


def test_pruned_judges_are_told_and_others_go_on():
    def judge(ask):
        if ask.worth is None:
            return None
        return Reply(state=EndState.OVER_BUDGET, cause="pruned", call="1", pruned=True)

    played = wish(scripted(judge=judge), judges=2, finals=False)

    assert len(played.result["kept"]) == 2
    assert played.result["complete"] is False
    assert played.result["stopped"] == "budget"


WISHES = st.fixed_dictionaries(
    {
        "n": st.integers(0, 12),
        "keep": st.integers(1, 4),
        "per_call": st.integers(1, 5),
        "judges": st.integers(1, 3),
        "same": st.none() | st.just("alike"),
        "finals": st.booleans(),
        "max_calls": st.none() | st.integers(1, 60),
    }
)


@given(options=WISHES, failing=st.sets(st.integers(0, 200)), alike=st.integers(1, 12))
@settings(max_examples=150, deadline=None)
def test_calls_are_never_more_than_forecast(options, failing, alike):
    asked = []

    def answer(ask):
        asked.append(ask)
        if len(asked) in failing:
            return fails(EndState.ERROR)
        item, size = ask.options["item"], options["per_call"]
        if ask.options["role"] != "work" or size == 1:
            return answers(ask)
        start = item["index"] * size
        return {"ideas": [{"text": f"idea {(start + n) % alike}"} for n in range(item["ideas"])]}

    played = wish(answer, **options)
    given = {"prompt": "Name a river.", "rubric": RUBRIC, **options}
    forecast = GenerateAndFilter().calls(Wish.model_validate(given))

    assert len(asked) <= forecast.worst
    assert forecast.expected <= forecast.worst
    assert played.result["calls"] == len(asked)
    told = [*indexes(played.result["kept"]), *indexes(played.result["dropped"])]
    assert sorted(told) == [*range(options["n"])]
    assert len(played.result["kept"]) <= options["keep"]


def test_the_usual_wish_costs_seventy_calls():
    given = {"prompt": "x", "rubric": RUBRIC}
    forecast = GenerateAndFilter().calls(Wish.model_validate(given))

    assert (forecast.expected, forecast.worst) == (70, 140)
    same = GenerateAndFilter().calls(Wish.model_validate({**given, "n": 100, "same": "x"}))
    assert same.expected == 100 + 9 + 100 + 30


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"rubric": []}, "rubric"),
        ({"rubric": [{"ask": "x", "weight": 0}]}, "weight"),
        ({"rubric": [{"ask": "x", "wieght": 1}]}, "wieght"),
        ({"n": -1}, "n"),
        ({"keep": 0}, "keep"),
        ({"modle": "x"}, "did you mean 'model'"),
        ({"judge": {"modle": "x"}}, "did you mean 'model'"),
    ],
)
def test_misuse_is_told_before_any_call(options, complaint):
    with pytest.raises(ValidationError, match=complaint):
        wish(**options)


def test_a_template_that_names_nothing_known_costs_no_call():
    asked = []
    with pytest.raises(TypeError, match="nothing"):
        wish(asked.append, prompt="Name {nothing}")
    assert asked == []


def test_braces_in_a_task_are_no_places_for_the_finals():
    played = wish(prompt="Name {{item}} and }}")

    assert "Name {item} and }" in played.asks[-1].prompt
    assert indexes(played.result["kept"]) == [3, 2]
