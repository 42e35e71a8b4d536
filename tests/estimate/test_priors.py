"""What a call takes while nobody knows: the table of the design, to the cent."""

from __future__ import annotations

import pytest

from hocket.api.calls import Call, Options
from hocket.engine.prices import Price, Prices
from hocket.estimate import priors
from hocket.estimate.pricing import Pricing

TABLE = [(2, 0.02), (6, 0.06), (18, 0.20), (36, 0.46), (60, 0.92), (180, 4.98)]
PRICED = Pricing(Prices({"m": Price(3.0, 15.0, 0.3, 3.75)}), "somebody", "m")


@pytest.mark.parametrize(("turns", "usd"), TABLE)
def test_an_agent_costs_what_the_table_says(turns, usd):
    micros = PRICED.cost(None, priors.agent(turns))
    assert micros / 1e6 == pytest.approx(usd, rel=0.04, abs=0.006)


def test_tokens_grow_with_the_square_of_the_turns():
    sent = [priors.agent(turns).usage.cache_read for turns in (50, 100, 200)]
    steps = [sent[1] - 2 * sent[0], sent[2] - 2 * sent[1]]
    assert steps[1] == pytest.approx(4 * steps[0], rel=0.02)


def taken(prompt="p" * 4_000, **options):
    return priors.sample(Call(1, "k", 0, prompt, "l", None, Options(**options)))


@pytest.mark.parametrize(
    ("options", "turns"),
    [
        ({}, 18),
        ({"tools": ("Read",)}, 18),
        ({"agent_type": "reader"}, 18),
        ({"role": "vote"}, 6),
        ({"role": "vote", "tools": ()}, 1),
        ({"role": "judge"}, 1),
        ({"tools": ()}, 1),
    ],
)
def test_turns_go_by_role_and_tools(options, turns):
    assert taken(**options).turns == turns


def test_a_long_prompt_is_in_it():
    short, long = taken("p"), taken("p" * 400_000)
    assert long.usage.cache_read - short.usage.cache_read == pytest.approx(17 * 100_000, rel=0.01)
    assert taken("p" * 4_000, tools=()).usage.input == 1_000 + 300 + 600
    assert long.seconds == short.seconds > taken(tools=()).seconds
