"""The money of one run in whole tokens and micro-dollars: spent, reserved, left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.scripts import Spent

if TYPE_CHECKING:
    from hocket.api.calls import Bound


class Budget:
    """Two totals a person may have set, and what is spent and reserved of them.

    As long as usages keep to their bounds, spent + reserved never exceeds a total.
    """

    def __init__(self, tokens: int | None, micros: int | None) -> None:
        self.tokens, self.micros = tokens, micros
        self.reserved_tokens = self.reserved_micros = 0
        self._tokens = self._micros = 0
        self.breach: str | None = None
        """The first usage above its reservation, to the token; from then on nothing fits."""

    @property
    def spent(self) -> Spent:
        """What is billed or presumed so far, earlier lives included."""
        return Spent(self._tokens, self._micros)

    @property
    def share_left(self) -> float:
        """What share of the scarcest total is neither spent nor reserved; 1 without a total."""
        used = (
            (self.tokens, self._tokens + self.reserved_tokens),
            (self.micros, self._micros + self.reserved_micros),
        )
        left = [1.0 - part / max(1, total) for total, part in used if total is not None]
        return min(left, default=1.0)

    def fits(self, bound: Bound, held: tuple[int, int] = (0, 0)) -> bool:
        """Whether the bound fits beside everything reserved, once `held` is given back."""
        tokens = self._tokens + self.reserved_tokens - held[0]
        return self._within(bound, tokens, self._micros + self.reserved_micros - held[1])

    def hopeless(self, bound: Bound) -> bool:
        """Whether the bound would not fit even with nothing running."""
        return not self._within(bound, self._tokens, self._micros)

    def charge(self, tokens: int, micros: int) -> None:
        """Count spending that was never reserved here: presumed, or of an earlier life."""
        self._tokens += tokens
        self._micros += micros

    def refusal(self, bound: Bound, held: tuple[int, int] = (0, 0)) -> str:
        """Say why the bound does not fit, as the cause of `over_budget`."""
        if self.breach is not None:
            return f"admission is closed: {self.breach}"
        if self.tokens is not None:
            left = _left(self.tokens - self._tokens, self.reserved_tokens - held[0], bound.output)
            if bound.output > left or self.micros is None:
                return f"needs {bound.output:,} output tokens, {left:,} of {self.tokens:,} left"
        total, need = self.micros or 0, bound.cost_micros
        if need is None:
            return f"the price is unknown, {dollars(total)} cannot be kept"
        left = _left(total - self._micros, self.reserved_micros - held[1], need)
        return f"needs {dollars(need)}, {dollars(left)} of {dollars(total)} left"

    def _hold(self, tokens: int, micros: int) -> None:
        self.reserved_tokens += tokens
        self.reserved_micros += micros

    def _settle(self, held: tuple[int, int], billed: tuple[int, int]) -> None:
        """Turn reserved into spent; a bill above its reservation closes admission for good."""
        self._hold(-min(held[0], billed[0]), -min(held[1], billed[1]))
        self._tokens += billed[0]
        self._micros += billed[1]
        if self.breach is None and self.tokens is not None and billed[0] > held[0]:
            over = f"{billed[0] - held[0]:,} over"
            self.breach = f"billed {billed[0]:,} output tokens, {held[0]:,} were reserved: {over}"
        elif self.breach is None and self.micros is not None and billed[1] > held[1]:
            over = f"{dollars(billed[1] - held[1])} over"
            self.breach = f"billed {dollars(billed[1])}, {dollars(held[1])} were reserved: {over}"

    def _within(self, bound: Bound, tokens: int, micros: int) -> bool:
        if min(bound.output, bound.cost_micros or 0) < 0:
            raise ValueError(f"a bound is never negative: {bound}")
        if self.breach is not None:
            return False
        if self.tokens is not None and tokens + bound.output > self.tokens:
            return False
        if self.micros is None:
            return True
        return bound.cost_micros is not None and micros + bound.cost_micros <= self.micros


def dollars(micros: int) -> str:
    """Write micro-dollars exactly: at least cents, never rounded."""
    whole, rest = divmod(micros, 1_000_000)
    return f"${whole:,}.{f'{rest:06}'.rstrip('0'):0<2}"


def _left(unspent: int, reserved: int, need: int) -> int:
    """Leave reservations out of it when the need is above all that is unspent anyway."""
    return max(0, unspent if need > unspent else unspent - reserved)
