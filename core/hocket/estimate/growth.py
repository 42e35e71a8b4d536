"""How the cost of this very script grows: which list multiplies which calls, as a formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

from hocket.estimate.samples import EACH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hocket.estimate.samples import Place
    from hocket.estimate.sites import Site, Sites
    from hocket.estimate.tally import Asked, Draw

    Cost = Callable[[Asked], float]

_STEADY, _FITS, _EXACTLY = 0.9, 0.35, 1e-12
"""A site asks as often in so many of the draws; a list explains calls up to this spread, and
calls that are always so many only if it fits exactly."""


@dataclass(frozen=True, slots=True)
class List:
    """A list whose items are asked about: of the arguments, or in the answers of a site."""

    name: str
    site: Site | None = None

    @property
    def where(self) -> str:
        """Say where it comes from."""
        return "in the arguments" if self.site is None else f"in answers of {self.site}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a site asks as often as it does: so many calls for each item of a list."""

    times: float
    of: List | Site | None = None
    """A site: for each of its calls. None: always so many."""


@dataclass(slots=True)
class Term:
    """A cost: an amount, and what comes on top for each item of some lists."""

    amount: float = 0.0
    by: dict[List, Term] = field(default_factory=dict["List", "Term"])

    def add(self, other: Term, times: float = 1.0) -> None:
        """Add another so many times."""
        self.amount += other.amount * times
        for one, term in other.by.items():
            self.by.setdefault(one, Term()).add(term, times)


class Growth:
    """What multiplies what, found in many draws."""

    def __init__(
        self,
        draws: Sequence[Draw],
        sites: Sites,
        multiplied: Mapping[str, tuple[int, Mapping[Site, int]]],
    ) -> None:
        """Take for each list of the arguments its length, and the calls of its last item."""
        self._parts = [sites.parted(draw) for draw in draws]
        self.sites = [*dict.fromkeys(site for part in self._parts for site in part)]
        self.means: dict[List, float] = {}
        """How long each list is: of answers, in one call and in the mean."""
        self.causes = {site: self._cause(site, multiplied) for site in self.sites}

    def under(self, one: List) -> set[Site]:
        """Give every site whose number of calls a list multiplies, also from afar."""
        found: set[Site] = set()
        for _ in self.sites:
            for site, cause in self.causes.items():
                above = cause.of.site if isinstance(cause.of, List) else cause.of
                if cause.of == one or above in found:
                    found.add(site)
        return found

    def term(self, cost: Cost) -> Term:
        """Put together what a run costs, from what one call costs at each site."""
        whole = Term()
        for site, cause in self.causes.items():
            if cause.of is None:
                whole.add(self._of(site, cost, ()), cause.times)
            elif isinstance(cause.of, List) and cause.of.site is None:
                whole.by.setdefault(cause.of, Term()).add(self._of(site, cost, ()), cause.times)
        return whole

    def _of(self, site: Site, cost: Cost, above: tuple[Site, ...]) -> Term:
        asked = [one for part in self._parts for one in part.get(site, ())]
        term = Term(fmean(map(cost, asked)))
        for child, cause in self.causes.items():
            if child in (site, *above):
                continue
            if cause.of == site:
                term.add(self._of(child, cost, (*above, site)), cause.times)
            elif isinstance(cause.of, List) and cause.of.site == site:
                inner = term.by.setdefault(cause.of, Term())
                inner.add(self._of(child, cost, (*above, site)), cause.times)
        return term

    def _cause(self, site: Site, multiplied: Mapping[str, tuple[int, Mapping[Site, int]]]) -> Cause:
        counts = [len(part.get(site, ())) for part in self._parts]
        usual = median(counts)
        if sum(count == usual for count in counts) >= _STEADY * len(counts):
            given = self._given(site, multiplied, usual)
            return self._fitted(site, _EXACTLY) or given if usual > 1 and not given.of else given
        return self._fitted(site, _FITS) or self._given(site, multiplied, fmean(counts))

    def _fitted(self, site: Site, most: float) -> Cause | None:
        """Explain calls by lists in answers, or by the calls of a site before; None if none do."""
        fits = [self._fit(site, other) for other in self.sites[: self.sites.index(site)]]
        some = (fit for fits_of in fits for fit in fits_of if most > _EXACTLY or _counts(fit[1]))
        spread, cause = min(some, default=(1.0, None), key=_first)
        if cause is None or spread > most:
            return None
        if isinstance(cause.of, List) and cause.of.site is not None:
            self.means[cause.of] = self._mean(cause.of, cause.of.site)
        return cause

    def _given(
        self, site: Site, multiplied: Mapping[str, tuple[int, Mapping[Site, int]]], calls: float
    ) -> Cause:
        """Explain calls by a list of the arguments, where one less of it makes fewer of them."""
        for name, (length, fewer) in multiplied.items():
            if fewer.get(site, 0) > 0:
                one = List(name)
                self.means[one] = length
                return Cause(calls / length, one)
        return Cause(calls)

    def _fit(self, site: Site, other: Site) -> list[tuple[float, Cause]]:
        """Give how well the lists of another site, and its calls, explain how often one asks."""
        places = dict.fromkeys(
            place for part in self._parts for one in part.get(other, ()) for place in one.lists
        )
        found: list[tuple[float, Cause]] = []
        for place in places:
            spread, times = self._ratio(site, other, partial(_items, place))
            found.append((spread, Cause(times, List(named(place), other))))
        spread, times = self._ratio(site, other, lambda _one: 1)
        return [*found, (spread + 1e-9, Cause(times, other))]

    def _ratio(self, site: Site, other: Site, items: Callable[[Asked], int]) -> tuple[float, float]:
        pairs = [
            (len(part.get(site, ())), sum(map(items, part.get(other, ())))) for part in self._parts
        ]
        ratios = [calls / total for calls, total in pairs if total]
        if not ratios or not any(ratios) or any(calls and not total for calls, total in pairs):
            return 1.0, 0.0
        return pstdev(ratios) / fmean(ratios), sum(c for c, _ in pairs) / sum(t for _, t in pairs)

    def _mean(self, one: List, site: Site) -> float:
        calls = [asked for part in self._parts for asked in part.get(site, ())]
        return fmean(
            sum(count for place, count in asked.lists.items() if named(place) == one.name)
            for asked in calls
        )


def named(place: Place) -> str:
    """Name a list by its field."""
    return next((name for name in reversed(place) if name != EACH), "items")


def _items(place: Place, asked: Asked) -> int:
    return asked.lists.get(place, 0)


def _counts(cause: Cause) -> bool:
    """Say whether it is a list, and so many calls for each item as a script may ask for."""
    return isinstance(cause.of, List) and cause.times == round(cause.times)


def _first(fit: tuple[float, Cause | None]) -> float:
    return fit[0]
