"""What the run itself tells: how its calls ended, what it noted, and what it cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch.reports.fields import Fields

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.engine.summary import Report


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a run that its report repeats."""

    name: str
    run_id: str
    census: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]
    """Why calls failed, and how many for each reason; the most frequent first."""
    notes: tuple[str, ...]
    tokens: int
    usd: float | None
    seconds: float


def told(run: Report) -> Told:
    """Read the account of a run."""
    taken = Fields(run)
    usage = taken.inside("usage")
    return Told(
        name=taken.text("name"),
        run_id=taken.text("run_id"),
        census=taken.counts("census"),
        failed=_causes(run.get("failures")),
        notes=taken.texts("notes"),
        tokens=_tokens(usage),
        usd=taken.number("cost_usd"),
        seconds=taken.number("elapsed_s") or 0.0,
    )


def _tokens(usage: Fields | None) -> int:
    """Add up what was sent and what came back."""
    kinds = ("input", "cache_read", "cache_write", "output")
    return 0 if usage is None else sum(round(usage.number(kind) or 0) for kind in kinds)


def _causes(failures: JsonValue) -> tuple[tuple[str, int], ...]:
    listed = (
        [one for one in failures if isinstance(one, dict)] if isinstance(failures, list) else []
    )
    counted = Counter(str(one.get("cause") or one.get("state")) for one in listed)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
