"""The one object that tells what became of a run: for `--json`, `run.json` and every view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED, Usage
from hocket.api.events import CallFinished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.events import Event

    Report = dict[str, JsonValue]

SCHEMA = 1
MICROS = 1_000_000
NONE: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Failure:
    """A call without a committed result."""

    call: int
    label: str
    state: str
    cause: str | None

    def told(self) -> dict[str, JsonValue]:
        """Give it as the report has it."""
        return {"call": self.call, "label": self.label, "state": self.state, "cause": self.cause}


@dataclass(slots=True)
class Failures:
    """The calls that failed and did not succeed since, by number; listens to the run."""

    calls: dict[int, Failure] = field(default_factory=dict[int, Failure])

    def hear(self, event: Event) -> None:
        """Note a failed call, or that it went well after all."""
        if not isinstance(event, CallFinished):
            return
        if event.state in COMMITTED:
            self.calls.pop(event.number, None)
            return
        failure = Failure(event.number, event.label, event.state.value, event.cause)
        self.calls[event.number] = failure

    def by_number(self) -> list[Failure]:
        """List them in the order of asking."""
        return [self.calls[number] for number in sorted(self.calls)]


def report(  # noqa: PLR0913  (one object with these fields is the documented form)
    *,
    run_id: str,
    name: str,
    status: str,
    cause: str | None,
    result: JsonValue,
    census: Mapping[str, int],
    usage: Usage,
    elapsed_ms: int,
    failures: list[Failure],
    notes: tuple[str, ...] = (),
    outside: Mapping[str, Sequence[str]] = NONE,
    resumes_at: int | None = None,
) -> Report:
    """Build the object; null are `cost_usd` and `resumes_at` (wall ms) where nobody knows."""
    micros = usage.cost_micros
    return {
        "schema": SCHEMA,
        "run_id": run_id,
        "name": name,
        "status": status,
        "cause": cause,
        "result": result,
        "census": dict(census),
        "usage": {
            "input": usage.input,
            "cache_read": usage.cache_read,
            "cache_write": usage.cache_write,
            "output": usage.output,
        },
        "cost_usd": None if micros is None else micros / MICROS,
        "elapsed_s": round(elapsed_ms / 1000, 3),
        "failures": [failure.told() for failure in failures],
        "notes": [*notes],
        "outside": {place: [*sources] for place, sources in outside.items()},
        "resumes_at": resumes_at,
    }
