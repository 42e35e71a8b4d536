"""Money of single turns: exact, rounded up, never zero for a model nobody knows."""

from __future__ import annotations

import sys
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Usage
from hocket.engine.prices import Price, Prices

COUNT = st.integers(0, 2_000_000)
USAGES = st.builds(
    Usage, input=COUNT, cache_read=COUNT, cache_write=COUNT, cache_write_1h=COUNT, output=COUNT
)


def test_a_person_sets_dollars_per_million_tokens():
    prices = Prices({"mine": Price(3.0, 15.0, 0.30, 3.75)})
    usage = Usage(input=1000, output=100, cache_read=10_000, cache_write=200, cache_write_1h=200)

    assert prices.cost("any", "mine", usage) == 3000 + 1500 + 3000 + 1500


@pytest.mark.parametrize(("tokens", "micros"), [(1, 1), (10, 1), (11, 2), (20, 2), (0, 0)])
def test_parts_of_a_millionth_are_rounded_up(tokens, micros):
    assert Prices({"mine": Price(input=0.1)}).cost("any", "mine", Usage(input=tokens)) == micros


@given(USAGES, st.integers(1, 500))
def test_a_price_in_whole_cents_is_exact(usage, cents):
    """A float cannot hold a cent, but what it costs is counted as if it could."""
    prices = Prices({"mine": Price(*[cents / 100] * 4)})
    tokens = usage.input + usage.output + usage.cache_read
    exact = Decimal(tokens + usage.cache_write + usage.cache_write_1h) * cents / 100

    assert prices.cost("any", "mine", usage) == exact.to_integral_value(ROUND_CEILING)


@pytest.mark.parametrize("provider", ["simulate", "scripted", "local"])
def test_what_never_bills_costs_nothing(provider):
    assert Prices({"mine": Price(5.0)}).cost(provider, "mine", Usage(input=10**6)) == 0


@pytest.mark.parametrize(
    ("usage", "micros"),
    [
        (Usage(input=100_000), 300_000),
        (Usage(output=1_000), 15_000),
        (Usage(cache_read=10_000), 3_000),
        (Usage(cache_write=10_000), 37_500),
        (Usage(searches=3), 30_000),
    ],
)
def test_the_table_knows_what_a_known_model_costs(usage, micros):
    assert Prices().cost("anthropic", "claude-sonnet-4-5", usage) == micros


def test_a_cache_written_for_an_hour_costs_more():
    for_minutes = Prices().cost("anthropic", "claude-sonnet-4-5", Usage(cache_write=100_000))
    for_an_hour = Prices().cost("anthropic", "claude-sonnet-4-5", Usage(cache_write_1h=100_000))

    assert for_an_hour > for_minutes


@pytest.mark.parametrize(
    ("provider", "model"), [("anthropic", "no-such-model"), ("nobody", "claude-sonnet-4-5")]
)
def test_what_the_table_does_not_know_has_no_price(provider, model):
    assert Prices().cost(provider, model, Usage(input=5)) is None


def test_without_the_table_only_own_prices_are_known(monkeypatch):
    for name in ("genai_prices", "genai_prices.data_snapshot"):
        monkeypatch.setitem(sys.modules, name, None)
    prices = Prices({"mine": Price(2.0)})

    assert prices.cost("anthropic", "claude-sonnet-4-5", Usage(input=5)) is None
    assert prices.cost("anthropic", "mine", Usage(input=5)) == 10
    assert prices.newest("anthropic", "sonnet") is None


def test_the_newest_model_of_a_line_is_told_by_the_numbers_in_its_name():
    newest = Prices().newest("anthropic", "sonnet")
    numbers = [int(part) for part in newest.split("-") if part.isdigit()]

    assert newest.startswith("claude-sonnet-")
    assert numbers >= [4, 6]
    assert Prices().cost("anthropic", newest, Usage(output=1_000)) > 0


@pytest.mark.parametrize(("provider", "line"), [("anthropic", "nothing"), ("nobody", "sonnet")])
def test_a_line_that_the_table_does_not_know_has_no_newest(provider, line):
    assert Prices().newest(provider, line) is None
