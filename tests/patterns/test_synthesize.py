"""synthesize: one answer from all parts, that says what it lacks and is held to what it cites."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.screens.table import run
from hocket.testing import Fail, ScriptedBackend, Stage, resume_script, run_script
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns import synthesize
from hocket_plugins.patterns.synthesize.levels import ROOM
from hocket_plugins.patterns.synthesize.pattern import Synthesize
from hocket_plugins.patterns.synthesize.prompts import AGAIN, CONDENSE, WRITE

SYNTHESIZE = Synthesize()


def played(parts, answers=lambda _ask: "all in one", **options):
    arguments = {"parts": parts, "prompt": "What is it?", **options}
    screens = options.pop("screens", None)
    arguments.pop("screens", None)
    return run_pattern(SYNTHESIZE, arguments, answers, screens=screens)


def forecast(parts, **options):
    arguments = {"parts": parts, "prompt": "What is it?", **options}
    return SYNTHESIZE.calls(SYNTHESIZE.arguments.model_validate(arguments))


def test_it_is_offered():
    assert [pattern.name for pattern in synthesize.hocket_register_patterns()] == ["synthesize"]


def test_of_nothing_comes_nothing():
    told = played([])
    assert told.asks == []
    assert (told.result["answer"], told.result["complete"], told.result["levels"]) == (
        None,
        True,
        0,
    )


def test_one_part_is_written_too_since_its_form_is_the_point():
    told = played([{"b": 1, "a": "x"}])
    (ask,) = told.asks
    assert ask.prompt.startswith("What is it?\n\n" + WRITE)
    assert ask.prompt.endswith('<part-1>\n{"a":"x","b":1}\n</part-1>')
    assert ask.options["role"] == "synthesize"
    assert told.result["answer"] == "all in one"
    assert told.result["error"] == {"missing": 0, "of": 1, "basis": "no sentence was checked"}


@pytest.mark.parametrize(
    ("count", "width"), [(1, 2), (20, 20), (21, 20), (400, 20), (401, 20), (9, 2)]
)
def test_each_level_is_a_wave_until_one_text_is_left(count, width):
    parts = [f"part {n}" for n in range(count)]
    told = played(parts, width=width)
    levels, left = [], count
    while left > 1 or not levels:
        left = math.ceil(left / width)
        levels.append(left)
    assert len(told.asks) == sum(levels) == forecast(parts, width=width).expected
    assert told.result["levels"] == len(levels)
    assert told.result["complete"] is True


def test_parts_stay_in_their_order():
    told = played(["a", "b", "c"], lambda ask: "".join(ask.options["item"]), width=2)
    assert told.result["answer"] == "abc"
    assert [CONDENSE in ask.prompt for ask in told.asks] == [True, True, False]


def test_only_the_answer_has_the_schema():
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    told = played(["a", "b", "c"], width=2, schema=schema, model="large")
    assert [ask.options.get("schema") for ask in told.asks] == [None, None, schema]
    assert {ask.options["model"] for ask in told.asks} == {"large"}
    assert [ask.options["label"] for ask in told.asks] == ["condense", "condense", "write"]
    assert played(["a"], label="sum").asks[0].options["label"] == "sum: write"


def test_as_many_as_there_is_room_for():
    parts = ["x" * (ROOM // 2), "y" * (ROOM // 2), "z"]
    told = played(parts)
    assert [len(ask.options["item"]) for ask in told.asks] == [2, 1, 2]
    assert forecast(parts).expected == 3


def test_what_is_too_long_is_cut_and_that_is_told():
    told = played(["x" * (2 * ROOM)])
    assert len(told.asks[0].prompt) < ROOM + 1000
    assert told.result["notes"] == ["too long for one prompt, and cut off: 1 parts"]
    long = played(["a", "b", "c", "d"], lambda _ask: "y" * ROOM, width=2)
    assert len(long.asks) == 3
    assert "too long for one prompt, and cut off: 2 parts" in long.result["notes"][0]


def test_templates_know_the_run():
    told = run_pattern(
        SYNTHESIZE,
        {"parts": ["a"], "prompt": "{args.q} of {count}"},
        lambda _ask: "x",
        args={"q": "Why"},
    )
    assert told.asks[0].prompt.startswith("Why of 1\n")


def test_what_is_missing_is_named_and_has_to_be_said():
    told = played(["a", None, "c"], missing=["item 7: stalled"])
    assert (
        "2 of 4 parts are missing: item 7: stalled; part 1 is null. Say so" in told.asks[0].prompt
    )
    assert told.result["complete"] is False
    assert told.result["missing"] == ["item 7: stalled", "part 1 is null"]


def test_of_many_missing_parts_some_are_named():
    told = played(["a"], missing=[f"item {n}: error" for n in range(50)])
    assert "item 19: error; 30 more. Say so" in told.asks[0].prompt


def test_a_failed_group_is_asked_again_once_and_then_missing():
    def answers(ask):
        return fails(EndState.TIMEOUT) if "a1" in ask.prompt else "fine"

    told = played(["a1", "a2", "b1", "b2", "c1"], answers, width=2)
    assert told.result["calls"] == 3 + 1 + 1
    assert "2 of 5 parts are missing: not condensed: timeout (2). Say so" in told.asks[-1].prompt
    assert told.result["missing"] == ["not condensed: timeout"] * 2
    assert "2 of 5 parts are missing" in told.asks[-1].prompt
    assert (told.result["answer"], told.result["complete"]) == ("fine", False)


@pytest.mark.parametrize("parts", [["a"], ["a", "b", "c"]])
def test_when_all_calls_fail_there_is_no_answer(parts):
    told = played(parts, lambda _ask: fails(EndState.ERROR), width=2)
    assert (told.result["answer"], told.result["complete"]) == (None, False)
    assert told.result["calls"] <= forecast(parts, width=2).worst


def test_a_bound_on_calls_holds():
    told = played(list("abcdef"), width=2, max_calls=3)
    assert (told.result["calls"], told.result["stopped"], told.result["answer"]) == (3, "max", None)
    assert forecast(list("abcdef"), width=2, max_calls=3).worst == 3


STORED = {"s": "The bridge opened on 12 March 1921. It cost 5.3 million crowns."}
CITE = [
    {"n": 1, "quote": "The bridge opened on 12 March 1921", "source": "s"},
    {"n": 2, "quote": "It cost 5.3 million crowns", "source": "s"},
]
GOOD = "It opened in 1921 [1]. It cost 5,300,000 crowns [2]."
BAD = "It opened in 1922 [1]. It cost 5.3m crowns [2]. It is red [3]. It is long."


def citing(*answers, cite=CITE, **options):
    rest = iter(answers)
    screens = lambda name, item: run(name, item, STORED.get)  # noqa: E731
    return played(["a"], lambda _ask: next(rest), cite=cite, screens=screens, **options)


def test_an_answer_that_is_carried_is_left_alone():
    told = citing(GOOD)
    assert told.result["answer"] == GOOD
    assert (told.result["cut"], told.result["uncited"]) == ([], [])
    assert "[2] It cost 5.3 million crowns (s)" in told.asks[0].prompt
    assert told.result["error"]["basis"] == "citations were screened"


def test_a_quote_may_have_several_sources():
    told = citing(GOOD, cite=[{**entry, "source": ["none", "s"]} for entry in CITE])
    assert told.result["cut"] == []
    assert "[2] It cost 5.3 million crowns (none, s)" in told.asks[0].prompt


def test_sentences_that_nothing_carries_are_asked_for_once_more():
    told = citing(BAD, GOOD)
    assert told.result["answer"] == GOOD
    again = told.asks[1].prompt
    assert again.startswith(told.asks[0].prompt)
    assert AGAIN in again
    assert "- It opened in 1922 [1].\n  It has a number that stands in no quote it cites." in again
    assert "- It is red [3].\n  It cites a mark that does not exist." in again


def test_then_they_are_cut_and_listed():
    told = citing(BAD, BAD)
    assert told.result["answer"] == "It cost 5.3m crowns [2]. It is long."
    assert told.result["cut"] == [
        {"sentence": "It opened in 1922 [1].", "why": "numbers"},
        {"sentence": "It is red [3].", "why": "unknown"},
    ]
    assert told.result["uncited"] == [2]
    assert told.result["notes"] == [
        "carried by no quote, and cut: 2 sentences",
        "citing nothing: 1 sentences",
    ]


def test_also_when_the_second_answer_fails():
    told = citing(BAD, fails())
    assert told.result["answer"] == "It cost 5.3m crowns [2]. It is long."
    assert told.result["calls"] == 2 <= forecast(["a"], cite=CITE).worst


def test_an_answer_with_a_schema_is_cut_in_its_text():
    answer = {"report": BAD, "title": "T [9]."}
    told = citing(answer, answer)
    assert told.result["answer"] == {
        "report": "It cost 5.3m crowns [2]. It is long.",
        "title": "T [9].",
    }
    assert citing({"n": 1}).result["answer"] == {"n": 1}


def test_a_screen_that_says_nothing_finds_nothing():
    told = played(["a"], cite=CITE, screens=lambda _name, _item: None)
    assert told.result["answer"] == "all in one"
    strange = played(["a"], cite=CITE, screens=lambda _name, _item: {"wrong": [7]})
    assert strange.result["cut"] == [{"sentence": "", "why": "None"}]


@pytest.mark.parametrize(
    "options", [{"cite": [CITE[0], CITE[0]]}, {"width": 1}, {"prompt": ""}, {"modle": "x"}]
)
def test_misuse_is_refused(options):
    with pytest.raises(ValidationError):
        played([], **options)


SCRIPT = '''\
"""Join."""
from hocket.script import args, synthesize

meta = {"name": "join", "description": "Join"}


async def main():
    return await synthesize(args["parts"], "What is it?", width=2, cite=args["cite"])
'''


def test_in_a_run_sources_are_files_and_a_kill_costs_no_call(hocket_project):
    (hocket_project / "s.txt").write_text(STORED["s"], encoding="utf-8")
    args = {"parts": ["a", "b", "c"], "cite": [{**entry, "source": "s.txt"} for entry in CITE]}
    rules = {CONDENSE: "less", AGAIN: GOOD, "": BAD}
    whole = run_script(SCRIPT, rules, project=hocket_project, args=args)
    assert whole.result["answer"] == GOOD
    runs = []

    def killed(_call):
        runs[0].leave("suspended", "told to")
        return Fail()

    before = run_script(
        SCRIPT,
        {CONDENSE: "less", AGAIN: GOOD, "": killed},
        project=hocket_project,
        args=args,
        stage=Stage(ready=runs.append),
    )
    rest = ScriptedBackend(rules)
    after = resume_script(before.run_id, rest, project=hocket_project)
    assert after.result["answer"] == GOOD
    assert not any(CONDENSE in prompt for prompt in rest.calls)
