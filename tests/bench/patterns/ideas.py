"""Ideas: what rubric and finals keep of 20, beside what else could have been done.

An idea's quality is normal; a criterion is met above its threshold, seen with noise of .5 and
misread with .15; of a pair the better one is seen with noise of .7.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from row import Row

from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.generate_and_filter.pattern import GenerateAndFilter
from hocket_plugins.patterns.rank.pattern import Rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.patterns.context import Ask

TRIALS = 3_000
N, KEEP = 20, 3
THRESHOLDS = (-1.5, -0.75, -0.2, 0.3, 0.9, 1.6)
RUBRIC = [{"ask": f"is it above {threshold}?"} for threshold in THRESHOLDS]
MISREAD, BLUR, PAIR = 0.15, 0.5, 0.7
OWN = 1.0
"""The blur of one look that gives a single number; assumed."""


@dataclass
class Panel:
    """Generators and judges of one trial."""

    chance: random.Random
    quality: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the ideas."""
        self.quality = [self.chance.gauss(0, 1) for _ in range(N)]

    def __call__(self, ask: Ask) -> object:
        """Generate, answer the questions, or order a pair."""
        item = ask.options["item"]
        if ask.options["role"] == "work":
            return {"text": f"idea {item['index']}"}
        if isinstance(item, dict):
            return {f"q{n + 1}": self._yes(_number(item), t) for n, t in enumerate(THRESHOLDS)}
        seen = [self.quality[_number(one)] + self.chance.gauss(0, PAIR / 2**0.5) for one in item]
        return {"order": ["A", "B"] if seen[0] > seen[1] else ["B", "A"]}

    def _yes(self, idea: int, threshold: float) -> bool:
        met = self.quality[idea] + self.chance.gauss(0, BLUR) > threshold
        return met != (self.chance.random() < MISREAD)


def _number(item: dict[str, str]) -> int:
    return int(re.findall(r"\d+", item["text"])[0])


def keep(panel: Panel, **options: object) -> tuple[list[int], int]:
    """Run the real pattern; gives what it kept and its calls after generating."""
    arguments = {"prompt": "Think.", "rubric": RUBRIC, "n": N, "keep": KEEP, **options}
    played = run_pattern(
        GenerateAndFilter(), arguments, panel, patterns=[Rank()], screens=lambda _name, it: it
    )
    return [kept["index"] for kept in played.result["kept"]], played.result["calls"] - N


def _one_look(panel: Panel, *, steps: bool) -> tuple[list[int], int]:
    """Keep the best by a single number for each."""
    seen = [quality + panel.chance.gauss(0, OWN) for quality in panel.quality]
    if steps:
        seen = [max(1, min(10, round(5.5 + 2 * value))) for value in seen]
    return sorted(range(N), key=lambda index: -seen[index])[:KEEP], N


WAYS: dict[str, tuple[Callable[[Panel], tuple[list[int], int]], float | None]] = {
    "first three": (lambda _panel: ([0, 1, 2], 0), -0.01),
    "generator ranks itself": (lambda panel: _one_look(panel, steps=False), None),
    "score 1 to 10": (lambda panel: _one_look(panel, steps=True), None),
    "rubric, 1 judge": (lambda panel: keep(panel, finals=False), 1.05),
    "rubric, 3 judges": (lambda panel: keep(panel, finals=False, judges=3), 1.27),
    "rubric and finals": (keep, 1.30),
}
SHARES = {"rubric, 1 judge": 0.49, "rubric and finals": 0.69}


def rows(trials: float = 1.0, seed: int = 0, tolerance: float = 0.03) -> list[Row]:
    """Simulate every way on the same draws."""
    count = max(1, round(TRIALS * trials))
    ideal = fmean(fmean(sorted(panel(seed, n).quality)[-KEEP:]) for n in range(count))
    found = [Row("5", f"N {N}, keep {KEEP}", "ideal: mean quality", ideal, 1.47, tolerance)]
    for way, (choose, goal) in WAYS.items():
        panels = [panel(seed, n) for n in range(count)]
        chosen = [choose(panel) for panel in panels]
        pairs = [(panel.quality, kept) for panel, (kept, _) in zip(panels, chosen, strict=True)]
        mean = fmean(quality[index] for quality, kept in pairs for index in kept)
        found.append(Row("5", way, "mean quality of kept", mean, goal, tolerance))
        share = fmean(_top(quality, kept) for quality, kept in pairs)
        found.append(Row("5", way, "share of true top 3", share, SHARES.get(way), tolerance))
        calls = fmean(calls for _, calls in chosen)
        found.append(Row("5", way, "calls of judges", calls, None, 0))
    return found


def panel(seed: int, number: int) -> Panel:
    """Draw the ideas of one trial; every way meets the same ones."""
    return Panel(random.Random(f"{seed} {number}"))


def _top(quality: list[float], kept: list[int]) -> float:
    best = sorted(range(N), key=lambda index: -quality[index])[:KEEP]
    return len({*best} & {*kept}) / KEEP
