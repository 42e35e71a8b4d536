"""One run of a workflow in its world: estimated first, then run, then compared."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import shapes
from worlds import MODEL, NAME, PRICES, Inhabited, World, WorldBackend

from hocket.engine.services import Policies
from hocket.estimate.jumping import JumpingClock, run
from hocket.estimate.making import estimate
from hocket.estimate.records import PastRun
from hocket.launch.opened import new_run
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.start import Company, live

if TYPE_CHECKING:
    from collections.abc import Iterator

METRICS = ("calls", "output", "usd", "seconds")


class Still:
    """A clock on which no time passes: then the number of draws decides, not the machine."""

    def monotonic(self) -> float:
        """Give the same second for ever."""
        return 0.0

    def wall_ms(self) -> int:
        """Give the same moment for ever."""
        return 0

    async def sleep(self, seconds: float) -> None:
        """Wait for nothing."""


@dataclass(frozen=True)
class Trial:
    """What an estimate said about one figure, and what the run came to."""

    shape: str
    number: int
    metric: str
    measured: int
    p50: float
    p90: float
    actual: float

    @property
    def covered(self) -> bool:
        """Whether the run stayed under P90."""
        return self.actual <= self.p90

    @property
    def error(self) -> float:
        """How far P50 was off, either way."""
        return abs(self.p50 - self.actual) / self.actual if self.actual else 0.0


@contextmanager
def project() -> Iterator[Path]:
    """Give an empty project of a person who knows what the model costs."""
    before = dict(os.environ)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("config", "data", "cache"):
            home = root / name
            home.mkdir()
            os.environ[f"HOCKET_{name.upper()}_HOME"] = str(home)
        (root / "config" / "config.toml").write_text(PRICES)
        os.environ["HOCKET_LOCAL_SERVERS"] = "none"
        place = root / "project"
        (place / ".hocket").mkdir(parents=True)
        try:
            yield place
        finally:
            os.environ.clear()
            os.environ.update(before)


def trials(shape: str, place: Path, world: World, runs: int, draws: int) -> Iterator[Trial]:
    """Estimate and run a workflow again and again."""
    (place / "wf.py").write_text(shapes.source(shape))
    args = shapes.ARGS.get(shape)
    text = None if args is None else json.dumps(args)
    for number in range(runs):
        backend = WorldBackend(world, number)
        opened = Project.open(
            place,
            choices={"backend": NAME, "model": MODEL},
            flags={"concurrency": 8},
            plugins={"bench.world": Inhabited(backend)},
        )
        prepared = prepare(opened, Demand("wf.py", text))
        made = estimate(prepared, Still(), most=draws)
        prepared = replace(prepared, shown=made.kept)
        begun = new_run(prepared)
        run(live(begun, prepared, Company(clock=JumpingClock(), policies=Policies())))
        actual = PastRun(opened.store(), begun.run_id).actual()
        for metric in METRICS:
            if metric in actual:
                said = made.figures[metric]
                yield Trial(
                    shape, number, metric, made.measured, said.p50, said.p90, actual[metric]
                )
