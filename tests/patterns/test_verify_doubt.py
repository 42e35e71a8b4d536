"""verify: the error it states, by formula and by control claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.patterns.draws import Draws
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.verify.doubt import Doubt, votes_to_lead, votes_to_majority
from hocket_plugins.patterns.verify.pattern import Verify

CELLS = [(1, 0), (2, 0), (3, 0), (3, 1), (4, 2), (9, 0)]
SHARES = st.floats(0.01, 0.49)
COUNTS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("rho", "errors"),
    [
        (0.0, [0.200, 0.059, 0.015, 0.059, 0.059, 0.000]),
        (0.2, [0.200, 0.097, 0.055, 0.188, 0.248, 0.007]),
        (0.4, [0.200, 0.129, 0.096, 0.298, 0.361, 0.040]),
    ],
)
def test_the_error_of_a_verdict_is_that_of_the_table(rho, errors):
    found = [Doubt(0.2, rho).error(*cell) for cell in CELLS]

    assert found == pytest.approx(errors, abs=6e-4)


@given(p=SHARES, rho=st.floats(0.0, 0.95), agreeing=COUNTS, others=COUNTS)
def test_an_error_is_a_share_and_votes_against_raise_it(p, rho, agreeing, others):
    doubt = Doubt(p, rho)
    error = doubt.error(agreeing, others)

    assert 0 <= error <= 1
    assert error + doubt.error(others, agreeing) == pytest.approx(1)
    assert doubt.error(agreeing, others + 1) >= error - 1e-9


@given(p=SHARES, low=st.floats(0, 0.5), more=st.floats(0, 0.4), agreeing=st.integers(2, 20))
def test_votes_that_copy_each_other_say_less(p, low, more, agreeing):
    assert Doubt(p, low + more).error(agreeing, 0) >= Doubt(p, low).error(agreeing, 0) - 1e-9


@given(rho=st.floats(0.01, 0.99), votes=st.integers(0, 500))
def test_votes_are_never_worth_more_than_one_by_rho(rho, votes):
    worth = Doubt(0.2, rho).worth_of(votes)

    assert 0 <= worth <= min(votes, 1 / rho) + 1e-9


def test_a_wide_lead_leaves_no_doubt_where_votes_are_independent():
    assert Doubt(0.01, 0).error(500, 0) < 1e-300


def test_a_coin_takes_the_square_of_its_lead():
    assert votes_to_lead(3, 0.5) == 9.0
    assert votes_to_lead(3, 0.499999) == pytest.approx(9.0, abs=1e-3)
    assert votes_to_lead(1, 0.2) == pytest.approx(1.0)


@given(p=SHARES, half=st.integers(0, 6))
def test_a_majority_takes_at_most_its_panel(p, half):
    cap = 2 * half + 1

    assert half + 1 <= votes_to_majority(cap, p) + 1e-9 <= cap + 2e-9


def controls(count, verdict="refuted"):
    return [{"text": f"known {number}", "verdict": verdict} for number in range(count)]


class Misled:
    """Vote right on claims; on controls wrong in so many first votes of each."""

    def __init__(self, wrong):
        self.wrong = wrong
        self.seen = {}
        self.asks = []

    def __call__(self, ask):
        self.asks.append(ask)
        item = ask.options["item"]
        name = item["text"] if isinstance(item, dict) else item
        vote = self.seen[name] = self.seen.get(name, -1) + 1
        if name.startswith("known"):
            misled = vote < self.wrong.get(int(name.split()[1]), 0)
            return {"verdict": "supported" if misled else "refuted", "reason": "so"}
        return {"verdict": "supported", "reason": "so"}


def verify(voters, **arguments):
    claims = [{"text": "a"}, {"text": "b"}]
    return run_pattern(Verify(), {"claims": claims, **arguments}, voters).result


def test_controls_measure_error_and_correlation():
    result = verify(Misled({0: 3, 1: 3, 2: 1}), controls=controls(10))

    wrong, votes, pairs = 7, 30, 30
    p = wrong / votes
    both = (3 + 3) / pairs
    assert result["error"]["basis"] == "controls"
    assert result["error"]["p"] == pytest.approx(p, abs=1e-4)
    assert result["error"]["rho"] == pytest.approx((both - p * p) / (p * (1 - p)), abs=1e-4)
    expected = Doubt(p, (both - p * p) / (p * (1 - p))).error(2, 0)
    assert result["verdicts"][0]["error"] == pytest.approx(expected, abs=1e-4)
    assert result["notes"] == [
        "7 of 30 control votes were wrong; the stated error rests on them",
    ]


def test_too_few_control_votes_measure_nothing():
    few = verify(Misled({0: 3, 1: 3}), controls=controls(6))
    right = verify(Misled({0: 3, 1: 1}), controls=controls(10))

    assert few["error"]["basis"] == right["error"]["basis"] == "assumed"
    assert right["notes"][0].startswith("4 of 30 control votes were wrong: too few to measure by")


def test_controls_are_not_in_the_result():
    result = verify(Misled({}), controls=controls(4))

    assert len(result["verdicts"]) == 2
    assert result["supported"] == [{"text": "a"}, {"text": "b"}]
    assert result["calls"] == 2 * 2 + 4 * 3


def test_where_nothing_is_voted_on_nobody_is_measured():
    known = {"controls": controls(4), "screen": ["s"]}
    played = run_pattern(Verify(), {"claims": ["a"], **known}, Misled({}), screens=absent)
    nothing = Verify().calls(Verify.arguments.model_validate({"claims": [None], **known}))

    assert played.asks == []
    assert nothing.worst == 0


def absent(_name, _item):
    return "absent"


def test_voters_cannot_tell_a_control_from_a_claim():
    voters = Misled({})
    verify(voters, controls=controls(2))
    prompts = [ask.prompt for ask in voters.asks]

    assert not any('refuted"' in prompt or "control" in prompt for prompt in prompts)
    first, known = prompts[0], next(prompt for prompt in prompts if "known 0" in prompt)
    assert first.replace('"a"', '"known 0"') == known


def test_among_texts_a_control_is_a_text():
    shown = []

    def voters(ask):
        shown.append(ask.options["item"])
        return {"verdict": "supported", "reason": "so"}

    given_ = {"claims": ["a", None], "controls": [{"claim": "b", "verdict": "supported"}]}
    run_pattern(Verify(), given_, voters)
    assert sorted(set(shown)) == ["a", "b"]


def test_a_control_that_fails_measures_less_and_nothing_else():
    def voters(ask):
        return fails() if "known" in str(ask.options["item"]) else {"verdict": "supported"}

    result = verify(voters, controls=controls(2))
    assert result["supported"] == [{"text": "a"}, {"text": "b"}]
    assert result["complete"] is True


def test_control_votes_that_could_tell_nothing_are_not_wrong():
    result = verify(lambda _ask: {"verdict": "cannot_tell"}, controls=controls(10))

    assert result["error"]["basis"] == "assumed"
    assert result["notes"][-1].startswith("0 of 0 control votes were wrong")


def test_with_many_controls_the_measure_nears_the_truth():
    draws, misled = Draws(7), {}

    def voters(ask):
        error = misled.setdefault(str(ask.options["item"]), (0.05, 0.5)[draws.unit() < 1 / 3])
        return {"verdict": "supported" if draws.unit() < error else "refuted", "reason": "so"}

    measured = verify(voters, controls=controls(2_000), lead=4, cap=12, lenses=["x"] * 8)["error"]

    p, both = 0.2, (2 * 0.05**2 + 0.5**2) / 3
    assert measured["p"] == pytest.approx(p, abs=0.02)
    assert measured["rho"] == pytest.approx((both - p * p) / (p * (1 - p)), abs=0.03)
