"""The parts of the research bench: claims alone, the command, its controls, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

import metrics

from planted.corpus import PlantedCorpus
from planted.errors import Errors
from planted.hunt import SHELVES, SINGLY, hunted
from planted.labelled import labelled
from planted.row import Bar, Row
from planted.scene import ALONE_CONTROL, FACT_CHECK, PANEL_CONTROL, Scene
from planted.trial import Outcome, Trial, checked

if TYPE_CHECKING:
    import argparse

Map = Callable[..., Iterable[object]]
Part = Callable[["argparse.Namespace", Map], Iterator[Row]]
RATES = {
    (0.0, 0.1, 0.0): (0.998, 0.85, 0.012, 0.3, 0.84, 0.03),
    (0.0, 0.1, 0.4): (0.988, 0.80, 0.069, 0.9, 0.80, 0.08),
    (0.3, 0.1, 0.0): (0.998, 0.82, 0.012, 3.3, 0.60, 0.31),
    (0.3, 0.1, 0.4): (0.989, 0.77, 0.065, 3.5, 0.60, 0.31),
    (0.3, 0.2, 0.4): (0.969, 0.67, 0.146, 4.8, 0.52, 0.40),
}
"""By share of votes that fail, p and rho: precision, facts found, true claims refuted, unverified;
then found and refuted by three votes whose failures count as refutations."""
COLUMNS = ("precision", "facts found", "true claims refuted", "unverified")
WITHIN = {"precision": 0.01, "facts found": 0.02, "true claims refuted": 0.01, "unverified": 0.6}
"""A hundredth of 60 facts is .6 of a claim."""
BARS = {
    "span precision": Bar(at_least=1.0),
    "citation support": Bar(at_least=0.98),
    "conflict recall": Bar(at_least=0.9),
    "staleness": Bar(at_most=0.02),
    "mirror count": Bar(at_most=0),
    "canary calls": Bar(at_most=0),
    "laziness": Bar(at_most=0),
}
SEEN = {"alike": "documents alike", "uneven": "documents uneven", SINGLY: "facts one by one"}
LABELLED = {0.0: (0.98, 0.97, 0.02), 0.4: (0.92, 0.90, 0.08)}
"""By rho, at p .1: precision and recall of both verdicts, and verdicts where nobody can know."""
FULL, QUICK = ("--mode", "full"), ("--mode", "quick")
ALL_VOTED = (*FULL, "--per-angle", "20", "--max-calls", "900")
"""No quota and no end of votes: every claim is voted on."""
CALIBRATED = Bar(at_least=0.9)


def claims(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Put the claims of 60 facts before the real `verify`, and before panels of three."""
    worlds = list(run(_trials, range(options.trials)))
    for number, (rates, goals) in enumerate(RATES.items()):
        whole = sum((world[number][0] for world in worlds), Outcome())
        fixed = sum((world[number][1] for world in worlds), Outcome())
        name = f"claims, {options.trials} worlds of 60 facts"
        for column, goal in zip(COLUMNS, goals, strict=False):
            bar = Bar(goal=goal, within=WITHIN[column])
            yield Row(name, _named(rates), column, whole.figures[column], bar)
        three = zip(("facts found", "true claims refuted"), goals[4:], strict=True)
        for column, goal in three:
            bar = Bar(goal=goal, within=0.02)
            figure = f"3 votes, failures refute: {column}"
            yield Row(name, _named(rates), figure, fixed.figures[column], bar)


def labels(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Put labelled claims before the real `verify`: every second one is false."""
    for rho in LABELLED:
        told = run(_labelled, [(seed, rho) for seed in range(options.trials)])
        about = f"labelled claims, {options.trials} worlds"
        yield from _rows(about, f"p 0.1, rho {rho:g}", told, _of_labels(rho))


def checking(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Run fact-check over texts of labelled claims."""
    for rho in LABELLED:
        errors = Errors(vote_rho=rho)
        scenes = [Scene(seed, errors, FACT_CHECK, FULL) for seed in options.seeds]
        bars = {**BARS, **_of_labels(rho), "coverage": Bar(at_least=1.0)}
        yield from _rows(
            "fact-check --mode full", f"p 0.1, rho {rho:g}", run(figures, scenes), bars
        )


def command(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Run deep-research with its defaults, at five rates of error."""
    for rates in RATES:
        scenes = [Scene(seed, _errors(rates), words=FULL) for seed in options.seeds]
        yield from _rows("deep-research --mode full", _named(rates), run(figures, scenes))


def failures(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Let three votes in ten fail, all else being equal: no claim may get another verdict."""
    for p, rho in ((0.1, 0.0), (0.2, 0.4)):
        pairs = [(seed, p, rho) for seed in options.seeds]
        differing, lost = zip(*run(_compared, pairs), strict=True)
        named, about = f"p {p:g}, rho {rho:g}", "failure as verdict, every claim voted on"
        yield Row(about, named, "other state than without failures", sum(differing), Bar(at_most=0))
        yield Row(about, named, "unverified more, claims per run", fmean(lost))


def everything(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Run it with a vote on every claim: no quota hides a conflict."""
    for rates in ((0.0, 0.1, 0.0), (0.0, 0.1, 0.4)):
        scenes = [Scene(seed, _errors(rates), words=ALL_VOTED) for seed in options.seeds]
        about = "deep-research --mode full, every claim voted on"
        yield from _rows(about, _named(rates), run(figures, scenes))


def controls(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Run the controls over the same corpora: their figures have no bars."""
    for rates in ((0.0, 0.1, 0.0), (0.3, 0.1, 0.0), (0.3, 0.2, 0.4)):
        errors = replace(_errors(rates), refuting=True)
        scenes = [Scene(seed, errors, PANEL_CONTROL) for seed in options.seeds]
        about = "control: 3 fixed votes, failures refute"
        yield from _rows(about, _named(rates), run(figures, scenes), {})
    scenes = [Scene(seed, Errors(), ALONE_CONTROL) for seed in options.seeds]
    about = "control: one agent, until its window is full"
    yield from _rows(about, "no quarantine, no checks", run(figures, scenes), {})


def frontier(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Compare what quick and full find with what they cost."""
    for words in (QUICK, FULL):
        scenes = [Scene(seed, words=words, backend=options.backend) for seed in options.seeds]
        about = f"deep-research, {options.model or options.backend or 'scripted agents'}"
        yield from _rows(about, " ".join(words), run(figures, scenes))


def recall(options: argparse.Namespace, run: Map) -> Iterator[Row]:
    """Let `until_done` say how much it found at most, to its end and cut off."""
    for shelf in (*SHELVES, SINGLY):
        for most in (30, 8):
            told = list(run(_hunted, [(seed, shelf, most) for seed in range(options.trials)]))
            stated = [pair for pair in told if pair[1] is not None]
            held = metrics.calibration(stated)
            setting = f"{SEEN[shelf]}, at most {most} finders"
            about = "recall stated by until_done"
            bar = CALIBRATED
            yield Row(about, setting, "true recall ≤ stated", held.value, bar, held.whole)
            yield Row(about, setting, "true recall", fmean(true for true, _ in told))
            if stated:
                yield Row(about, setting, "stated", fmean(most for _, most in stated))


PARTS: tuple[Part, ...] = (
    claims, labels, command, everything, failures, checking, controls, frontier, recall,
)  # fmt: skip


def figures(scene: Scene) -> dict[str, object]:
    """Play a scene in a worker."""
    return scene.play().figures()


def _rows(
    about: str, setting: str, played: Iterable[object], bars: dict[str, Bar] = BARS
) -> Iterator[Row]:
    """Add shares up over runs; of counts with a bar give the sum, of others the mean."""
    runs = [run for run in played if isinstance(run, dict)]
    for name in dict.fromkeys(name for run in runs for name in run):
        values = [run.get(name, 0) for run in runs]
        shares = [value for value in values if isinstance(value, metrics.Share)]
        if shares:
            total = sum(shares, metrics.Share(0, 0))
            yield Row(about, setting, name, total.value, bars.get(name), total.whole)
        else:
            value = sum(values) if name in BARS else fmean(values)
            yield Row(about, setting, name, value, bars.get(name))


def _labelled(given: tuple[int, float]) -> dict[str, object]:
    seed, rho = given
    corpus = PlantedCorpus(seed=seed)
    states = checked(corpus, Errors(vote_rho=rho))
    return metrics.labels(labelled(corpus), states)


def _of_labels(rho: float) -> dict[str, Bar]:
    precision, found, verdicts = LABELLED[rho]
    return {
        "verdict precision": Bar(at_least=precision),
        "verdict recall": Bar(at_least=found),
        "verdict on NOT ENOUGH INFO": Bar(at_most=verdicts),
    }


def _trials(seed: int) -> list[tuple[Outcome, Outcome]]:
    """Try every rate of error on one world."""
    found = []
    for rates in RATES:
        trial, told, fixed = Trial(seed, _errors(rates)), Outcome(), Outcome()
        told.add(trial, trial.states())
        fixed.add(trial, trial.counted_as_refutations())
        found.append((told, fixed))
    return found


def _compared(given: tuple[int, float, float]) -> tuple[int, int]:
    """Count the claims with another state, and those more that ended unverified."""
    seed, p, rho = given
    whole, failing = (
        Scene(seed, _errors((fail, p, rho)), words=ALL_VOTED).play().told for fail in (0.0, 0.3)
    )
    lost = sum(metrics.unverified(failing).values()) - sum(metrics.unverified(whole).values())
    return metrics.failure_as_verdict(whole, failing), lost


def _hunted(given: tuple[int, str, int]) -> tuple[float, float | None]:
    seed, shelf, most = given
    return hunted(PlantedCorpus(seed=seed), shelf, most=most)


def _errors(rates: tuple[float, float, float]) -> Errors:
    fail, p, rho = rates
    return Errors(vote_error=p, vote_rho=rho, fail=fail, fail_roles=("vote",))


def _named(rates: tuple[float, float, float]) -> str:
    return "votes fail {:g}, p {:g}, rho {:g}".format(*rates)
