"""Random cost traces against the ledger: no budget is ever overshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budget import run
from figures import Figure, InvalidRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort

TRACES, QUICK = 10_000, 1_000
SEED = 1
MEANING = {
    "overshoot": "times that spent + reserved was above a budget",
    "needless": "calls refused that would have fitted",
    "leaked": "runs with money reserved after their end",
    "stuck": "runs in which somebody waited for ever",
}


def measure(effort: Effort) -> Iterator[Figure]:
    """Run all traces once; they depend on the seed alone."""
    traces = effort.size(TRACES, QUICK)
    counts = run(traces, SEED)
    if counts["traces"] != traces:
        raise InvalidRun(f"{counts['traces']} traces ran, not {traces}")
    asked = effort.label(TRACES, QUICK, "traces")
    about = f"{asked} from seed {SEED}; {counts['steps']:,} steps, {counts['refused']:,} refused"
    for kind, meaning in MEANING.items():
        yield Figure(
            key=f"budget.{kind}",
            value=counts[kind],
            unit="times",
            goal=0,
            exact=True,
            note=f"{meaning}; {about}",
        )
