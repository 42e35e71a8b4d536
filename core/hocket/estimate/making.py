"""Makes the estimate of a prepared run: history, dry runs, calibration, and what follows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.estimate import calibration, history
from hocket.estimate.backend import Foresight
from hocket.estimate.dryrun import MOST, PATIENCE_S, DryRuns, World
from hocket.estimate.formula import by_turns, formula, lists
from hocket.estimate.growth import Growth
from hocket.estimate.narrowing import Narrowing, shortened
from hocket.estimate.pricing import Pricing
from hocket.estimate.records import MADE_UP
from hocket.estimate.result import Driver, Estimate, Range
from hocket.estimate.sites import Sites
from hocket.estimate.usages import Usages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.clock import Clock
    from hocket.api.protocols import Backend
    from hocket.estimate.result import Proposal
    from hocket.estimate.sites import Site
    from hocket.estimate.tally import Asked, Draw
    from hocket.launch.prepare import Prepared

AGENTS = "simulate"
"""The backend that makes the answers of dry runs up."""
_AGAIN, _AGAIN_S = 24, 0.7
_DRIVERS, _LISTS = 3, 3
_OFF = 2.0


def estimate(prepared: Prepared, clock: Clock, *, most: int = MOST) -> Estimate:
    """Estimate a run within seconds; nothing of it stays, and nobody is asked for anything."""
    return Making(prepared, clock).estimate(most)


class Making:
    """One estimate in the making."""

    def __init__(self, prepared: Prepared, clock: Clock) -> None:
        self._prepared, self._clock = prepared, clock
        project, backend = prepared.project, prepared.backend.name
        name = prepared.script.manifest.name
        self._history = history.read(project.store(), name, backend, clock)
        self._pricing = Pricing.of(prepared)
        usages = Usages(self._history, self._pricing)
        native = backend in MADE_UP
        foresight = Foresight(_agents(prepared), self._history, usages, native)
        self._runs = DryRuns(prepared, foresight)

    def estimate(self, most: int) -> Estimate:
        """Make it."""
        draws = self._runs.draws(self._clock, most=most, patience_s=PATIENCE_S)
        sites = Sites(draws)
        simulated = _figures(draws)
        at_most = self._at_most(draws)
        figures = {name: self._range(name, some) for name, some in simulated.items()}
        calls = figures["calls"]
        figures["calls"] = Range(min(calls.p50, at_most), min(calls.p90, at_most))
        growth = Growth(draws, sites, self._multiplied(draws[0], sites))
        made = Estimate(
            figures=figures,
            base={name: median(some) for name, some in simulated.items()},
            at_most=at_most,
            draws=len(draws),
            runs=self._history.runs,
            measured=self._history.measured,
            rough=self._history.is_rough,
            over_budget=self._over_budget(draws),
            drivers=_drivers(draws, sites, figures),
            growth=self._growth(growth, draws),
            notes=self._notes(draws, figures),
            budget=self._budget,
        )
        return replace(made, proposals=self._proposals(made, draws, sites, growth))

    def _range(self, name: str, simulated: Sequence[float]) -> Range:
        ratios = self._history.ratios.get(name, ())
        base, high = median(simulated), calibration.quantile(simulated, calibration.COVERED)
        if min(simulated) == max(simulated) and self._history.is_rough:
            return Range(base, base)  # always the same: no chance has a part in it
        p90 = calibration.p90(base, high, ratios)
        return Range(min(base, p90), p90)  # where dry runs always said too much, so does the middle

    def _at_most(self, draws: Sequence[Draw]) -> int:
        """Take the patterns' bounds where the script's own calls are always so many."""
        cap = self._prepared.caps.agents
        own = {draw.count - draw.inside for draw in draws}
        bounds = {draw.most for draw in draws}
        whole = all(draw.state == "completed" for draw in draws)
        return min(cap, *bounds) if whole and len(own) == len(bounds) == 1 else cap

    @property
    def _budget(self) -> dict[str, float]:
        set_ones = self._prepared.caps.budget
        budget: dict[str, float] = {}
        if set_ones.cost_micros is not None:
            budget["usd"] = set_ones.cost_micros / 1e6
        if set_ones.tokens is not None:
            budget["output"] = set_ones.tokens
        return budget

    def _over_budget(self, draws: Sequence[Draw]) -> float | None:
        budget = self._budget
        if not budget:
            return None
        over = [
            any(draw.figures.get(n, 0.0) > most for n, most in budget.items()) for draw in draws
        ]
        return sum(over) / len(over)

    def _multiplied(self, first: Draw, sites: Sites) -> dict[str, tuple[int, Mapping[Site, int]]]:
        """Run the first draw once more for each list of the arguments, with one item less."""
        args = self._prepared.arguments.value
        found: dict[str, tuple[int, Mapping[Site, int]]] = {}
        for name, length in _lists(args)[:_LISTS]:
            world = World(args=shortened(args, name, length - 1))
            (draw,) = self._runs.draws(self._clock, world, most=1, patience_s=0)
            before, after = (_counts(one, sites) for one in (first, draw))
            found[name] = length, before - after
        return found

    def _growth(self, growth: Growth, draws: Sequence[Draw]) -> tuple[str, ...]:
        calls = [asked for draw in draws for asked in draw.calls]
        if not calls:
            return ()
        in_money = _in_money(draws)
        unit = "$" if in_money else "thousand tokens"
        term = growth.term(_usd if in_money else _kilotokens)
        lines = [formula(growth, term, unit)]
        lines += [f"with {', '.join(named)}"] if (named := lists(growth)) else []
        longest = max(calls, key=lambda asked: asked.sample.turns)
        if (turns := longest.sample.turns) > 1:
            lines.append(by_turns(self._pricing, longest.kind.model, turns))
        return tuple(lines)

    def _notes(self, draws: Sequence[Draw], figures: Mapping[str, Range]) -> tuple[str, ...]:
        count = len(draws)
        failed = [draw for draw in draws if draw.state == "failed"]
        capped = sum(draw.capped for draw in draws)
        expected = sum(draw.expected for draw in draws)
        inside = sum(draw.inside for draw in draws)
        notes = [
            f"{alias} is priced as {model}: the service says which model it is when it is asked"
            for alias, model in self._pricing.assumed.items()
        ]
        if "usd" not in figures and any(draw.calls for draw in draws):
            model = self._pricing.named(None) or "the model"
            notes.append(f"the price of {model} is unknown: [prices] in your own settings says it")
        if 2 * len(failed) > count:
            causes = Counter(str(draw.cause) for draw in failed)
            notes.append(f"most dry runs ended early: {causes.most_common(1)[0][0]}")
        if capped:
            notes.append(f"{capped} of {count} dry runs asked for more agents than the cap")
        if cut := sum(draw.cut for draw in draws):
            notes.append(f"{cut} of {count} dry runs were too long to finish: this says too little")
        if inside and not 1 / _OFF <= expected / inside <= _OFF:
            made, said = inside / count, expected / count
            notes.append(f"patterns made {made:.0f} calls in the mean, and expected {said:.0f}")
        return tuple(notes)

    def _proposals(
        self, made: Estimate, draws: Sequence[Draw], sites: Sites, growth: Growth
    ) -> tuple[Proposal, ...]:
        metric = made.broken
        if metric is None:
            return ()
        narrowing = Narrowing(metric, made.figures[metric], made.budget[metric], draws, sites)
        found: list[Proposal] = []
        if metric == "usd":
            found += narrowing.routes(self._pricing, self._cheaper())
        args = self._prepared.arguments.value
        found += narrowing.cuts(growth, args, self._again)
        return tuple(sorted(found, key=lambda one: (not one.fits, one.p90)))

    def _again(self, world: World) -> list[Draw]:
        return self._runs.draws(self._clock, world, most=_AGAIN, patience_s=_AGAIN_S)

    def _cheaper(self) -> list[str]:
        """Name models that a person here may mean: by a short name, or priced by them."""
        own = self._prepared.project.loaded.settings.prices
        return [*dict.fromkeys(("small", "medium", *own))]


def _agents(prepared: Prepared) -> Backend:
    project = prepared.project
    found = project.host.backends(project.plugin_settings).get(AGENTS)
    if found is None:
        raise UsageError(
            "the estimate",
            found=f"the backend '{AGENTS}' is blocked or not installed",
            expected="it, to make answers up for dry runs",
            hint="Nothing was started.",
        )
    return found


def _figures(draws: Sequence[Draw]) -> dict[str, list[float]]:
    """Give the figures of all draws by name; one draw without a price leaves none with one."""
    told = [draw.figures for draw in draws]
    names = [name for name in history.METRICS if all(name in one for one in told)]
    return {name: [one[name] for one in told] for name in names}


def _in_money(draws: Sequence[Draw]) -> bool:
    micros = [asked.sample.usage.cost_micros for draw in draws for asked in draw.calls]
    return None not in micros and any(micros)


def _usd(asked: Asked) -> float:
    return (asked.sample.usage.cost_micros or 0) / 1e6


def _kilotokens(asked: Asked) -> float:
    usage = asked.sample.usage
    return (usage.input + usage.cache_read + usage.cache_write + usage.output) / 1000


def _drivers(
    draws: Sequence[Draw], sites: Sites, figures: Mapping[str, Range]
) -> tuple[Driver, ...]:
    in_money = _in_money(draws)
    cost = _usd if in_money else _weight
    costs: defaultdict[Site, float] = defaultdict(float)
    calls: Counter[Site] = Counter()
    for asked in (asked for draw in draws for asked in draw.calls):
        site = sites.of(asked.kind)
        calls[site] += 1
        costs[site] += cost(asked)
    whole = sum(costs.values()) or 1.0
    p50 = figures["usd"].p50 if in_money else None
    return tuple(
        Driver(
            str(site),
            round(some / whole, 3),
            round(calls[site] / len(draws), 1),
            None if p50 is None else round(p50 * some / whole, 6),
        )
        for site, some in sorted(costs.items(), key=lambda item: -item[1])[:_DRIVERS]
    )


def _weight(asked: Asked) -> float:
    return asked.sample.weight


def _counts(draw: Draw, sites: Sites) -> Counter[Site]:
    return Counter(sites.of(asked.kind) for asked in draw.calls)


def _lists(args: JsonValue) -> list[tuple[str, int]]:
    """Give the lists of the arguments that could be shorter, by name."""
    named = args.items() if isinstance(args, dict) else [("items", args)]
    return [(name, len(one)) for name, one in named if isinstance(one, list) and len(one) > 1]
