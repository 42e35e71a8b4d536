"""Draws what a call takes: from calls of its kind in earlier runs, else from shipped figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.estimate import priors
from hocket.estimate.calibration import ENOUGH
from hocket.estimate.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.calls import Call
    from hocket.estimate.chance import Chance
    from hocket.estimate.history import History
    from hocket.estimate.kinds import Kind
    from hocket.estimate.pricing import Pricing

RUN_SPREAD = 0.5
"""How far whole runs differ from their mean (the sigma of a lognormal): calls of one run are not
independent."""
_SMALL, _SMALL_SPREAD = 20, 0.3
"""So few calls do not show how far they spread."""
_ENOUGH_RUNS = 5


class Usages:
    """What calls take."""

    def __init__(self, history: History, pricing: Pricing) -> None:
        self._history = history
        self._pricing = pricing

    def effect(self, chance: Chance) -> float:
        """Draw the factor of one whole run."""
        effects = self._history.effects
        if len(effects) < _ENOUGH_RUNS:
            return chance.lognormal(RUN_SPREAD)
        # A few runs do not show the widest ones.
        narrow = RUN_SPREAD / len(effects) if len(effects) < ENOUGH else 0.0
        return chance.choice(effects) * chance.lognormal(narrow)

    def known(self, kind: Kind) -> bool:
        """Whether earlier runs had calls of this kind."""
        return bool(self._history.of(kind).samples)

    def draw(self, call: Call, kind: Kind, chance: Chance) -> Sample:
        """Draw a call's tokens, turns, time and price."""
        found = self._samples(kind)
        if not found:
            return self._priced(kind, scaled(priors.sample(call), chance.spread(priors.SPREAD)))
        model, sample = chance.choice(found)
        if model != kind.model or sample.usage.cost_micros is None:
            sample = self._priced(kind, sample)
        return scaled(sample, chance.spread(_SMALL_SPREAD)) if len(found) < _SMALL else sample

    def _samples(self, kind: Kind) -> Sequence[tuple[str | None, Sample]]:
        """Give the closest that is known: of its model, else of any, else of its agent type."""
        samples = self._history.of(kind).samples
        same = [one for one in samples if one[0] == kind.model]
        return same or samples or self._history.of_type(kind).samples

    def _priced(self, kind: Kind, sample: Sample) -> Sample:
        micros = self._pricing.cost(kind.model, sample)
        return replace(sample, usage=replace(sample.usage, cost_micros=micros))


def scaled(sample: Sample, factor: float) -> Sample:
    """Give a call that took so many times as much."""
    usage = sample.usage
    micros = usage.cost_micros
    return Sample(
        Usage(
            round(usage.input * factor),
            round(usage.cache_read * factor),
            round((usage.cache_write + usage.cache_write_1h) * factor),
            round(usage.output * factor),
            None if micros is None else round(micros * factor),
        ),
        sample.turns,
        sample.seconds * factor,
    )
