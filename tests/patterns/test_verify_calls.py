"""verify: how many calls it makes, never more than it said, and none that could be spared."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.patterns.draws import Draws
from hocket.testing import run
from hocket.testing.patterns import PatternStage, fails, run_pattern
from hocket_plugins.patterns.verify.pattern import Verify
from hocket_plugins.patterns.verify.rules import VERDICTS, Full, Majority, Sequential, Tally

VOTES = st.lists(st.sampled_from(VERDICTS), min_size=40, max_size=40)
ODD = st.integers(0, 4).map(lambda half: 2 * half + 1)


def forecast(**arguments):
    return Verify().calls(Verify.arguments.model_validate({"claims": ["a"], **arguments}))


@pytest.mark.parametrize(
    ("arguments", "expected", "worst"),
    [
        ({}, 2.94, 9),
        ({"lead": 3}, 4.85, 14),
        ({"lead": 4}, 6.61, 18),
        ({"lead": 1}, 1.0, 5),
        ({"cap": 2}, 2.0, 3),
        ({"spares": 0}, 2.94, 6),
        ({"rule": "majority"}, 2.32, 5),
        ({"screen": ["quote_in_source"]}, 2.94, 14),
        ({"claims": []}, 0.0, 0),
        ({"claims": [None, "a", None]}, 2.94, 9),
        ({"claims": ["a"] * 100}, 294.12, 900),
        ({"claims": ["a"] * 100, "quota": 3}, 8.82, 27),
        ({"claims": ["a"] * 100, "max_calls": 40}, 40, 40),
        ({"controls": [{"text": "x", "verdict": "refuted"}] * 2}, 8.94, 19),
    ],
)
def test_the_forecast_names_what_to_expect_and_a_bound(arguments, expected, worst):
    count = forecast(**arguments)

    assert count.expected == pytest.approx(expected, abs=0.01)
    assert count.worst == worst


def test_a_quota_is_counted_with_the_dearest_claims_of_each_group():
    claims = [{"of": of, "importance": how} for of in "ab" for how in ("low", "high", "normal")]
    count = forecast(claims=claims, lead={"low": 1, "high": 3}, group="of", quota=1)

    assert count.worst == 2 * 14


ARGUMENTS = st.fixed_dictionaries(
    {
        "claims": st.lists(
            st.one_of(
                st.none(),
                st.text("abc", max_size=3),
                st.fixed_dictionaries(
                    {
                        "importance": st.sampled_from(["low", "normal", "high", 3, None]),
                        "of": st.sampled_from("xyz"),
                    }
                ),
            ),
            max_size=12,
        ),
    },
    optional={
        "lead": st.one_of(st.integers(1, 4), st.just({"low": 1, "normal": 2, "high": 4})),
        "cap": st.integers(5, 11),
        "at_cap": st.sampled_from(["unverified", "majority"]),
        "screen": st.just(["numbers_match"]),
        "group": st.just("of"),
        "quota": st.integers(1, 3),
        "spares": st.integers(0, 4),
        "controls": st.just([{"text": "k", "verdict": "supported"}] * 2),
        "max_calls": st.integers(1, 30),
    },
)


@settings(max_examples=150, deadline=None)
@given(ARGUMENTS, st.integers(0, 2**32), st.sampled_from([0.0, 0.2, 0.7]))
def test_the_bound_is_never_exceeded_whatever_is_answered(arguments, seed, failing):
    draws = Draws(seed)

    def voters(_ask):
        if draws.unit() < failing:
            return fails((EndState.ERROR, EndState.TIMEOUT)[draws.below(2)])
        return {"verdict": VERDICTS[draws.below(4)], "reason": "so"}

    def screens(_name, _item):
        return ("ok", "absent", "differs")[draws.below(3)]

    played = run_pattern(Verify(), arguments, voters, screens=screens)
    count = Verify().calls(Verify.arguments.model_validate(arguments))

    assert len(played.asks) == played.result["calls"] <= count.worst
    assert 0 <= count.expected <= count.worst
    assert len(played.asks) <= arguments.get("max_calls", len(played.asks))
    states = Counter(told["state"] for told in played.result["verdicts"])
    assert states.total() == len(arguments["claims"])
    assert states["skipped"] == arguments["claims"].count(None)
    for told in played.result["verdicts"]:
        assert (told["error"] is None) == (told["state"] in {"unverified", "skipped"})
        assert (told["cause"] is None) == (told["error"] is not None)


def take(rule, votes):
    """Vote in waves; give the tally, and the sizes of the waves."""
    tally, waves, left = Tally(), [], iter(votes)
    while count := rule.more(tally):
        waves.append(count)
        tally.counts.update(next(left) for _ in range(count))
    return tally, waves


@given(ODD, VOTES)
def test_a_curtailed_majority_gives_the_verdict_of_the_full_panel(cap, votes):
    tally, _ = take(Majority(cap), votes)
    full = Tally(Counter(votes[:cap]))

    held = tally.leader if Majority(cap).holds(tally) else None
    assert held == (full.leader if full.lead > 0 else None)
    assert tally.votes <= cap


@given(st.integers(1, 5), st.integers(1, 12), st.booleans(), VOTES)
def test_waves_take_no_vote_that_one_by_one_would_have_spared(lead, cap, plurality, votes):
    rule = Sequential(cap, lead, plurality)
    tally, waves = take(rule, votes)

    for taken in range(tally.votes):
        assert not rule.holds(Tally(Counter(votes[:taken])))
    assert sum(waves) <= cap
    assert not waves or waves[0] == min(lead, cap)


@given(st.integers(1, 5), st.integers(1, 12), VOTES)
def test_voting_ends_where_no_lead_can_be_reached(lead, cap, votes):
    tally, _ = take(Sequential(cap, lead), votes)

    assert tally.lead >= lead or tally.lead + cap - tally.votes < lead


def test_a_full_panel_decides_nothing_by_itself():
    tally, waves = take(Full(3), ["supported"] * 3)

    assert (waves, Full(3).holds(tally)) == ([3], False)


class Unhurried(PatternStage):
    """Answers after a while that a seed draws."""

    def __init__(self, seed):
        super().__init__(self.vote, patterns=[Verify()])
        self.draws = Draws(seed)

    async def attempt(self, ask):
        await asyncio.sleep(self.draws.unit())
        return await super().attempt(ask)

    def vote(self, ask):
        kind = Draws(sum(ask.prompt.encode())).below(5)
        verdicts = ("supported", "supported", "refuted", "qualified")
        return fails() if kind == 4 else {"verdict": verdicts[kind], "reason": "so"}


@pytest.mark.parametrize("seed", range(1, 50, 7))
def test_latencies_change_neither_requests_nor_result(seed):
    claims = [{"text": f"c{n}", "importance": n % 3, "of": n % 4} for n in range(30)]
    arguments = {"claims": claims, "group": "of", "spares": 0}
    stages = [Unhurried(seed), Unhurried(seed + 1)]
    first, second = (run(stage.pattern("verify", arguments)) for stage in stages)

    assert first == second
    prompts = [sorted(ask.prompt for ask in stage.played.asks) for stage in stages]
    assert prompts[0] == prompts[1]
    assert len(set(map(str, (stage.played.asks for stage in stages)))) == 2
