"""Whatever the latencies, wherever the money ends, whoever holds the texts: the same wish."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.testing.patterns import PatternStage, fails, run_pattern
from hocket_plugins.patterns.generate_and_filter.pattern import GenerateAndFilter
from hocket_plugins.patterns.generate_and_filter.wish import Wish
from hocket_plugins.patterns.rank.pattern import Rank

WISH = {
    "prompt": "Name a river.",
    "rubric": [{"ask": "is it new?"}, {"ask": "is it legal?", "must": True}],
    "n": 7,
    "keep": 2,
    "judges": 2,
    "same": "the same river",
}
STOPS = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}
CALLS = 7 + 1 + 6 * 2 + 12


def answers(ask):
    """Make numbered ideas; the third is illegal, the last two are one."""
    item, role = ask.options["item"], ask.options["role"]
    if role == "work":
        return {"text": f"idea {item['index']}"}
    if role == "read":
        return {"groups": [[6, 7]]}
    if isinstance(item, dict):
        return {"q1": True, "q2": item["text"] != "idea 2"}
    return {"order": ["A", "B"] if item[0]["text"] > item[1]["text"] else ["B", "A"]}


class Late(PatternStage):
    """Answers each call only after others had so many turns."""

    def __init__(self, turns, answer):
        super().__init__(answer, patterns=[GenerateAndFilter(), Rank()], screens=lambda _, it: it)
        self._turns = turns

    async def attempt(self, ask):
        for _ in range(self._turns[len(self.played.asks) % len(self._turns)]):
            await asyncio.sleep(0)
        return await super().attempt(ask)


def play(answer=answers, turns=(0,)):
    stage = Late(turns, answer)
    stage.played.result = asyncio.run(stage.pattern("generate_and_filter", WISH))
    return stage.played


PLAIN = play()


@given(turns=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_latencies_change_neither_requests_nor_result(turns):
    late = play(turns=turns)

    assert late.result == PLAIN.result
    assert sorted(ask.prompt for ask in late.asks) == sorted(ask.prompt for ask in PLAIN.asks)


@given(
    after=st.integers(0, CALLS),
    stop=st.sampled_from([*STOPS]),
    failing=st.sets(st.integers(1, CALLS), max_size=6),
    turns=st.lists(st.integers(0, 9), min_size=1, max_size=5),
)
def test_a_stop_at_any_point_leaves_no_idea_without_a_true_state(after, stop, failing, turns):
    asked = []

    def answer(ask):
        asked.append(ask)
        if len(asked) > after:
            return fails(STOPS[stop], stop=stop)
        return fails(EndState.ERROR) if len(asked) in failing else answers(ask)

    result = play(answer, turns).result

    assert result["calls"] == len(asked)
    if len(asked) > after:
        assert (result["stopped"], result["complete"]) == (stop, False)
    told = [row["index"] for row in (*result["kept"], *result["dropped"])]
    assert sorted(told) == [*range(7)]
    judged = {one["index"] for one in result["kept"]}
    assert all(one["score"] is not None for one in result["kept"])
    failed = [row["because"] for row in result["dropped"] if row["why"] == "failed"]
    assert {*failed} <= {"error", STOPS[stop].value}
    assert 2 not in judged


def test_the_plain_wish():
    assert [one["index"] for one in PLAIN.result["kept"]] == [4, 3]
    assert PLAIN.result["calls"] == CALLS


CANARY = "colourless green ideas"


def test_texts_may_stay_behind_handles():
    texts = {f"<<text {n}>>": f"{CANARY} {n % 3}" for n in range(6)}
    seen = []

    def answer(ask):
        seen.append(repr(ask))
        item = ask.options["item"]
        if ask.options["role"] == "work":
            return {"text": f"<<text {item['index']}>>"}
        if isinstance(item, dict):
            return {"q1": "2" in item["text"]}
        return {"order": ["A", "B"]}

    played = run_pattern(
        GenerateAndFilter(), {"prompt": "x", "rubric": [{"ask": "y?"}], "n": 6, "keep": 1}, answer,
        patterns=[Rank()], screens=lambda _name, value: texts[value],
    )  # fmt: skip

    assert played.result["unique"] == 3
    assert played.result["kept"][0]["value"] == {"text": "<<text 2>>"}
    assert CANARY not in repr(played.result) + "".join(seen)


def test_the_forecast_is_exact_where_nothing_fails_and_nothing_is_alike():
    forecast = GenerateAndFilter().calls(Wish.model_validate(WISH))

    assert forecast.expected == CALLS + 2
