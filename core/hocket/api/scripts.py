"""What a script is, and the small protocol between a script and the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pydantic import JsonValue

    from hocket.api.calls import Check
    from hocket.api.ceiling import Ceiling
    from hocket.api.patterns.context import Pattern

    Op = Literal["agent", "attempt", "workflow", "ask", "reveal", "pattern"]


@dataclass(frozen=True, slots=True)
class Phase:
    """A group of calls announced in `meta.phases`."""

    title: str
    detail: str = ""
    model: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The `meta` of a script, read without running anything."""

    name: str
    description: str
    when_to_use: str = ""
    phases: tuple[Phase, ...] = ()
    args: dict[str, JsonValue] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict[str, "Check"])
    agents: int | None = None
    """`meta.limits.agents`: can only lower the cap on agents per run."""
    concurrency: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it will run: line ends normalised, digest taken, meta read."""

    path: str
    source: str
    digest: str
    language: str
    manifest: Manifest
    ceiling: Ceiling | None = None
    """The most it may do, when it is of a bundle; the engine holds it to that."""
    bundle: str = ""
    """The name of its bundle, by which messages call it."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing the static checks found, at a place a person can go to."""

    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class ScriptLimits:
    """What a script's process may use; only a person can raise these."""

    memory: int = 256 << 20
    turn_s: float = 5.0
    cpu_s: float = 300.0
    recursion: int = 1000
    calls: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """An error on its way into a script, or out of it: a built-in class name and a message."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One place in a script's own code."""

    line: int
    column: int
    function: str


@dataclass(frozen=True, slots=True)
class HostCall:
    """Something a script asked the engine for, and waits for."""

    id: int
    op: Op
    payload: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Emit:
    """Something a script told: nobody answers. `error` marks an item that raised."""

    op: Literal["log", "phase", "note", "error"]
    text: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What `budget` shows from the moment a result is delivered."""

    tokens: int = 0
    cost_micros: int = 0


@dataclass(frozen=True, slots=True)
class Settle:
    """The answer to one host call, delivered in commit order."""

    id: int
    value: JsonValue = None
    fault: Fault | None = None
    spent: Spent = Spent()
    quiet: bool = False
    """No script code becomes runnable by it, so it may cross together with its successor."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The script's `main` returned; `open` are host calls nobody awaited."""

    value: JsonValue
    open: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """The script raised, or broke a limit (`limit` names it)."""

    fault: Fault
    frames: tuple[Frame, ...] = ()
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything a script asked for until it came to rest, in order."""

    messages: tuple[HostCall | Emit, ...] = ()
    barriers: tuple[tuple[int, ...], ...] = ()
    """Groups of calls awaited together: all but a group's last result are quiet."""
    end: Returned | Raised | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What a script process is started with."""

    script: Script
    args: JsonValue
    has_args: bool
    budget: BudgetTotals
    limits: ScriptLimits
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Installed patterns with the names of their arguments in order."""


@dataclass(frozen=True, slots=True)
class BudgetTotals:
    """The totals a person set; None where there is none."""

    tokens: int | None = None
    cost_micros: int | None = None


class HostCrashed(Exception):
    """The process that runs a script died by something that is not the script's own limit."""


class ScriptProcess(Protocol):
    """A script that is running: it is answered, runs to rest, and says what it wants next."""

    async def resume(self, settles: Sequence[Settle]) -> Batch:
        """Apply the answers one by one, run to rest, and hand over all that was asked.

        The first call starts the script and takes no answers. Raises HostCrashed.
        """
        ...


class ScriptHost(Protocol):
    """A script language: reads, checks and runs files of its suffixes."""

    language: str
    suffixes: tuple[str, ...]
    by_value: bool
    """Whether its scripts get words from outside as they are; the first ones taint the run."""

    def read(self, source: str, path: str) -> Script:
        """Read a script's meta without running it; raises ScriptRejected with all findings."""
        ...

    def check(self, script: Script, patterns: Sequence[Pattern]) -> list[Finding]:
        """Find what is wrong before anything runs, the type checker's findings included."""
        ...

    def open(self, start: Start) -> AbstractAsyncContextManager[ScriptProcess]:
        """Start a process for the script; leaving the context kills it."""
        ...
