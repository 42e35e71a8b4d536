"""Claims before the real `verify`, with fewer worlds than the bench: its bars, a little wider."""

from __future__ import annotations

from math import sqrt

import metrics
import pytest
from planted.backend import draws_of
from planted.chance import beta
from planted.corpus import PlantedCorpus
from planted.errors import Errors
from planted.hunt import hunted
from planted.labelled import labelled
from planted.study import COLUMNS, RATES, WITHIN
from planted.trial import Outcome, Trial, checked

WORLDS = 6


def played(rates, worlds=WORLDS):
    fail, p, rho = rates
    told, fixed = Outcome(), Outcome()
    for seed in range(worlds):
        trial = Trial(seed, Errors(vote_error=p, vote_rho=rho, fail=fail))
        told.add(trial, trial.states())
        fixed.add(trial, trial.counted_as_refutations())
    return told.figures, fixed.figures


@pytest.mark.parametrize("rates", [(0.0, 0.1, 0.0), (0.3, 0.2, 0.4)])
def test_figures_of_claims_are_near_those_of_the_specification(rates):
    figures, fixed = played(rates)
    facts = 60 * WORLDS
    for column, goal in zip(COLUMNS, RATES[rates], strict=False):
        if column == "unverified":
            noise = 3 * sqrt(goal / WORLDS)
        else:
            noise = 3 * sqrt(goal * (1 - goal) / facts) * (2 if rates[2] else 1)
        assert figures[column] == pytest.approx(goal, abs=WITHIN[column] + noise), column
    assert fixed["true claims refuted"] == pytest.approx(RATES[rates][5], abs=0.1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rates", RATES)
def test_figures_of_claims_in_full(rates):
    figures, fixed = played(rates, 300)
    for column, goal in zip(COLUMNS, RATES[rates], strict=False):
        assert figures[column] == pytest.approx(goal, abs=WITHIN[column]), column
    assert fixed["facts found"] == pytest.approx(RATES[rates][4], abs=0.02)
    assert fixed["true claims refuted"] == pytest.approx(RATES[rates][5], abs=0.02)


def test_a_failure_makes_no_other_verdict():
    for seed in range(4):
        whole = Trial(seed, Errors(vote_rho=0.4))
        failing = Trial(seed, Errors(vote_rho=0.4, fail=0.5))
        assert whole.claims == failing.claims
        for before, after in zip(whole.states(), failing.states(), strict=True):
            assert after in {before, "unverified"}


def test_nobody_answers_and_nothing_is_decided():
    trial = Trial(0, Errors(fail=1.0))
    assert set(trial.states()) == {"unverified"}


def test_what_is_invented_is_dropped_by_the_screen():
    trial = Trial(1, Errors(invent=1.0))
    invented = [claim["invented"] for claim in trial.claims]
    assert any(invented)
    for made_up, state in zip(invented, trial.states(), strict=True):
        assert not made_up or state == "unverified"


@pytest.mark.parametrize(("p", "rho"), [(0.1, 0.0), (0.1, 0.4), (0.3, 0.2)])
def test_difficulties_have_the_mean_and_spread_they_are_said_to_have(p, rho):
    drawn = [beta(p, rho, draws_of("beta", number)) for number in range(3_000)]
    mean = sum(drawn) / len(drawn)
    spread = sum((one - mean) ** 2 for one in drawn) / len(drawn)
    assert mean == pytest.approx(p, abs=0.02)
    assert spread == pytest.approx(rho * p * (1 - p), abs=0.01)
    assert all(0 <= one <= 1 for one in drawn)


def test_labelled_claims_get_their_labels_from_voters_who_never_err():
    corpus = PlantedCorpus(seed=0)
    told = metrics.labels(labelled(corpus), checked(corpus, Errors(vote_error=0.0)))
    assert told["verdict precision"].value == told["verdict recall"].value == 1
    assert told["verdict on NOT ENOUGH INFO"].value == 0
    erring = metrics.labels(labelled(corpus), checked(corpus, Errors(vote_error=0.4)))
    assert erring["verdict precision"].value < 0.9


@pytest.mark.parametrize("shelf", ["alike", "uneven", "singly"])
def test_finders_find_facts_of_the_corpus_and_say_how_many_at_most(shelf):
    true, stated = hunted(PlantedCorpus(seed=0), shelf, most=8)
    assert 0 < true <= 1
    assert 0 < stated <= 1
    assert hunted(PlantedCorpus(seed=0), shelf, most=8) == (true, stated)
