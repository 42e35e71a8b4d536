"""What earlier runs of a workflow say about the next one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.estimate.calibration import ENOUGH, LAST
from hocket.estimate.records import MADE_UP, PastRun
from hocket.estimate.samples import Experience
from hocket.journal.spending import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.clock import Clock
    from hocket.api.storage import Store
    from hocket.estimate.kinds import Key, Kind
    from hocket.estimate.records import Told

METRICS = ("calls", "input", "output", "usd", "seconds")
PATIENCE_S = 1.0
"""How long may be read; the newest runs come first, and they say most."""
_OTHERS = 10
"""Runs of other workflows that are read too: of them the agent types count alone."""
NOBODY = Experience()


@dataclass(slots=True)
class History:
    """Earlier runs of one workflow, the newest first."""

    runs: int = 0
    """Those whose calls are known."""
    ratios: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """What a run came to, over what its estimate had said, for each figure."""
    effects: list[float] = field(default_factory=list[float])
    """What a whole run took, over what its calls take in the mean."""
    known: dict[Key, Experience] = field(default_factory=dict["Key", Experience])

    def of(self, kind: Kind) -> Experience:
        """Give what is known of calls of this kind, by stem or else by shape."""
        return next((self.known[key] for key in kind.keys if key in self.known), NOBODY)

    def of_type(self, kind: Kind) -> Experience:
        """Give what is known of its agent type and model, whatever the workflow."""
        return self.known.get(_typed(kind), NOBODY)

    @property
    def measured(self) -> int:
        """How many finished runs there are whose estimate is known."""
        return min(LAST, len(self.ratios.get("output", ())))

    @property
    def is_rough(self) -> bool:
        """Whether too few runs say how good estimates are."""
        return self.measured < ENOUGH

    def take(self, run: PastRun) -> list[Told]:
        """Take the calls of a run of this workflow."""
        self.runs += 1
        calls = [*run.calls()]
        for told in calls:
            for key in (*told.kind.keys, _typed(told.kind)):
                known = self.known.setdefault(key, Experience())
                known.took(told.kind.model, told.sample, failed=told.failed)
                if not told.failed:
                    known.answered(told.value)
        return calls

    def take_types(self, run: PastRun) -> None:
        """Take what agent types took in a run of another workflow."""
        for told in run.calls():
            known = self.known.setdefault(_typed(told.kind), Experience())
            known.took(told.kind.model, told.sample, failed=told.failed)

    def compare(self, run: PastRun) -> None:
        """Take how far a run was from its estimate."""
        shown = part(part(run.header, "estimate"), "base")
        for name, actual in run.actual().items():
            said = shown.get(name)
            if isinstance(said, int | float) and said > 0:
                self.ratios.setdefault(name, []).append(actual / said)

    def weigh(self, runs: list[list[Told]]) -> None:
        """Find how much more or less a whole run took than its calls take in the mean."""
        for calls in runs:
            fine = [told for told in calls if not told.failed]
            usual = sum(self._usual(told.kind) for told in fine)
            if usual > 0:
                self.effects.append(sum(told.sample.weight for told in fine) / usual)

    def _usual(self, kind: Kind) -> float:
        return fmean(sample.weight for _, sample in self.of(kind).samples)


def read(store: Store, name: str, backend: str, clock: Clock) -> History:
    """Read what there is, as far as the time allows.

    Runs of made-up agents count among themselves. Ratios need the two ends of a journal only,
    so they are taken first and of more runs.
    """
    history = History()
    until = clock.monotonic() + PATIENCE_S
    own: list[PastRun] = []
    others: list[PastRun] = []
    for run in _runs(store, backend):
        (own if run.name == name else others).append(run)
        if clock.monotonic() > until or len(own) >= LAST:
            break
    for run in own:
        history.compare(run)
    in_time = (run for run in own if not history.runs or clock.monotonic() <= until)
    history.weigh([history.take(run) for run in in_time])
    for run in others[:_OTHERS]:
        if clock.monotonic() <= until:
            history.take_types(run)
    return history


def _runs(store: Store, backend: str) -> Iterator[PastRun]:
    for run_id in store.runs():
        with suppress(HocketError):  # deleted while we look
            run = PastRun(store, run_id)
            if _comparable(run.backend, backend):
                yield run


def _comparable(then: str, now: str) -> bool:
    return then == now or MADE_UP.isdisjoint((then, now))


def _typed(kind: Kind) -> Key:
    return "type", kind.agent_type, kind.model or ""
