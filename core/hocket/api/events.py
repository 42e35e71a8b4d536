"""What happens in a run, as views and listeners hear it: in order, and never blocking a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import EndState, Usage


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A process took the run: a new one, or a resume with `replayable` committed results."""

    run_id: str
    name: str
    phases: tuple[str, ...]
    replayable: int
    cap: int
    budget_tokens: int | None = None
    budget_micros: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """The script's ambient phase changed."""

    title: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A line for a person: from the script (`log`), or a note of hocket's own."""

    text: str
    level: str = "info"


@dataclass(frozen=True, slots=True)
class CallAsked:
    """The script asked for an agent; it may wait for a slot."""

    number: int
    label: str
    phase: str | None


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call has its slot and its reservation, and its backend runs."""

    number: int
    model: str | None = None


@dataclass(frozen=True, slots=True)
class CallProgress:
    """A sign of life from a running call; may be dropped when a listener is slow."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call has its end state, and its record is written."""

    number: int
    label: str
    phase: str | None
    state: EndState
    cause: str | None
    usage: Usage
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question waits for a person."""

    question_id: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered, or nobody could answer it."""

    question_id: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The run is running or paused, and why."""

    state: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run left this process."""

    state: str
    cause: str | None
    census: Mapping[str, int]
    usage: Usage


Event = (
    RunStarted
    | PhaseEntered
    | Logged
    | CallAsked
    | CallStarted
    | CallProgress
    | CallFinished
    | Asked
    | Answered
    | StateChanged
    | RunFinished
)
