"""A call, what it may spend, and what it came to."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hocket.api.tools import TRUSTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.ceiling import Ceiling
    from hocket.api.tools import Label

    Json = JsonValue
    JsonObject = dict[str, JsonValue]


class EndState(StrEnum):
    """How a call ended; every call has exactly one, and the census counts them."""

    OK = "ok"
    CACHED = "cached"
    SKIPPED = "skipped"
    REFUSED = "refused"
    INVALID = "invalid"
    STALLED = "stalled"
    TIMEOUT = "timeout"
    OVER_BUDGET = "over_budget"
    OVER_CAP = "over_cap"
    QUOTA = "quota"
    ERROR = "error"
    CANCELLED = "cancelled"


COMMITTED = frozenset({EndState.OK, EndState.CACHED, EndState.SKIPPED})
"""A call in one of these states is never dispatched again in its run."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in four disjoint kinds of input, the output, and the money; adds up with `+`."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    """Written to a cache that lives five minutes."""
    output: int = 0
    cost_micros: int | None = 0
    """Millionths of a dollar; None when no price is known. One unknown makes a sum unknown."""
    estimated: bool = False
    cache_write_1h: int = 0
    reasoning: int = 0
    """A part of the output."""
    searches: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Add two usages kind by kind."""
        known = self.cost_micros is not None and other.cost_micros is not None
        return Usage(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
            (self.cost_micros or 0) + (other.cost_micros or 0) if known else None,
            self.estimated or other.estimated,
            self.cache_write_1h + other.cache_write_1h,
            self.reasoning + other.reasoning,
            self.searches + other.searches,
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that the next step of a call can cost: what the ledger reserves for it."""

    output: int
    cost_micros: int | None = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A command declared in `meta.checks` that an answer must survive."""

    name: str
    run: str | tuple[str, ...]
    tries: int = 3
    timeout_s: float = 600.0
    bundle: Path | None = None
    """The folder it came with: the command finds it as `$HOCKET_BUNDLE`."""

    @property
    def typed(self) -> str:
        """The command as one would type it."""
        return self.run if isinstance(self.run, str) else shlex.join(self.run)


@dataclass(frozen=True, slots=True)
class Attached:
    """One file or folder of `inputs=`: its path, the digest of its content, and its trust."""

    path: str
    digest: str
    untrusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `agent()` after defaults: what a backend needs to know beside the prompt."""

    schema: JsonObject | None = None
    model: str | None = None
    effort: str | None = None
    agent_type: str | None = None
    tools: tuple[str, ...] | None = None
    disallowed_tools: tuple[str, ...] = ()
    isolation: str | None = None
    inputs: tuple[Attached, ...] = ()
    untrusted: bool = False
    check: Check | None = None
    max_tokens: int | None = None
    timeout_s: float = 7200.0
    stall_s: float = 180.0
    role: str | None = None
    """What a pattern uses the call for (`vote`, `judge`, …): routers and offline go by it."""
    item: JsonValue = None
    depth: int = 0
    """How many agents stand between the script and this one."""
    worth: float | None = None
    """What its answer adds, from 0 to 1; None: all. As a budget runs down the least goes first."""
    ceiling: Ceiling | None = None
    """The most it may do, where its script is of a bundle; it is no part of the key."""
    base: str | None = None
    """The commit that its own tree starts from, as a pattern may say; None: as settings say."""


DEFAULTS = Options()

CALL_OPTIONS = (
    "label",
    "phase",
    "schema",
    "model",
    "effort",
    "agent_type",
    "tools",
    "disallowed_tools",
    "isolation",
    "inputs",
    "untrusted",
    "check",
    "max_tokens",
    "timeout",
    "stall_ms",
)
"""The options of `agent()` under their Python names, as scripts and patterns take them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One `agent()` request. Key and occurrence say which; the rest says what."""

    number: int
    key: str
    occurrence: int
    prompt: str
    label: str
    phase: str | None = None
    options: Options = DEFAULTS

    @property
    def identity(self) -> str:
        """The short id that `hocket runs explain` takes."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: its end state and all that is kept of it."""

    state: EndState
    value: JsonValue = None
    cause: str | None = None
    """Written by hocket or naming the provider's error type; never text an agent read."""
    partial: JsonValue = None
    usage: Usage = Usage()
    tries: int = 1
    notes: tuple[str, ...] = ()
    changes: JsonObject | None = None
    """What a call with a tree of its own changed: patch, branch, base, files, insertions,
    deletions."""
    pruned: bool = False
    """Left out to keep the budget for what is worth more; the state is `over_budget`."""
    label: Label = TRUSTED
    """Where the words of the answer come from, as far as the backend saw."""
    sealed: Mapping[str, str] = field(default_factory=dict[str, str])
    """The handles in it, each with the digest of its content."""

    @property
    def committed(self) -> bool:
        """Whether a resume replays this outcome instead of running the call again."""
        return self.state in COMMITTED


@dataclass(frozen=True, slots=True)
class Route:
    """The model and effort a router chose for a call; None leaves it to the backend."""

    model: str | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What the engine says to an offered answer."""

    accepted: bool
    complaint: str | None = None
    """What to say in the same conversation; None when it was accepted or no try is left."""
