"""How often everything is run, and how quiet the machine was meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Generic, NotRequired, TypedDict, TypeVar, Unpack

from figures import Figure, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T = TypeVar("T")


class Row(TypedDict):
    """How a comparison is written."""

    key: str
    note: str
    goal: NotRequired[float]


SPIN = 150_000
NOISE = 1.1
"""A spin this much slower than the best so far means that others use the machine."""
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Series(Generic[T]):
    """Equal runs, of which so many were noisy."""

    runs: Sequence[T]
    noisy: int = 0

    def figure(  # noqa: PLR0913  (the five parts of a row, and how to get its value)
        self,
        key: str,
        take: Callable[[T], float],
        *,
        unit: str,
        goal: float | None = None,
        exact: bool = False,
        note: str = "",
        of: Callable[[Sequence[float]], float] = median,
    ) -> Figure:
        """Take one number from each run; the row is their median, or for counts their max."""
        values = [take(run) for run in self.runs]
        about = spread(values) if of is median else f"worst of {len(values)}"
        noise = f"noisy {self.noisy} of {len(values)}" if self.noisy and of is median else ""
        notes = "; ".join(part for part in (note, about, noise) if part)
        return Figure(key=key, value=of(values), unit=unit, goal=goal, exact=exact, note=notes)


def ratio(
    ours: Series[T], theirs: Series[T], take: Callable[[T], float], **row: Unpack[Row]
) -> Figure:
    """Compare pair by pair; the row says in how many pairs ours was below theirs."""
    pairs = [take(one) / take(other) for one, other in zip(ours.runs, theirs.runs, strict=True)]
    below = sum(each < 1 for each in pairs)
    note = f"{row['note']}; {spread(pairs)}; below in {below} of {len(pairs)} pairs"
    return Figure(
        key=row["key"], value=median(pairs), unit="times", goal=row.get("goal"), note=note
    )


@dataclass(slots=True)
class Effort:
    """What a person asked for: all of it, or what ends within a minute."""

    quick: bool = False
    reps: int | None = None
    _best_s: float = field(default=float("inf"))
    _patience_s: float = PATIENCE_S

    def size(self, full: int, quick: int) -> int:
        """Choose how large a workload is."""
        return quick if self.quick else full

    def label(self, full: int, quick: int, what: str) -> str:
        """Say how large it was, and that it should be larger."""
        return f"{quick:,} {what} instead of {full:,}" if self.quick else f"{full:,} {what}"

    def repeat(self, run: Callable[[], T], *, quick: int = 2, usual: int = 5) -> Series[T]:
        """Run it as often as wanted, each time after a look at how busy the machine is."""
        times = self.reps or (quick if self.quick else usual)
        return self.each([run] * times)

    def each(self, runs: Iterable[Callable[[], T]]) -> Series[T]:
        """Run them one after another."""
        done: list[T] = []
        noisy = 0
        for run in runs:
            noisy += self._is_noisy()
            done.append(run())
        return Series(done, noisy)

    def paired(
        self, programs: Mapping[str, Callable[[], T]], *, quick: int = 2, usual: int = 5
    ) -> dict[str, Series[T]]:
        """Run all programs once in each repetition, in another order each time.

        What one repetition gave stands at the same place in each series: ratios are of those.
        """
        runs: dict[str, list[T]] = {name: [] for name in programs}
        noisy = dict.fromkeys(programs, 0)
        shuffle = Random(7).shuffle
        for _ in range(self.reps or (quick if self.quick else usual)):
            order = [*programs]
            shuffle(order)
            for name in order:
                noisy[name] += self._is_noisy()
                runs[name].append(programs[name]())
        return {name: Series(runs[name], noisy[name]) for name in programs}

    def _is_noisy(self) -> bool:
        """Wait a while for a quiet moment, with one patience for the whole bench."""
        while self._spin() > NOISE * self._best_s:
            if self.quick or self._patience_s <= 0:
                return True
            time.sleep(1)
            self._patience_s -= 1
        return False

    def _spin(self) -> float:
        """Time a fixed piece of work, some hundredths of a second long."""
        began = time.monotonic()
        total = 0
        for step in range(SPIN):
            total += step * step % 7
        took = time.monotonic() - began
        self._best_s = min(self._best_s, took)
        return took
