"""What a plugin hands over: small protocols, each with a public double in `hocket.testing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pydantic import JsonValue

    from hocket.api.approval import Judgement, Use
    from hocket.api.calls import Bound, Call, EndState, Options, Outcome, Route, Submission, Usage
    from hocket.api.clock import Clock
    from hocket.api.events import Event
    from hocket.api.messages import Capabilities, Closed, Delta, Opened, Ping, Turn, TurnRequest
    from hocket.api.tools import Label, ToolContext

    SendTurn = Callable[[Callable[[], None]], Awaitable[Turn]]
    Proceed = Callable[[Call], Awaitable[Outcome]]

T = TypeVar("T")


class TurnGivenUp(Exception):
    """A model turn is not tried again; the call ends with this state and cause."""

    def __init__(self, state: EndState, cause: str) -> None:
        super().__init__(cause)
        self.state = state
        self.cause = cause


class CallContext(Protocol):
    """What the engine lends a backend for one call."""

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        ...

    async def submit(self, answer: JsonValue) -> Submission:
        """Offer an answer: validated against schema and check, counted, bounded."""
        ...

    async def missing(self) -> Submission:
        """Say that the agent ended without an answer: one reminder, then none."""
        ...

    def grow(self, bound: Bound) -> bool:
        """Reserve for the next model turn; False when it does not fit, and then never waits."""
        ...

    def spend(self, usage: Usage) -> None:
        """Book what a finished model turn really used; written before the next one may start.

        The only way to book anything: the usage of an outcome is what was booked here.
        """
        ...

    def progress(self, text: str) -> None:
        """Give a sign of life to the views."""
        ...

    @property
    def tools(self) -> ToolContext:
        """What the tools of this call work with: its workspace, its clock, its memory."""
        ...

    def price(self, provider: str, model: str, usage: Usage) -> int | None:
        """Price one turn in millionths of a dollar; None when no price is known."""
        ...

    async def send(self, lane: str, prefix: str, turn: SendTurn) -> Turn:
        """Send one model turn, under permit, prefix gate, back-off and breaker.

        `lane` names what is limited together (provider, endpoint, account, model family),
        `prefix` the digest of what siblings share, or is empty. `turn` is tried again as long
        as the rules allow; it calls what it is given when the reply begins. The call's clocks
        stand still while it waits. Raises TurnGivenUp.
        """
        ...

    async def park(self, wait: Callable[[], Awaitable[T]]) -> T:
        """Wait for what may take hours, such as a batch: without a slot, and with clocks that rest.

        Nothing that needs the slot may be asked of this context meanwhile, a turn least of all.
        """
        ...

    async def decide(self, use: Use) -> Judgement:
        """Let policies judge a tool use, and a person where they ask; never ASK in the end."""
        ...

    def reads(self, label: Label) -> None:
        """Say where words come from that the agent has from now on, as soon as it has them.

        Whatever ends the call then, also from outside, what is kept of it carries the label.
        """
        ...

    def withhold(self, text: str, label: Label) -> str:
        """Give a handle in place of words from outside that an agent with rights must not read.

        The words themselves where nothing seals.
        """
        ...

    def record(self, kind: str, fields: Mapping[str, JsonValue]) -> bool:
        """Write a line of the call's transcript; on disk before the step it announces.

        False when it could not be written: an effect it announces must then not happen.
        """
        ...

    def earlier(self) -> Sequence[Mapping[str, JsonValue]]:
        """Give the transcript of this call's cut-off earlier life, if it may go on from there.

        Empty for a new call, and where a step of it may have had effects that nobody can see.
        """
        ...

    async def spawn(self, prompt: str, options: Options, *, label: str = "") -> Outcome:
        """Start an agent of one's own, at most five levels deep, on the run's caps and budget."""
        ...


class Backend(Protocol):
    """Runs one whole call: the agent loop, Claude Code, offline, replay, simulate."""

    name: str
    has_workspace: bool
    """Whether agents have files, so that `check=` and `isolation=` mean something."""
    checks_pass: bool
    """Whether declared checks count as passed without running, as in a dry run."""

    def bound(self, call: Call) -> Bound:
        """Give the most the call's first step can cost; cost None when no price is known."""
        ...

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Run the call to its end; a failure is an outcome, an exception is a bug.

        A value that went through `context.submit` stands; an `ok` outcome without a
        submission is submitted by the engine.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections and processes."""
        ...


@runtime_checkable
class Extractive(Protocol):
    """A backend without a model: it answers calls of some roles, in quotes, by rules."""

    @property
    def roles(self) -> frozenset[str]:
        """What it can answer; every other call ends as an error."""
        ...

    @property
    def extractive(self) -> bool:
        """Whether it quotes; its reports then say so, and never that something is proved."""
        ...


@runtime_checkable
class Enforcing(Protocol):
    """A backend that says what it holds its agents to; one that does not say holds to nothing."""

    enforces: frozenset[str]
    """Keys of the capability table, such as `shell`: a call that needs another one is refused."""


class ModelProvider(Protocol):
    """One turn of a model: messages in, a streamed reply out; never sleeps, never retries."""

    name: str

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do; asked once per model and run."""
        ...

    def turn(self, request: TurnRequest) -> AsyncIterator[Opened | Delta | Ping | Closed]:
        """Stream one reply; raises ProviderFailure only."""
        ...

    async def count(self, request: TurnRequest) -> int | None:
        """Count input tokens exactly, or say None."""
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...


class Stage(Protocol):
    """Wraps every call: the lower the position, the further outside."""

    name: str
    position: int

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer the call, or pass it on, changed or not; key and occurrence never change."""
        ...


class Router(Protocol):
    """Chooses model and effort for a call that names none."""

    name: str

    async def route(self, call: Call) -> Route:
        """Choose; an explicit `model=` of the script never gets here."""
        ...


class Executor(Protocol):
    """Where calls run: this process, or a cluster."""

    name: str

    async def run(self, call: Call, backend: Backend, context: CallContext) -> Outcome:
        """Run one call to its end on some worker."""
        ...


class View(Protocol):
    """Shows a run to a person."""

    name: str

    def watch(self) -> AbstractAsyncContextManager[Callable[[Event], None]]:
        """Open the view; what it yields is told every event and must return at once."""
        ...


@dataclass(frozen=True, slots=True)
class Tree:
    """A bundle as bytes: (kind, path, content), sorted by path; kind is `f` or `x`."""

    entries: tuple[tuple[str, str, bytes], ...]
