"""fan_out: one agent per unit; each that gave no answer is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns import fan_out
from hocket_plugins.patterns.fan_out.pattern import FanOut
from hocket_plugins.patterns.merge.pattern import Merge
from hocket_plugins.patterns.synthesize.pattern import Synthesize

FAN_OUT = FanOut()
OTHERS = (Merge(), Synthesize())


def played(items, answers=lambda ask: f"read {ask.options['item']}", screens=None, **options):
    arguments = {"items": items, "prompt": "Read {item}.", **options}
    return run_pattern(FAN_OUT, arguments, answers, patterns=OTHERS, screens=screens)


def forecast(items, **options):
    arguments = {"items": items, "prompt": "Read {item}.", **options}
    return FAN_OUT.calls(FAN_OUT.arguments.model_validate(arguments))


def causes(told):
    return [(each["state"], each["cause"]) for each in told.result["records"]]


def test_it_is_offered():
    assert [pattern.name for pattern in fan_out.hocket_register_patterns()] == ["fan_out"]


UNUSED = {"input": 0, "output": 0, "cached": 0, "usd": 0.0}
"""What a call took that took nothing."""


def test_results_stand_in_the_order_of_items():
    told = played(["a", "b"], model="small", label="look")
    assert [ask.prompt for ask in told.asks] == ["Read a.", "Read b."]
    assert [ask.options["label"] for ask in told.asks] == ["look: a", "look: b"]
    assert {(ask.options["role"], ask.options["model"]) for ask in told.asks} == {("work", "small")}
    assert told.result == {
        "results": ["read a", "read b"],
        "records": [
            {"index": 0, "state": "ok", "cause": None, "call": "1", "usage": UNUSED},
            {"index": 1, "state": "ok", "cause": None, "call": "2", "usage": UNUSED},
        ],
        "failed": [],
        "coverage": "2 of 2",
        "complete": True,
        "stopped": None,
        "calls": 2,
        "census": {"ok": 2},
        "notes": [],
        "error": {"failed": 0, "of": 2, "basis": "nothing: no answer was checked"},
    }


def test_templates_know_index_count_and_args():
    told = run_pattern(
        FAN_OUT,
        {"items": [{"id": 7}], "prompt": "{index} of {count}: {item.id} for {args.who}"},
        lambda _ask: "x",
        args={"who": "us"},
    )
    assert told.asks[0].prompt == "0 of 1: 7 for us"
    assert told.asks[0].options["label"] == "item 0"


def test_of_nothing_comes_nothing():
    told = played([], synthesize="Sum up", merge={"key": "id"})
    assert told.asks == []
    assert (told.result["coverage"], told.result["answer"]) == ("0 of 0", None)
    assert (told.result["complete"], told.result["stopped"]) == (True, None)


def test_null_items_keep_their_place():
    told = played(["a", None, "b"])
    assert told.result["results"] == ["read a", None, "read b"]
    assert causes(told)[1] == ("skipped", "null item")
    assert (told.result["coverage"], told.result["complete"]) == ("2 of 2", True)


def test_equal_items_are_asked_about_once_where_a_key_says_so():
    items = [{"id": "A b"}, {"id": "a  B."}, {"id": "c"}]
    told = played(items, key="id")
    assert len(told.asks) == 2
    assert causes(told)[1] == ("skipped", "same as item 0")
    assert told.result["coverage"] == "2 of 2"
    assert len(played(items).asks) == 3


def test_handles_are_told_apart_by_what_a_screen_says():
    texts = {"⟦h:1⟧": "one", "⟦h:2⟧": "one", "⟦h:3⟧": "two"}
    items = [{"text": handle} for handle in texts]
    told = played(items, lambda _ask: "fine", lambda _name, text: texts[text], key="text")
    assert [ask.options["item"]["text"] for ask in told.asks] == ["⟦h:1⟧", "⟦h:3⟧"]
    assert "one" not in "".join(ask.prompt for ask in told.asks)


def test_a_failed_call_is_asked_again_once_and_then_named():
    def answers(ask):
        return fails(EndState.STALLED) if ask.options["item"] == "b" else "fine"

    told = played(["a", "b", "c"], answers)
    assert told.result["results"] == ["fine", None, "fine"]
    assert causes(told)[1] == ("stalled", "scripted")
    assert (told.result["failed"], told.result["coverage"]) == ([1], "2 of 3")
    assert told.result["census"] == {"ok": 2, "stalled": 2}
    assert told.result["complete"] is False


@pytest.mark.parametrize("batch", [1, 3])
def test_when_all_calls_fail_everything_is_named(batch):
    told = played(list("abcd"), lambda _ask: fails(EndState.REFUSED), batch=batch, synthesize="Sum")
    assert causes(told) == [("refused", "scripted")] * 4
    assert (told.result["answer"], told.result["stopped"]) == (None, "few")
    assert told.result["notes"] == ["no synthesis: only 0 of 4 answered"]
    assert told.result["calls"] <= forecast(list("abcd"), batch=batch, synthesize="Sum").worst


def test_several_items_in_one_call():
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/x"}}, "$defs": {"x": {}}}

    def answers(ask):
        return {"answers": [{"x": item} for item in ask.options["item"]]}

    told = played(list("abcde"), answers, batch=2, schema=schema)
    assert told.result["results"] == [{"x": item} for item in "abcde"]
    first, _, last = told.asks
    assert first.prompt.startswith("Read <item-1>\na\n</item-1>\n<item-2>")
    assert "There are 2 items." in first.prompt
    assert first.options["label"] == "items 0 to 1"
    rows = first.options["schema"]["properties"]["answers"]
    assert (rows["minItems"], rows["maxItems"], "$defs" in rows["items"]) == (2, 2, False)
    assert first.options["schema"]["$defs"] == {"x": {}}
    assert last.options["schema"]["properties"]["answers"]["maxItems"] == 1
    assert len(told.asks) == forecast(list("abcde"), batch=2).expected


@pytest.mark.parametrize(("batch", "changed"), [(1, [True, True]), (2, [True, False])])
def test_what_an_agent_changed_stands_in_its_record(batch, changed):
    changes = {"patch": "9c41", "files": 1}

    def answers(_ask):
        return Reply(state=EndState.OK, value={"answers": [1, 2]}, call="1", changes=changes)

    told = played(["a", "b"], answers, batch=batch, isolation="worktree")
    assert [each.get("changes") == changes for each in told.result["records"]] == changed


@pytest.mark.parametrize("answer", ["text", {"answers": ["one"]}, {"answers": 7}])
def test_an_item_that_a_batch_forgot_is_invalid(answer):
    told = played(["a", "b"], lambda _ask: answer, batch=2)
    assert causes(told)[1] == ("invalid", "not in the answer")


def test_a_bound_on_calls_holds_and_is_told():
    told = played(list("abcd"), max_calls=2, synthesize="Sum", min_share=0)
    assert told.result["calls"] == 2
    assert (told.result["stopped"], told.result["complete"]) == ("max", False)
    assert causes(told)[2:] == [("over_cap", "not asked")] * 2
    assert told.result["answer"] is None
    even = played(list("ab"), max_calls=2, synthesize="Sum")
    assert (even.result["stopped"], even.result["failed"]) == ("max", [])


SUM = "Sum up."


def summing(ask):
    return {"n": ask.options["item"]} if ask.prompt.startswith("Read") else "the sum"


def test_answers_become_one():
    told = played(list("abc"), summing, synthesize=SUM, schema={"type": "object"})
    assert told.result["answer"] == "the sum"
    assert told.result["synthesis"]["complete"] is True
    assert [ask.options.get("schema") for ask in told.asks[-1:]] == [None]
    assert told.result["calls"] == 4 == forecast(list("abc"), synthesize=SUM).expected


def test_call_options_about_one_item_are_not_for_the_sum():
    options = {"model": "small", "check": "test", "isolation": "worktree"}
    told = played(["a", "b"], summing, synthesize=SUM, **options)
    assert set(options) <= set(told.asks[0].options)
    assert set(options) & set(told.asks[-1].options) == {"model"}


def test_the_sum_knows_what_is_missing():
    def answers(ask):
        return fails(EndState.TIMEOUT) if ask.options["item"] == "b" else summing(ask)

    told = played(list("abc"), answers, synthesize={"prompt": SUM, "model": "large"})
    assert "1 of 3 parts are missing: item 1: timeout." in told.asks[-1].prompt
    assert told.asks[-1].options["model"] == "large"
    assert told.result["complete"] is False


@pytest.mark.parametrize(("share", "answer"), [(0.5, "the sum"), (0.6, None)])
def test_of_too_few_there_is_no_sum(share, answer):
    def answers(ask):
        return fails() if ask.options["item"] in ("a", "b") else summing(ask)

    told = played(list("abcd"), answers, synthesize=SUM, min_share=share)
    assert told.result["answer"] == answer
    assert told.result["stopped"] == (None if answer else "few")


def test_answers_are_merged_and_the_sum_is_of_records():
    def answers(ask):
        item = ask.options["item"]
        return {"id": 1, "x": item} if ask.prompt.startswith("Read") else "the sum"

    told = played([1, 2, 2], answers, merge={"key": "id"}, synthesize=SUM)
    assert told.result["merged"]["records"] == [{"id": 1, "x": 2}]
    assert told.result["merged"]["conflicts"][0]["values"] == [1, 2]
    assert told.asks[-1].prompt.endswith('<part-1>\n{"id":1,"x":2}\n</part-1>')


@pytest.mark.parametrize(
    "options", [{"merge": {"policy": "latest"}}, {"synthesize": {"prompt": SUM, "wdith": 3}}]
)
def test_a_wrong_option_of_what_comes_last_costs_no_call(options):
    asked = []
    with pytest.raises(ValidationError):
        played(["a"], asked.append, **options)
    assert asked == []


@pytest.mark.parametrize(
    "options",
    [
        {"batch": 0},
        {"batch": 2, "prompt": "Read {item.id}"},
        {"synthesize": {"width": 3}},
        {"invariants": [{"agree": ["x"]}]},
        {"invariants": [{"unknown": 1}]},
        {"modle": "x"},
    ],
)
def test_misuse_is_refused(options):
    with pytest.raises(ValidationError):
        played([], **options)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_worst_is_never_exceeded(data):
    items = data.draw(st.lists(st.none() | st.sampled_from("abc"), max_size=30))
    options = data.draw(
        st.fixed_dictionaries(
            {"width": st.integers(2, 4), "batch": st.integers(1, 3), "attempts": st.integers(0, 2)},
            optional={
                "synthesize": st.just(SUM),
                "merge": st.sampled_from([{"key": "id"}, {"key": "id", "same": "alike"}]),
                "invariants": st.just([{"unique": "id"}]),
                "max_calls": st.integers(1, 20),
                "min_share": st.sampled_from([0, 0.5]),
            },
        )
    )

    def answers(ask):
        if data.draw(st.booleans()):
            return fails(data.draw(st.sampled_from([EndState.ERROR, EndState.INVALID])))
        if "groups" in str(ask.options.get("schema")):
            return {"groups": []}
        rows = [{"id": data.draw(st.integers(0, 3))} for _ in range(3)]
        return {"answers": rows} if "answers" in str(ask.options.get("schema")) else rows[0]

    told = played(items, answers, **options)
    assert told.result["calls"] == len(told.asks) <= forecast(items, **options).worst
    done = [each["state"] == "ok" for each in told.result["records"]]
    assert told.result["failed"] == [
        at for at, ok in enumerate(done) if not ok and items[at] is not None
    ]
