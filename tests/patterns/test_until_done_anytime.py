"""Whatever the latencies, wherever the money ends, whoever holds the texts: the same search."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState, Usage
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import PatternStage, fails, run_pattern
from hocket_plugins.patterns.until_done.pattern import UntilDone
from hocket_plugins.patterns.verify.pattern import Verify

SCHEMA = {"type": "object", "properties": {"items": {"type": "array"}}, "required": ["items"]}
SEARCH = {
    "prompt": "Find leaks.",
    "schema": SCHEMA,
    "key": "at",
    "same": "the same leak",
    "verify": {"lead": 2, "cap": 3, "spares": 1, "at_cap": "majority"},
    "value": 3.0,
}
ROWS = ["abf", "c", "aX", "b", "c", "g", "de", "d", "f", "h", "e", "g", "h", "i", "j"]
STOPS = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}


def answers(ask):
    """Find by number; x is another word for b, c is wrong, votes on d differ."""
    item, role = ask.options["item"], ask.options["role"]
    if role == "find":
        row = ROWS[item["index"] % len(ROWS)]
        value = {"items": [{"at": place} for place in row]}
        return Reply(state=EndState.OK, value=value, call="1", usage=Usage(cost_micros=200_000))
    if role == "read":
        names = [one["at"] for one in item]
        both = [names.index(name) + 1 for name in ("b", "X") if name in names]
        return {"groups": [both] if len(both) > 1 else []}
    wrong = item["at"] == "c" or (item["at"] == "d" and "Vote 1." in ask.prompt)
    return {"verdict": "refuted" if wrong else "supported", "reason": "so"}


class Late(PatternStage):
    """Answers each call only after others had so many turns."""

    def __init__(self, turns, answer):
        super().__init__(answer, patterns=[UntilDone(), Verify()], screens=lambda _, it: it)
        self._turns = turns

    async def attempt(self, ask):
        for _ in range(self._turns[len(self.played.asks) % len(self._turns)]):
            await asyncio.sleep(0)
        return await super().attempt(ask)


def play(answer=answers, turns=(0,)):
    stage = Late(turns, answer)
    stage.played.result = asyncio.run(stage.pattern("until_done", SEARCH))
    return stage.played


PLAIN = play()
CALLS = len(PLAIN.asks)


def test_the_plain_search():
    assert PLAIN.result["n"] > 6
    assert PLAIN.result["stopped"] is None
    assert [row["value"]["at"] for row in PLAIN.result["rejected"]] == ["c"]
    assert [row["value"]["at"] for row in PLAIN.result["items"]][:5] == ["a", "b", "f", "g", "d"]


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
def test_a_stop_at_any_point_invents_no_state(after, stop, failing, turns):
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
    states = {row["value"]["at"]: row["state"] for row in result["rejected"]}
    assert states.pop("c", "refuted") in {"refuted", "unverified"}
    assert {*states.values()} <= {"unverified"}
    assert "c" not in [row["value"]["at"] for row in result["items"]]


CANARY = "colourless green ideas"


def test_texts_may_stay_behind_handles():
    texts = {f"<<text {n}>>": f"{CANARY} {n % 4}" for n in range(12)}
    seen = []

    def answer(ask):
        seen.append(repr(ask))
        if ask.options["role"] == "vote":
            return {"verdict": "supported", "reason": f"<<{len(seen)}>>"}
        index = ask.options["item"]["index"]
        return {"items": [{"at": f"<<text {index}>>"}, {"at": f"<<text {index + 3}>>"}]}

    played = run_pattern(
        UntilDone(), {**SEARCH, "same": None, "value": None}, answer,
        patterns=[Verify()], screens=lambda _name, value: texts[value],
    )  # fmt: skip

    assert [row["value"]["at"] for row in played.result["items"]] == [
        "<<text 0>>", "<<text 3>>", "<<text 1>>", "<<text 2>>",
    ]  # fmt: skip
    assert CANARY not in repr(played.result) + "".join(seen)
