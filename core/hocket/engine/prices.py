"""What a turn costs: the price table that comes with hocket, and what a person set instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocket.api.calls import Usage

MICROS = Decimal(1_000_000)
FREE = frozenset({"simulate", "scripted", "local"})
"""Providers that never bill."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens, as a person set them for a model the table does not know."""

    input: float = 0.0
    output: float = 0.0
    cache_read: float = 0.0
    cache_write: float = 0.0


class Prices:
    """Prices single turns: a sum of turns has no price, since some models have size tiers."""

    def __init__(self, own: Mapping[str, Price] | None = None) -> None:
        self._own = own or {}
        self._unknown: set[tuple[str, str]] = set()
        """The table looks through all its models to find that it has none, for every turn."""

    def newest(self, provider: str, line: str) -> str | None:
        """Name the newest model of a line that the table has a price for."""
        versions = [(numbers, name) for name, numbers in _models(provider, line)]
        return max(versions)[1] if versions else None

    def cost(self, provider: str, model: str, usage: Usage) -> int | None:
        """Price a turn in millionths of a dollar, rounded up; None when no price is known."""
        if provider in FREE:
            return 0
        own = self._own.get(model)
        if own is not None:
            return _own(own, usage)
        if (provider, model) in self._unknown:
            return None
        cost = _table(provider, model, usage)
        if cost is None:
            self._unknown.add((provider, model))
        return cost


def _models(provider: str, line: str) -> Iterator[tuple[str, list[int]]]:
    """List the models of a line with the numbers in their names: those tell old from new."""
    try:
        from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415  (as below)

        found = get_snapshot().find_provider(None, provider, None)
    except (ImportError, LookupError):
        return
    for model in found.models:
        if line in model.id.split("-"):
            yield model.id, [int(number) for number in re.findall(r"\d+", model.id)]


def _own(price: Price, usage: Usage) -> int:
    micros = (
        usage.input * _exact(price.input)
        + usage.output * _exact(price.output)
        + usage.cache_read * _exact(price.cache_read)
        + (usage.cache_write + usage.cache_write_1h) * _exact(price.cache_write)
    )
    return int(micros.to_integral_value(ROUND_CEILING))


def _exact(dollars: float) -> Decimal:
    """Take a price as a person wrote it: 0.1 is a tenth."""
    return Decimal(str(dollars))


def _table(provider: str, model: str, usage: Usage) -> int | None:
    """Ask the table; its input count includes what was read from and written to caches."""
    try:
        from genai_prices import Usage as Billed  # noqa: PLC0415  (0.2 s, only where money flows)
        from genai_prices import calc_price  # noqa: PLC0415

        written = usage.cache_write + usage.cache_write_1h
        billed = Billed(
            input_tokens=usage.input + usage.cache_read + written,
            cache_read_tokens=usage.cache_read,
            cache_write_tokens=written,
            cache_write_1h_tokens=usage.cache_write_1h,
            output_tokens=usage.output,
        )
        price = calc_price(billed, model_ref=model, provider_id=provider).total_price
    except (ImportError, LookupError):
        return None
    return int((price * MICROS).to_integral_value(ROUND_CEILING)) + usage.searches * 10_000
