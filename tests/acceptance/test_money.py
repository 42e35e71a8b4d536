"""A26 to A28: the prefix gate, what many agents cost, and the price of a turn."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest
from choir import Choir
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import LongWinded

from hocket.api.calls import Usage
from hocket.engine.prices import Prices

# A26

SIBLINGS = """
    async def one(n):
        say = f"id={n}; " + (args if n == 0 else "first=100; lat=200;")
        return (await attempt(say, agent_type="long"))["state"]
    return await parallel([lambda n=n: one(n) for n in range(6)])
    """


@pytest.mark.parametrize(
    ("first", "begins", "writes"),
    [
        ("first=1000; lat=2000;", [1.0] * 5, 1),
        ("first=6000; lat=7000;", [5.0] * 5, 6),
        ("fault=400;", [0.0] + [0.1] * 4, 1),
    ],
)
def test_a26_the_others_start_when_the_prefix_is_there(office, first, begins, writes):
    office.play(SIBLINGS, first, plugins={"types": LongWinded()}, flags={"concurrency": 6})
    starts = sorted(entry.at_s for entry in office.server.log if entry.id != "0")
    assert starts == pytest.approx(begins, abs=0.05)
    written = [written_by(entry) for entry in office.server.log if entry.usage]
    assert sum(tokens > 5_000 for tokens in written) <= writes


def written_by(entry):
    return entry.usage["cache_creation_input_tokens"]


def test_a26_after_the_caches_time_one_goes_first_again(office):
    body = """
        async def wave(name):
            say = lambda n: f"id={name}{n}; first=1000; lat=1500;"
            return await parallel([
                lambda n=n: agent(say(n), agent_type="long") for n in range(4)
            ])
        await wave("a")
        await agent("id=wait; fault=429:1; after=400;", tools=[], model="openai/standin")
        await wave("b")
        return "done"
        """
    done = office.play(body, plugins={"types": LongWinded()}, flags={"concurrency": 6})
    assert done.result == "done"
    for name in ("a", "b"):
        starts = sorted(e.at_s for e in office.server.log if e.id.startswith(name))
        assert [at - starts[0] for at in starts] == pytest.approx([0, 1, 1, 1], abs=0.05)


# A27: table 7.5


@pytest.mark.slow
@pytest.mark.timeout(120)  # a few seconds, but of work: beside other work it takes longer
def test_a27_the_choir_of_27_costs_what_one_written_prefix_allows(office):
    choir = Choir(office)
    cost, written = choir.sing()
    assert (cost <= 5.50, written) == (True, 1), cost
    assert cost == pytest.approx(5.41, rel=0.02)
    assert choir.done.report["cost_usd"] == pytest.approx(cost, abs=0.001)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a27_without_a_cache_and_with_one_for_each_agent(office):
    assert Choir(office).sing(cached=False)[0] == pytest.approx(29.21, rel=0.02)
    cost, written = Choir(office, own=True).sing()
    assert (cost, written) == (pytest.approx(6.49, rel=0.02), 27)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("prefix", "gain"), [(4_000, 0.21), (12_000, 0.63), (30_000, 1.55)])
def test_a27_the_gate_is_worth_what_the_table_says(office, prefix, gain):
    """A first byte after six seconds lets all sixteen race: nobody waits longer than five."""
    gated, once = Choir(office, prefix).sing()
    raced, often = Choir(office, prefix).sing(first_ms=6_000)
    assert (once, often) == (1, 16)
    assert raced - gated == pytest.approx(gain, rel=0.05)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a27_a_thousand_agents_of_seventeen_calls_stay_below_200_dollars(office):
    cost, written = Choir(office, agents=1_000, requests=17_000).sing()
    assert (cost <= 200, written) == (True, 1), cost


# A28

HAND = {
    "claude-sonnet-4-6": ("3", "15", "0.30", "3.75", "6"),
    "claude-opus-5-5": ("4", "20", "0.20", "5", "8"),
    "claude-haiku-4-5": ("1", "5", "0.10", "1.25", "2"),
    "claude-haiku-5-5": ("0.10", "0.50", "0.01", "0.125", "0.20"),
}
"""Dollars for a million: input, output, read, written for minutes, written for an hour."""
TIER, DEARER = 100_000, {"claude-haiku-5-5": 5}
"""With a longer input everything costs so many times as much."""
COUNT = st.integers(0, 190_000)
SEARCH = Decimal("0.01")


@settings(max_examples=1_000, deadline=None)
@example("claude-haiku-5-5", (100_000, 1_000, 0, 0, 0), 0)
@example("claude-haiku-5-5", (100_001, 1_000, 0, 0, 0), 0)
@given(
    st.sampled_from(sorted(HAND)), st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT), st.integers(0, 20)
)
def test_a28_a_turn_costs_what_a_hand_would_compute(model, counts, searches):
    fresh, output, read, minutes, hour = counts
    usage = Usage(
        input=fresh,
        output=output,
        cache_read=read,
        cache_write=minutes,
        cache_write_1h=hour,
        searches=searches,
    )
    times = DEARER.get(model, 1) if fresh + read + minutes + hour > TIER else 1
    exact = times * sum(
        (Decimal(count) * Decimal(price) for count, price in zip(counts, HAND[model], strict=True)),
        Decimal(0),
    )
    expected = int(exact.to_integral_value(ROUND_CEILING)) + int(searches * SEARCH * 1_000_000)
    assert Prices().cost("anthropic", model, usage) == expected


@given(st.text("abcdefgh-", min_size=3, max_size=20).filter(lambda name: "-" in name))
@example("claude-nine-9")
def test_a28_a_model_nobody_knows_is_never_free(model):
    assert Prices().cost("anthropic", f"no-such-{model}", Usage(input=1_000)) is None
