"""Prices: by the model that a call would get, in the prompt's size tier, or unknown."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.engine.prices import Price, Prices
from hocket.estimate.pricing import Pricing
from hocket.estimate.samples import Sample
from hocket.testing import ScriptedBackend

USAGE = Usage(input=1_000, cache_read=50_000, cache_write=2_000, output=3_000)
SAMPLE = Sample(USAGE, 5, 10.0)


class Tiers:
    """A table that has a dearer tier for long prompts, and counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def cost(self, provider, model, usage):
        self.asked += 1
        sent = usage.input + usage.cache_read + usage.cache_write
        rate = 2 if sent > 20_000 else 1
        return None if model == "strange" else rate * (sent + 5 * usage.output)


def test_a_call_costs_its_kinds_of_tokens():
    table = Prices({"m": Price(3.0, 15.0, 0.3, 3.75)})
    pricing = Pricing(table, "somebody", "m")
    assert pricing.cost(None, SAMPLE) == 3_000 + 15_000 + 7_500 + 45_000
    assert pricing.cost("other", SAMPLE) is None
    assert Pricing(table, "local", None).cost(None, SAMPLE) == 0


def test_the_tier_goes_by_the_size_of_one_turn_and_each_tier_is_asked_for_once():
    table = Tiers()
    pricing = Pricing(table, "somebody", "m")
    assert pricing.cost(None, SAMPLE) == 53_000 + 15_000
    asked = table.asked
    assert pricing.cost(None, SAMPLE) == 68_000
    assert table.asked == asked
    assert pricing.cost(None, Sample(USAGE, 1, 0.0)) == 2 * 68_000
    assert pricing.cost("strange", SAMPLE) is None


@pytest.mark.parametrize(
    ("model", "named"), [(None, "scripted-1"), ("small", "tiny-2"), ("whatever", "whatever")]
)
def test_names_are_those_the_backend_would_use(shop, model, named):
    shop.save("return 1")
    shop.choices = {"model": "scripted-1"}
    pricing = Pricing.of(shop.prepared())
    pricing.aliases = {"small": "tiny-2"}
    assert pricing.named(model) == named
    assert pricing.provider == "scripted"


def test_a_bound_backend_asks_its_provider_and_knows_the_short_names(shop, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    shop.settings(
        '[anthropic.aliases]\nsmall = "tiny-2"\n'
        "[prices.tiny-2]\ninput = 1.0\noutput = 2.0\n[prices.big]\ninput = 5.0\noutput = 9.0\n"
    )
    shop.save("return 1")
    shop.choices = {"backend": "agent_loop", "model": "small"}
    pricing = Pricing.of(shop.prepared(backend=ScriptedBackend({})))
    assert (pricing.provider, pricing.named(None)) == ("anthropic", "tiny-2")
    assert pricing.named("openai/gpt-x") == "gpt-x"
    assert pricing.named("no-provider/x") == "no-provider/x"
    sample = Sample(Usage(input=1_000_000, output=0), 1, 0.0)
    assert pricing.cost(None, sample) == 1_000_000
    assert pricing.cost("anthropic/big", sample) == 5_000_000
    assert pricing.cost("openai/big", sample) == 5_000_000


def test_a_short_name_that_only_the_service_can_resolve_is_priced_as_the_newest_of_its_line():
    pricing = Pricing(Prices(), "anthropic", "medium")
    assert pricing.cost(None, SAMPLE) is None

    pricing.lines = {"anthropic": {"medium": "sonnet", "sonnet": "sonnet", "odd": "oddity"}.get}
    newest = Prices().newest("anthropic", "sonnet")

    assert pricing.cost(None, SAMPLE) == pricing.cost(newest, SAMPLE)
    assert pricing.cost("odd", SAMPLE) is None
    assert pricing.assumed == {"medium": newest}


def test_a_person_who_says_what_a_short_name_means_is_believed():
    pricing = Pricing(Prices({"mine": Price(1.0, 1.0, 1.0, 1.0)}), "anthropic", "medium")
    pricing.aliases, pricing.lines = {"medium": "mine"}, {"anthropic": lambda _alias: "sonnet"}

    assert pricing.cost(None, SAMPLE) == 56_000
    assert pricing.assumed == {}


def test_the_estimate_says_as_what_a_short_name_was_priced(shop, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-a-key")
    shop.save("from hocket.script import agent\n\nasync def main():\n    return await agent('x')")
    shop.choices = {"backend": "agent_loop", "model": "small"}

    made = shop.estimate()

    assert made.figures["usd"].p50 > 0
    assert any(note.startswith("small is priced as claude-haiku-") for note in made.notes)
