"""What would make a run fit its budget: a shorter list, or a phase on a cheaper model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.estimate.calibration import COVERED, quantile
from hocket.estimate.dryrun import World
from hocket.estimate.result import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pydantic import JsonValue

    from hocket.estimate.growth import Growth, List
    from hocket.estimate.pricing import Pricing
    from hocket.estimate.result import Range
    from hocket.estimate.sites import Sites
    from hocket.estimate.tally import Asked, Draw

    Again = Callable[[World], Sequence[Draw]]

_LISTS, _MODELS = 2, 4
_NEARLY = 1e-9


class Narrowing:
    """Finds narrower scopes for one figure that is over its budget.

    Its figures are those of the estimate, times what the narrower dry runs come to over what
    the same draws came to before.
    """

    def __init__(
        self, metric: str, shown: Range, budget: float, draws: Sequence[Draw], sites: Sites
    ) -> None:
        self._metric, self._shown, self._budget = metric, shown, budget
        self._draws, self._sites = draws, sites

    def cuts(self, growth: Growth, args: JsonValue, again: Again) -> Iterable[Proposal]:
        """Propose shorter lists, the one that costs most first; each is tried."""
        costly = sorted(growth.means, key=lambda one: self._below(growth, one))
        named = {one.name: one for one in costly if growth.means[one] > 1}
        for one in [*reversed(named.values())][:_LISTS]:
            alike = sum(other.name == one.name for other in growth.means)
            where = one.where if alike == 1 else "everywhere"
            words = f"cut {one.name} ({where}) to {{}}, from {growth.means[one]:.0f}"
            length = max(1, self._length(growth, one))
            cut = self._cut(words, one, length, args, again)
            if not cut.fits and length > 1:
                shorter = max(1, int(length * self._budget / cut.p90))
                cut = self._cut(words, one, shorter, args, again)
            yield cut

    def routes(self, pricing: Pricing, models: Iterable[str]) -> Iterable[Proposal]:
        """Propose a cheaper model for the phase that costs most; no draw changes by that."""
        phases: dict[str, float] = {}
        for asked in (one for draw in self._draws for one in draw.calls):
            phases[asked.kind.phase] = phases.get(asked.kind.phase, 0.0) + self._cost(asked)
        phase = max(phases, key=lambda name: phases[name])
        for model in [*models][:_MODELS]:
            routed = [self._routed(draw, phase, model, pricing) for draw in self._draws]
            if None not in routed and sum(filter(None, routed)) < sum(map(self._of, self._draws)):
                found = [value for value in routed if value is not None]
                where = f"phase {phase}" if phase else "the script"
                yield self._proposal(f"route {where} to {model}", found, self._draws)

    def _cut(self, words: str, one: List, length: int, args: JsonValue, again: Again) -> Proposal:
        """Run the same draws with the shorter list."""
        draws = again(_world(one, length, args))
        found = [self._of(draw) for draw in draws]
        return self._proposal(words.format(length), found, self._draws[: len(draws)])

    def _proposal(self, what: str, found: Sequence[float], before: Sequence[Draw]) -> Proposal:
        old = [self._of(draw) for draw in before]
        middle = quantile(found, 0.5) / (quantile(old, 0.5) or 1)
        high = quantile(found, COVERED) / (quantile(old, COVERED) or 1)
        p50, p90 = self._shown.p50 * middle, self._shown.p90 * high
        return Proposal(what, min(p50, p90), p90, p90 <= self._budget)

    def _length(self, growth: Growth, one: List) -> int:
        """Guess the longest list that fits: what is below it shrinks with it, the rest stays."""
        whole = sum(map(self._of, self._draws)) or 1.0
        share = self._below(growth, one) / whole
        need = self._budget / self._shown.p90
        left = 1 - (1 - need) / share if share else 0.0
        return min(int(growth.means[one] * left + _NEARLY), round(growth.means[one]) - 1)

    def _below(self, growth: Growth, one: List) -> float:
        under = growth.under(one)
        return sum(
            self._cost(asked)
            for draw in self._draws
            for asked in draw.calls
            if self._sites.of(asked.kind) in under
        )

    def _routed(self, draw: Draw, phase: str, model: str, pricing: Pricing) -> float | None:
        whole = 0.0
        for asked in draw.calls:
            if asked.kind.phase != phase:
                whole += self._cost(asked)
                continue
            then, now = (pricing.cost(name, asked.sample) for name in (asked.kind.model, model))
            if now is None:
                return None
            # What a call really cost says more than the table; only the change is the table's.
            whole += self._cost(asked) * now / then if then else now / 1e6
        return whole

    def _of(self, draw: Draw) -> float:
        return sum(map(self._cost, draw.calls))

    def _cost(self, asked: Asked) -> float:
        usage = asked.sample.usage
        return usage.output if self._metric == "output" else (usage.cost_micros or 0) / 1e6


def _world(one: List, length: int, args: JsonValue) -> World:
    if one.site is not None:
        return World(most={one.name: length})
    return World(args=shortened(args, one.name, length))


def shortened(args: JsonValue, name: str, length: int) -> JsonValue:
    """Give arguments with one of their lists cut; a list by itself has the name `items`."""
    if isinstance(args, list):
        return args[:length]
    named = args if isinstance(args, dict) else {}
    listed = named.get(name)
    return {**named, name: listed[:length] if isinstance(listed, list) else listed}
