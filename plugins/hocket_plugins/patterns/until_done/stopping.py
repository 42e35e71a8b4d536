"""When it is enough: what the next wave would bring, beside what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.until_done.hunt import Hunt
    from hocket_plugins.patterns.until_done.search import Search

DRY = 2
"""Waves without anything new that end a search in which overlap says nothing."""
SILENT = 2
"""Waves without any answer that end every search."""
LONG = 12
"""Finders from which on a rate that does not fall is worth a note."""
FALL = 0.8
CERTAIN = 4.0
"""A wave that brings so many times what it must is worth all its money."""
MICROS = 1_000_000


class Stopping:
    """Decides after each wave, from counts and prices alone."""

    def __init__(self, search: Search, waves: Waves, hunt: Hunt) -> None:
        self._search = search
        self._waves = waves
        self._hunt = hunt

    @property
    def size(self) -> int:
        """How many finders the next wave may have."""
        return min(self._search.wave, self._search.max_agents - self._hunt.asked)

    def is_enough(self) -> bool:
        """Say whether the next wave would not be worth its price."""
        outlook = self._hunt.catch.outlook()
        if outlook.n < self._search.min_agents:
            return False
        if not outlook.found:
            return True
        if self._search.show_found:
            return self._hunt.dry >= DRY
        return not outlook.f1 or self._search.wave * outlook.forecast < self._least()

    def gives_up(self) -> str | None:
        """Say why nothing more is to be had, whatever it would be worth."""
        ended = self._waves.stopped or self._hunt.unchecked
        if ended is not None:
            return ended
        if self._hunt.silent and self._waves.pruned:
            return "budget"
        if self._hunt.silent >= SILENT:
            return "few"
        is_last = self.size == 0 or self._waves.left == 0
        return "max" if is_last and not self.is_enough() else None

    def worth(self) -> float | None:
        """Value the next wave for a budget that runs short; finders that are needed count fully."""
        outlook = self._hunt.catch.outlook()
        if outlook.n < self._search.min_agents:
            return None
        if self._search.show_found:
            return 1 / 2
        gain, least = self._search.wave * outlook.forecast, CERTAIN * self._least()
        return round(gain / least, 4) if gain < least else 1.0

    def keeps_coming(self) -> bool:
        """Say whether the forecast has not fallen by a fifth over the second half of finders."""
        outlook = self._hunt.catch.outlook()
        before = self._hunt.catch.outlook(outlook.n // 2)
        return (
            outlook.n >= LONG
            and not self._search.show_found
            and 0 < FALL * before.forecast < outlook.forecast
        )

    def _least(self) -> float:
        """Give the new items that a wave must promise: fixed, or its price in items."""
        if self._search.value is None:
            return self._search.stop_below
        if self._hunt.spent is None:
            self._waves.note("no price is known, so `value` says nothing: stopped by stop_below")
            return self._search.stop_below
        price = self._search.wave * self._hunt.spent / len(self._hunt.catch.finders)
        return price / (self._search.value * MICROS)
