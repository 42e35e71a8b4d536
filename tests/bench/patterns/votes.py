"""Simulates `verify`: errors and votes of its rules, failing voters, and what it states."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING

from panels import panel_error, panel_error_alike
from polls import SHORT, Poll, noise, panels
from row import Row, within
from voters import Voters, beta, uniform

from hocket.testing import run
from hocket.testing.patterns import PatternStage
from hocket_plugins.patterns.verify.doubt import Doubt, votes_to_lead, votes_to_majority
from hocket_plugins.patterns.verify.pattern import Verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polls import Case
    from pydantic import JsonValue

SECTION = "4"
CLAIMS = {
    "easy": (0.05, 0.05, 0.05, 0.3),
    "mixed": (0.1, 0.2, 0.3, 0.4),
    "hard": (0.3, 0.35, 0.4, 0.4),
}


def rows(trials: float = 1.0, seed: int = 0) -> list[Row]:
    """Simulate everything that is claimed of `verify`."""
    return [
        *table(trials, seed),
        *failing(trials, seed),
        *stated(trials, seed),
        *closed_forms(),
        *waves(trials, seed),
    ]


RULES: dict[str, dict[str, JsonValue]] = {
    "majority of 3, curtailed": {"rule": "majority", "cap": 3},
    "lead 2, cap 7, majority": {"cap": 7, "at_cap": "majority"},
    "lead 2, cap 6": {},
    "lead 3, cap 9, majority": {"lead": 3, "cap": 9, "at_cap": "majority"},
    "majority of 9, curtailed": {"rule": "majority", "cap": 9},
}
GOALS: dict[str, dict[str, tuple[float, float | None, float | None]]] = {
    "easy": {
        "majority of 3, curtailed": (0.060, 2.18, None),
        "lead 2, cap 7, majority": (0.043, 2.47, None),
        "lead 2, cap 6": (0.037, 2.46, 0.020),
        "lead 3, cap 9, majority": (0.028, 3.88, None),
        "majority of 9, curtailed": (0.024, None, None),
    },
    "mixed": {
        "majority of 3, curtailed": (0.175, 2.35, None),
        "lead 2, cap 7, majority": (0.139, 3.03, None),
        "lead 2, cap 6": (0.122, 2.97, 0.055),
        "lead 3, cap 9, majority": (0.103, 5.03, None),
        "majority of 9, curtailed": (0.096, None, None),
    },
    "hard": {
        "majority of 3, curtailed": (0.297, 2.46, None),
        "lead 2, cap 7, majority": (0.260, 3.44, None),
        "lead 2, cap 6": (0.221, 3.34, 0.097),
        "lead 3, cap 9, majority": (0.211, 5.98, None),
        "majority of 9, curtailed": (0.199, None, None),
    },
}
"""Error among all claims, votes per claim, share unverified (PATTERNS, §4)."""


def table(trials: float, seed: int) -> Iterator[Row]:
    """Compare the rules with fixed panels on claims of three kinds."""
    for kind, errors in CLAIMS.items():
        for name, arguments in RULES.items():
            poll = Poll(panels(trials, seed, 40_000, uniform(errors)), arguments)
            error, votes, unverified = GOALS[kind][name]
            model, off = f"{kind} claims, {name}", within(0.006, trials)
            yield Row(SECTION, model, "error", poll.wrong, error, off)
            spent = poll.calls / len(poll)
            yield Row(SECTION, model, "votes per claim", spent, votes, within(0.03, trials))
            if unverified is not None:
                left = poll.share("unverified")
                yield Row(SECTION, model, "unverified", left, unverified, off)
        for size in (3, 9):
            fixed = fmean(panel_error(size, error) for error in errors)
            goal = GOALS[kind][f"majority of {size}, curtailed"][0]
            yield Row(SECTION, f"{kind} claims, {size} fixed", "error", fixed, goal, 0.006)
        if kind == "easy":
            curtailed = fmean(votes_to_majority(3, error) for error in errors)
            yield Row(SECTION, "majority of 3", "votes saved", 1 - curtailed / 3, 0.27, 0.01)


def failing(trials: float, seed: int) -> Iterator[Row]:
    """Let votes on true claims fail: never does a failure refute one."""
    unverified = {0.0: 0.001, 0.3: 0.04, 0.5: 0.22, 1.0: 1.0}
    refuting = {0.0: 0.007, 0.3: 0.26, 0.5: 0.54, 1.0: 1.0}
    for share, goal in unverified.items():
        model = f"votes fail with {share:g}"
        made = panels(trials, seed, 20_000, uniform([0.05]), true=1.0, failing=share)
        poll = Poll(made, {})
        forged = sum(case.refuting != case.refutations for case in poll.cases)
        yield Row(SECTION, model, "refuted by a failed call", forged, 0, 0)
        off = 0.003 + noise(0.003, len(poll))
        yield Row(SECTION, model, "refuted", poll.share("refuted"), 0, off)
        off = max(0.01, noise(goal, len(poll)))
        yield Row(SECTION, model, "unverified", poll.share("unverified"), goal, off)
        counted = panel_error(3, share + (1 - share) * 0.05)
        model = f"{model}, counted as refutations"
        yield Row(SECTION, model, "refuted by 3 fixed", counted, refuting[share], 0.006)


def stated(trials: float, seed: int) -> Iterator[Row]:
    """Compare the error that a verdict states with how often such verdicts are wrong."""
    for p in (0.1, 0.2, 0.3):
        for rho in (0.0, 0.2, 0.4):
            for lead in (2, 3):
                made = panels(trials, seed, 200_000, beta(p, rho), true=0.5)
                poll = Poll(made, {"lead": lead, "p": p, "rho": rho})
                yield from _cells(poll, f"Beta votes, p {p:g}, rho {rho:g}, lead {lead}")


def _cells(poll: Poll, model: str) -> Iterator[Row]:
    cells: dict[tuple[int, int], list[Case]] = defaultdict(list)
    for case in poll.cases:
        if case.stated is not None:
            cells[max(case[2:4]), min(case[2:4])].append(case)
    for (many, few), cases in sorted(cells.items()):
        stated, observed = cases[0].stated, fmean(case.wrong for case in cases)
        off = max(0.01, noise(stated, len(cases)) + 1 / len(cases))
        figure = f"error stated at ({many}, {few}) minus observed"
        yield Row(SECTION, model, figure, stated - observed, 0, off)


def closed_forms() -> Iterator[Row]:
    """Compare sequential votes with fixed panels that err as seldom."""
    goals = {(0.2, 0.05): (7, 3, 4.85), (0.2, 0.01): (13, 4, 6.61),
             (0.3, 0.05): (17, 4, 9.35), (0.3, 0.01): (31, 6, 14.8)}  # fmt: skip
    for (p, bound), (size, lead, votes) in goals.items():
        model = f"error ≤ {bound:g}, p {p:g}"
        needed = next(n for n in range(1, 99, 2) if panel_error(n, p) <= bound)
        yield Row(SECTION, model, "smallest fixed majority", needed, size, 0)
        margin = next(m for m in range(1, 9) if Doubt(p, 0).error(m, 0) <= bound)
        yield Row(SECTION, model, "lead", margin, lead, 0)
        yield Row(SECTION, model, "votes to it", votes_to_lead(margin, p), votes, 0.05)
    for rho, goal in {0.0: 0.020, 0.2: 0.113, 0.4: 0.160}.items():
        error = panel_error_alike(9, 0.2, rho) if rho else panel_error(9, 0.2)
        yield Row(SECTION, f"majority of 9, p 0.2, rho {rho:g}", "error", error, goal, 0.006)


class TimedStage(PatternStage):
    """Answers after a while: exponential, as the longest of many calls is what a wave takes."""

    def __init__(self, voters: Voters, seed: int) -> None:
        super().__init__(voters, patterns=[Verify()])
        self._random = Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)

    async def attempt(self, ask):
        """Take the time of one call."""
        seconds = self._random.expovariate(1)
        self.times[str(ask.options["item"])].append(seconds)
        await asyncio.sleep(seconds)
        return await super().attempt(ask)


def waves(trials: float, seed: int) -> Iterator[Row]:
    """Time four claims in waves, and the same votes one by one on each."""
    saved = []
    for number in range(max(20, round(2_000 * trials))):
        voters = Voters(seed * 7_919 + number, 4, uniform(CLAIMS["mixed"]))
        stage = TimedStage(voters, number)
        took = run(_timed(stage, voters))
        steps = [[] for _ in range(max(map(len, stage.times.values())))]
        for times in stage.times.values():
            for step, seconds in enumerate(times):
                steps[step].append(seconds)
        saved.append((took, sum(map(max, steps))))
    share = 1 - sum(took for took, _ in saved) / sum(slow for _, slow in saved)
    yield Row(
        SECTION, "4 mixed claims in waves", "wall time saved", share, 0.31, within(0.02, trials)
    )


async def _timed(stage: TimedStage, voters: Voters) -> float:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await stage.pattern("verify", {**SHORT, "claims": voters.claims})
    return loop.time() - before
