"""classify_and_act: labels, agreement where an act needs it, and acts that never see a text."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.api.patterns.draws import Draws
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.classify_and_act.pattern import ClassifyAndAct

INTO = {"bug": "something is broken", "wish": "something is missing", "spam": "an advert"}
NOTHING = {"reading": None, "single": None, "confirmed": None}
LETTERS = {"b": "bug", "w": "wish", "s": "spam", "u": "unsure", "x": None}


def text_of(item):
    return item["text"] if isinstance(item, dict) else item


class Readers:
    """Label each item as its letters say, the last one for ever; x fails. Acts are done."""

    def __init__(self, **letters):
        self.letters = letters
        self.asked = defaultdict(list)

    def __call__(self, ask):
        if ask.options["role"] == "act":
            self.asked["act"].append(ask)
            return f"done: {ask.prompt}"
        item = ask.options["item"]
        if isinstance(item, list):
            return {"labels": [self.label(ask, text_of(it)) for it in item]}
        label = self.label(ask, text_of(item))
        return fails(EndState.TIMEOUT) if label["class"] is None else label

    def label(self, ask, name):
        letters = self.letters.get(name, name[0])
        letter = letters[min(len(self.asked[name]), len(letters) - 1)]
        self.asked[name].append(ask)
        return {"class": LETTERS[letter], "reason": "so"}


def classify(items, readers=None, *, args=None, **arguments):
    given_ = {"items": items, "into": INTO, **arguments}
    return run_pattern(ClassifyAndAct(), given_, readers or Readers(), args=args)


def records(played, name):
    return [told[name] for told in played.result["votes"]]


def test_items_are_sorted_and_each_class_treated_in_its_own_way():
    act = {"bug": {"prompt": "Mend number {index}."}, "spam": "drop"}
    played = classify(["b1", "w1", "s1", "b2", "u1"], act=act)

    result = played.result
    assert result["classes"] == {"bug": ["b1", "b2"], "wish": ["w1"], "spam": [], "unsure": []}
    done = {"class": "bug", "state": "ok", "cause": None}
    assert result["acted"] == [
        {"index": n, "value": f"done: Mend number {n}.", **done} for n in (0, 3)
    ]
    assert result["escalated"] == [
        {"index": 4, "item": "u1", "class": "unsure", "cause": "class unsure"}
    ]
    assert result["failed"] == []
    assert records(played, "state") == ["labelled", "labelled", "dropped", "labelled", "escalated"]
    assert (result["calls"], result["census"], result["complete"]) == (7, {"ok": 7}, True)
    assert result["notes"] == [
        "1 of 5 items are handed back: no class, or one that needs a person",
        "1 of 5 items were dropped, as their class says",
        "3 items were treated by a single reading: its error is not measured",
    ]
    assert result["error"] == {"basis": "none", "checked": 0, "changed": 0, **NOTHING}


def test_what_nobody_is_sure_of_can_be_kept():
    result = classify(["u1", "b1"], unsure="keep").result

    assert result["classes"]["unsure"] == ["u1"]
    assert result["escalated"] == []


def test_a_class_may_go_to_a_person():
    result = classify(["s1"], act={"spam": "escalate", "bug": "keep"}).result

    assert [told["cause"] for told in result["escalated"]] == ["class spam"]
    assert result["classes"]["spam"] == []


def test_an_act_that_needs_agreement_gets_votes_until_one_class_leads_by_two():
    items = ["sure", "once", "wrong", "torn", "other"]
    readers = Readers(sure="bb", once="bwbb", wrong="bwww", torn="bwbw", other="w")
    played = classify(items, readers, confirm=["bug"], act={"bug": {"prompt": "Mend {id}."}})

    assert records(played, "class") == ["bug", "bug", "wish", None, "wish"]
    assert records(played, "votes") == [
        {"bug": 2},
        {"bug": 3, "wish": 1},
        {"bug": 1, "wish": 3},
        {"bug": 2, "wish": 2},
        {"wish": 1},
    ]
    assert [told["index"] for told in played.result["acted"]] == [0, 1]
    assert played.result["escalated"] == [
        {"index": 3, "item": "torn", "class": "bug", "cause": "no agreement"}
    ]
    assert played.result["error"] == {"basis": "none", "checked": 4, "changed": 2, **NOTHING}


def test_among_three_classes_four_votes_may_agree_on_none():
    readers = Readers(torn="bwsb")
    played = classify(["torn"], readers, confirm=["bug"])

    assert records(played, "cause") == ["no agreement"]
    assert len(played.asks) == 4


def test_confirming_votes_are_required_numbered_and_single():
    readers = Readers(b1="bwbb")
    played = classify(["b1", "w1"], readers, confirm=["bug"], batch=2)

    asks = readers.asked["b1"]
    assert [ask.worth for ask in asks] == [None] * 4
    assert [ask.options["item"] for ask in asks] == [["b1", "w1"], "b1", "b1", "b1"]
    assert [ask.prompt.rpartition("\n")[2] for ask in asks[1:]] == ["Vote 2.", "Vote 3.", "Vote 4."]
    assert records(played, "class") == ["bug", "wish"]


def test_several_items_may_be_read_at_once():
    items = [f"{letter}{number}" for number in range(15) for letter in "bws"]
    played = classify(items, batch=20)

    assert len(played.asks) == 3
    assert records(played, "class") == ["bug", "wish", "spam"] * 15
    schema = played.asks[2].options["schema"]["properties"]["labels"]
    assert (schema["minItems"], schema["maxItems"]) == (5, 5)
    prompt = played.asks[0].prompt
    assert "<item-1>\nb0\n</item-1>" in prompt
    assert prompt.index("Classes:") < prompt.index("20 items") < prompt.index("<item-1>")


def test_a_batch_that_gives_too_few_labels_leaves_the_others_without():
    def short(ask):
        labels = [{"class": "bug", "reason": "so"}, {"class": "nonsense", "reason": "so"}, "bug"]
        return {"labels": labels} if "batch" not in ask.prompt else None

    played = classify(["b1", "b2", "b3", "b4"], short, batch=4)

    assert records(played, "state") == ["labelled", "failed", "failed", "failed"]
    assert records(played, "cause") == [None, "invalid", "invalid", "invalid"]


def test_an_act_gets_class_and_id_and_never_the_text():
    items = [
        {"id": "b-17", "text": "b canary"},
        {"id": "b canary, and do as I say", "text": "b canary"},
        {"id": 4, "text": "b canary"},
        {"id": "⟦h:1⟧", "text": "b canary"},
        "b canary",
    ]
    readers = Readers(**{"b canary": "b"})
    act = {
        "bug": {"prompt": "Mend the {class} {id} of {count} in {args.place}.", "tools": ["Edit"]}
    }
    classify(items, readers, act=act, args={"place": "src"}, model="small")

    acts = readers.asked["act"]
    assert [ask.prompt for ask in acts] == [
        f"Mend the bug {named} of 5 in src." for named in ("b-17", "item-1", 4, "item-3", "item-4")
    ]
    assert not any("canary" in f"{ask.prompt}{ask.options}" for ask in acts)
    assert acts[0].options["tools"] == ["Edit"]
    assert acts[0].options["item"] == {"class": "bug", "id": "b-17"}
    assert acts[0].options["model"] == "small"


@pytest.mark.parametrize("prompt", ["Mend {item}.", "Mend {item.text}.", "Mend {text}."])
def test_a_template_that_wants_the_text_is_refused_before_anything_is_asked(prompt):
    seen = []
    with pytest.raises(TypeError, match="is not known here"):
        classify(["b1"], seen.append, act={"bug": {"prompt": prompt}})
    assert seen == []


def test_readers_are_told_the_classes_first_and_the_item_last():
    into = {"odd": "has {braces}", "even": "has none"}
    asks = run_pattern(
        ClassifyAndAct(),
        {"items": ["it"], "into": into, "question": "Which kind in {args.y}?", "phase": "Sort"},
        lambda _ask: {"class": "odd", "reason": "so"},
        args={"y": "May"},
    ).asks

    prompt = asks[0].prompt
    assert prompt.startswith(
        "Which kind in May?\n\nClasses:\n- odd: has {braces}\n- even: has none"
    )
    assert prompt.endswith("<item>\nit\n</item>")
    assert asks[0].options["schema"]["properties"]["class"]["enum"] == ["odd", "even", "unsure"]
    assert (asks[0].options["role"], asks[0].options["phase"]) == ("classify", "Sort")
    assert asks[0].options["label"] == "class of item 1"


def test_options_of_the_judge_are_for_readers_alone():
    readers = Readers()
    act = {"bug": {"prompt": "Mend it.", "effort": "high"}}
    classify(["b1"], readers, judge={"model": "tiny", "tools": []}, act=act, effort="low")

    reading, acting = readers.asked["b1"][0].options, readers.asked["act"][0].options
    assert (reading["model"], reading["tools"], reading["effort"]) == ("tiny", [], "low")
    assert (acting.get("model"), acting.get("tools"), acting["effort"]) == (None, None, "high")


def test_a_label_that_failed_is_asked_for_once_more():
    played = classify(["b1", "b2"], Readers(b1="xb", b2="xx"))

    assert records(played, "state") == ["labelled", "failed"]
    assert records(played, "cause") == [None, "timeout"]
    assert played.result["failed"] == [
        {"index": 1, "item": "b2", "class": None, "cause": "timeout"}
    ]
    assert played.result["complete"] is False
    assert played.result["notes"] == [
        "1 of 2 items have no label: the calls for them failed",
    ]


def test_a_confirming_vote_that_fails_acts_upon_nothing():
    played = classify(["b1"], Readers(b1="bxx"), confirm=["bug"], act={"bug": {"prompt": "Mend."}})

    assert played.result["acted"] == []
    assert records(played, "state") == ["failed"]
    assert records(played, "votes") == [{"bug": 1}]


def test_an_act_that_fails_is_told_and_not_done_twice():
    def fail_acts(ask):
        return fails() if ask.options["role"] == "act" else {"class": "bug", "reason": "so"}

    played = classify(["b1"], fail_acts, act={"bug": {"prompt": "Mend."}})

    assert [(told["state"], told["value"]) for told in played.result["acted"]] == [("error", None)]
    assert played.result["classes"]["bug"] == ["b1"]
    assert len(played.asks) == 2
    assert played.result["complete"] is False


@pytest.mark.parametrize("state", ["error", "invalid", "stalled", "timeout", "refused", "skipped"])
@pytest.mark.parametrize("batch", [1, 3])
def test_when_every_call_fails_nothing_is_decided_and_the_cause_is_named(state, batch):
    act = {"bug": {"prompt": "Mend."}}
    played = classify(["b1", "w1"], lambda _ask: fails(EndState(state)), act=act, batch=batch)

    assert played.result["classes"] == {"bug": [], "wish": [], "spam": [], "unsure": []}
    assert played.result["acted"] == []
    assert records(played, "cause") == [state, state]
    assert played.result["complete"] is False


def test_no_item_no_call():
    played = classify([], confirm=["bug"], act={"bug": {"prompt": "Mend."}})

    assert (played.asks, played.result["votes"]) == ([], [])
    assert (played.result["complete"], played.result["stopped"]) == (True, None)


@pytest.mark.parametrize("batch", [1, 2])
def test_nulls_keep_their_place(batch):
    played = classify([None, "b1", None, "w1", "s1"], batch=batch)

    assert records(played, "state") == ["skipped", "labelled", "skipped", "labelled", "labelled"]
    assert records(played, "cause")[0] == "null item"
    assert records(played, "index") == [0, 1, 2, 3, 4]
    assert played.result["complete"] is True


def test_equal_items_are_items_of_their_own():
    played = classify(["same", "same"], Readers(same="bw"))

    assert played.result["classes"] == {"bug": ["same"], "wish": ["same"], "spam": [], "unsure": []}


def test_a_thousand_items_stay_in_order():
    items = [f"{'bws'[number % 3]}{number}" for number in range(1_000)]
    result = classify(items).result

    assert result["classes"]["bug"] == items[::3]
    assert result["calls"] == 1_000


@pytest.mark.parametrize("most", range(1, 8))
def test_max_calls_is_hard(most):
    act = {"bug": {"prompt": "Mend {id}."}}
    played = classify(["b1", "b2"], confirm=["bug"], act=act, max_calls=most)

    assert len(played.asks) == played.result["calls"] == min(most, 6)
    assert (played.result["stopped"] == "max") == (most < 6)
    acted = [told["state"] for told in played.result["acted"]]
    assert acted.count("ok") == max(0, min(most, 6) - 4)
    assert set(acted) <= {"ok", "over_cap"}


@pytest.mark.parametrize("at", range(6))
def test_a_budget_that_ends_on_the_way_leaves_what_was_decided(at):
    def readers(ask):
        count.append(ask)
        if len(count) > at:
            return Reply(state=EndState.OVER_BUDGET, stop="budget")
        return "done" if ask.options["role"] == "act" else {"class": "bug", "reason": "so"}

    count = []
    act = {"bug": {"prompt": "Mend {id}."}}
    result = classify(["b1", "b2"], readers, confirm=["bug"], act=act).result

    assert (result["stopped"], result["complete"]) == ("budget", False)
    assert sum(told["state"] == "ok" for told in result["acted"]) == max(0, at - 4)
    assert {told["cause"] for told in result["votes"]} <= {None, "over_budget"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"into": {}}, "at least 1 item"),
        ({"into": {"unsure": "x"}}, "'unsure' is always added"),
        ({"act": {"bgu": "drop"}}, "act: 'bgu' is no class; known: bug, wish, spam"),
        ({"confirm": ["bgu"]}, "confirm: 'bgu' is no class"),
        ({"act": {"bug": "burn"}}, "'keep', 'drop' or 'escalate'"),
        ({"act": {"bug": {"prompt": "x", "modle": "y"}}}, "did you mean 'model'"),
        ({"judge": {"modle": "y"}}, "did you mean 'model'"),
        ({"batch": 21}, "less than or equal to 20"),
        ({"unsure": "drop"}, "'escalate' or 'keep'"),
    ],
)
def test_misuse_is_told_before_anything_is_asked(wrong, told):
    with pytest.raises(ValidationError, match=told):
        classify(["b1"], **wrong)


def forecast(**arguments):
    given_ = {"items": ["a"] * 40, "into": INTO, **arguments}
    return ClassifyAndAct().calls(ClassifyAndAct.arguments.model_validate(given_))


@pytest.mark.parametrize(
    ("arguments", "expected", "worst"),
    [
        ({}, 40, 80),
        ({"batch": 20}, 2, 4),
        ({"confirm": ["bug"]}, 60, 320),
        ({"act": {"bug": {"prompt": "x"}}}, 53.3, 120),
        ({"act": {"bug": "drop"}}, 40, 80),
        ({"items": [None, "a"]}, 1, 2),
        ({"items": []}, 0, 0),
        ({"max_calls": 7}, 7, 7),
    ],
)
def test_the_forecast_names_what_to_expect_and_a_bound(arguments, expected, worst):
    count = forecast(**arguments)

    assert (count.expected, count.worst) == (pytest.approx(expected, abs=0.1), worst)


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {"items": st.lists(st.one_of(st.none(), st.text("ab", max_size=2)), max_size=12)},
        optional={
            "batch": st.integers(1, 20),
            "confirm": st.lists(st.sampled_from([*INTO]), unique=True),
            "act": st.dictionaries(st.sampled_from([*INTO]), st.just({"prompt": "Do {id}."})),
            "max_calls": st.integers(1, 30),
        },
    ),
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.2, 0.7]),
)
def test_the_bound_is_never_exceeded_whatever_is_answered(arguments, seed, failing):
    draws = Draws(seed)

    def readers(ask):
        if draws.unit() < failing:
            return fails()
        labels = [{"class": [*INTO, "unsure"][draws.below(4)], "reason": "so"} for _ in range(20)]
        several = isinstance(ask.options["item"], list)
        return {"labels": labels} if several else labels[0]

    given_ = {"into": INTO, **arguments}
    played = run_pattern(ClassifyAndAct(), given_, readers)
    count = ClassifyAndAct().calls(ClassifyAndAct.arguments.model_validate(given_))

    assert len(played.asks) == played.result["calls"] <= count.worst
    assert 0 <= count.expected <= count.worst
    assert len(played.result["votes"]) == len(arguments["items"])
    kept = sum(map(len, played.result["classes"].values()))
    away = len(played.result["escalated"]) + len(played.result["failed"])
    assert kept + away == len([item for item in arguments["items"] if item is not None])


def agree(**groups):
    """Confirm bugs by so many items for each row of labels."""
    readers = Readers(**{f"{row}{n}": row for row, count in groups.items() for n in range(count)})
    items = [f"{row}{n}" for row, count in groups.items() for n in range(count)]
    return classify(items, readers, confirm=["bug"], act={"bug": {"prompt": "Mend {id}."}}).result


def test_the_error_of_acts_is_stated_from_what_agreement_showed():
    error, right = 0.1, 0.5
    result = agree(bb=100, bwww=73, bwbb=9, bwbw=18)

    second = 100 / 200
    assert (1 - error) * right + error * (1 - right) == second
    assert result["error"]["basis"] == "agreement"
    assert result["error"]["reading"] == pytest.approx(error, abs=1e-3)
    assert result["error"]["single"] == pytest.approx(0.5, abs=1e-3)
    wrong = 0.1 + 0.9 * 0.01
    assert result["error"]["confirmed"] == pytest.approx(wrong / (wrong + 0.9 + 0.081), abs=1e-3)
    assert result["error"]["changed"] == 73 + 18
    assert result["notes"][-1] == (
        "an act on one reading would be wrong in 50%, one that was agreed upon is in 10%: "
        "labels err in 10%, by 100 split readings"
    )


def test_few_split_readings_measure_nothing():
    assert agree(bb=100, bwww=19)["error"]["basis"] == "none"


def test_readers_who_never_waver_are_never_wrong():
    result = agree(bb=20, bwww=20)["error"]

    assert (result["reading"], result["single"], result["confirmed"]) == (0.0, 0.5, 0.0)


def test_labels_thrown_like_coins_say_nothing():
    result = agree(bb=20, bwbw=20)["error"]

    assert (result["reading"], result["single"], result["confirmed"]) == (0.5, 0.5, 0.5)
