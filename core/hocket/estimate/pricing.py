"""What tokens cost on the model that a call will get."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.api.providers import Lined
from hocket.engine.prices import FREE
from hocket.launch import binding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.engine.prices import Prices
    from hocket.estimate.samples import Sample
    from hocket.launch.prepare import Prepared

    Rates = tuple[float, float, float, float]

_SMALLEST, _SOME = 1_000, 1_000


def _no_line(_alias: str) -> str:
    """Know no line of models."""
    return ""


class Pricing:
    """The price table, and the names by which the backend of this run would ask it."""

    def __init__(self, table: Prices, provider: str, model: str | None) -> None:
        self._table = table
        self.provider = provider
        self._model = model
        self.aliases: Mapping[str, str] = {}
        self.providers: frozenset[str] = frozenset()
        self.assumed: dict[str, str] = {}
        """Short names, and the model that each was priced as."""
        self.lines: Mapping[str, Callable[[str], str]] = {}
        """By provider: which line of models a short name means."""
        self._rates = lru_cache(maxsize=None)(self._asked)

    @classmethod
    def of(cls, prepared: Prepared) -> Pricing:
        """Find out what the backend of a prepared run would use; asks nobody."""
        project, backend = prepared.project, prepared.backend
        bound = isinstance(backend, binding.Bindable) and prepared.providers
        provider = prepared.providers[0].name if bound else backend.name
        sections = project.loaded.sections
        model = project.plugin_settings.choices.get("model")
        model = model or getattr(sections.get(backend.name), "model", None)
        pricing = cls(binding.prices(project.loaded.settings), provider, model)
        section = sections.get(provider) or sections.get(provider.partition("_")[0])
        pricing.aliases = getattr(section, "aliases", None) or {}
        pricing.providers = frozenset(one.name for one in prepared.providers)
        pricing.lines = {one.name: one.line for one in prepared.providers if isinstance(one, Lined)}
        return pricing

    def named(self, model: str | None) -> str:
        """Give the name of the model that a call with this wish gets; empty when nobody knows."""
        name = model or self._model or ""
        first, slash, rest = name.partition("/")
        name = rest if slash and first in self.providers else name
        return self.aliases.get(name, name)

    def cost(self, model: str | None, sample: Sample) -> int | None:
        """Price a call as so many turns of its mean size; None when no price is known."""
        usage, turns = sample.usage, max(1, sample.turns)
        written = usage.cache_write + usage.cache_write_1h
        size = _SMALLEST
        while size < (usage.input + usage.cache_read + written) / turns:
            size *= 2
        rates = self._rates(self._provider(model), self.named(model), size)
        rates = rates or self._likely(model, size)
        if rates is None:
            return None
        counts = (usage.input, usage.cache_read, written, usage.output)
        return round(sum(rate * count for rate, count in zip(rates, counts, strict=True)))

    def _likely(self, model: str | None, size: int) -> Rates | None:
        """Price a short name, which only the service can resolve, as the newest of its line."""
        provider, alias = self._provider(model), self.named(model)
        line = self.lines.get(provider, _no_line)(alias)
        newest = self._table.newest(provider, line) if line else None
        if newest is None:
            return None
        self.assumed[alias] = newest
        return self._rates(provider, newest, size)

    def _provider(self, model: str | None) -> str:
        first, slash, _ = (model or self._model or "").partition("/")
        return first if slash and first in self.providers else self.provider

    def _asked(self, provider: str, model: str, size: int) -> Rates | None:
        """Ask the table for each kind of token in a prompt of this size: some have size tiers."""
        if provider in FREE:
            return 0.0, 0.0, 0.0, 0.0
        asked = (
            Usage(input=size),
            Usage(cache_read=size),
            Usage(cache_write=size),
            Usage(input=size, output=_SOME),
        )
        costs = [self._table.cost(provider, model, usage) for usage in asked]
        taken, read, written, given = costs
        if taken is None or read is None or written is None or given is None:
            return None
        return taken / size, read / size, written / size, (given - taken) / _SOME
