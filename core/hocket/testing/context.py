"""What the engine lends a backend, without an engine: to test a backend on its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import EndState, Outcome, Submission, Usage
from hocket.api.messages import ProviderFailure
from hocket.api.protocols import TurnGivenUp
from hocket.api.tools import TRUSTED
from hocket.testing.clock import JumpingClock
from hocket.testing.tools import ScriptedToolContext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Use
    from hocket.api.calls import Bound, Options
    from hocket.api.clock import Clock
    from hocket.api.messages import Turn
    from hocket.api.protocols import SendTurn
    from hocket.api.tools import Label, ToolContext

T = TypeVar("T")
FINAL = frozenset({"context_full", "bad_request", "auth", "quota"})
"""Failures after which a turn is not sent again."""
MOST_TRIES = 4


class Judge(Protocol):
    """Counts and judges answers: `hocket.answers.submissions.Submissions`."""

    def offer(self, answer: JsonValue) -> Submission:
        """Judge an answer."""
        ...

    def missing(self) -> Submission:
        """Judge an end without an answer."""
        ...


class ScriptedContext:
    """Complains as told, then accepts; remembers what a backend offered, spent, sent and said.

    A complaint of None means that no try is left; with `submissions` the engine's own count
    and validation answer instead. `denied` maps uses, written as `Tool.shown` writes them, to
    the reason against them. `children` maps prompts to what spawned agents give.
    """

    def __init__(
        self,
        complaints: Iterable[str | None] = (),
        *,
        clock: Clock | None = None,
        room: int = 0,
        tools: ToolContext | None = None,
        submissions: Judge | None = None,
    ) -> None:
        self._complaints = iter(complaints)
        self._clock = JumpingClock() if clock is None else clock
        self._room = room
        self._submissions = submissions
        self.tools = tools or ScriptedToolContext(Path("/workspace"), clock=self._clock)
        self.denied: dict[str, str] = {}
        self.children: Mapping[str, JsonValue | Outcome] = {}
        self.micros_per_token: int | None = 0
        """What every token costs; None: no price is known."""
        self.read = TRUSTED
        """Where all comes from that the agent has read."""
        self.handle: str | None = None
        """What stands for words that must not be read; None: nothing seals here."""
        self.submitted: list[JsonValue] = []
        self.reminders = 0
        self.usage = Usage()
        self.spent: list[Usage] = []
        self.grown: list[Bound] = []
        """What was granted, in order."""
        self.said: list[str] = []
        self.sent: list[tuple[str, str]] = []
        """Lane and prefix of every turn that was sent."""
        self.parked = 0
        self.opened = 0
        """How many replies began."""
        self.uses: list[Use] = []
        self.records: list[tuple[str, dict[str, JsonValue]]] = []
        self.spawned: list[tuple[str, Options, str]] = []
        self.before: Sequence[Mapping[str, JsonValue]] = ()
        """The transcript of a life of this call that was cut off."""

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self._clock

    async def submit(self, answer: JsonValue) -> Submission:
        """Remember the answer."""
        self.submitted.append(answer)
        if self._submissions is not None:
            return self._submissions.offer(answer)
        return self._verdict(accepts=True)

    async def missing(self) -> Submission:
        """Count the reminder."""
        self.reminders += 1
        if self._submissions is not None:
            return self._submissions.missing()
        return self._verdict(accepts=False)

    def grow(self, bound: Bound) -> bool:
        """Grant as many output tokens as there is room for."""
        if bound.output > self._room:
            return False
        self._room -= bound.output
        self.grown.append(bound)
        return True

    def spend(self, usage: Usage) -> None:
        """Add it up."""
        self.usage += usage
        self.spent.append(usage)

    def progress(self, text: str) -> None:
        """Remember the text."""
        self.said.append(text)

    def price(self, provider: str, model: str, usage: Usage) -> int | None:  # noqa: ARG002  one price for all
        """Price every token alike."""
        if self.micros_per_token is None:
            return None
        taken = usage.input + usage.cache_read + usage.cache_write + usage.cache_write_1h
        return self.micros_per_token * (taken + usage.output)

    async def send(self, lane: str, prefix: str, turn: SendTurn) -> Turn:
        """Send the turn, at most four times, at once: no permit, no gate, no back-off."""
        self.sent.append((lane, prefix))
        tries = 0
        while True:
            tries += 1
            try:
                return await turn(self._open)
            except ProviderFailure as failure:
                if failure.kind in FINAL or tries == MOST_TRIES:
                    raise TurnGivenUp(EndState.ERROR, str(failure)) from failure

    async def park(self, wait: Callable[[], Awaitable[T]]) -> T:
        """Wait at once, and count it."""
        self.parked += 1
        return await wait()

    async def decide(self, use: Use) -> Judgement:
        """Allow what is not denied."""
        self.uses.append(use)
        reason = self.denied.get(use.shown)
        return Judgement(Verdict.ALLOW) if reason is None else Judgement(Verdict.DENY, reason)

    def reads(self, label: Label) -> None:
        """Join it to what was read."""
        self.read |= label

    def withhold(self, text: str, label: Label) -> str:  # noqa: ARG002
        """Give `handle`, if there is one."""
        return text if self.handle is None else self.handle

    def record(self, kind: str, fields: Mapping[str, JsonValue]) -> bool:
        """Remember the line."""
        self.records.append((kind, dict(fields)))
        return True

    def earlier(self) -> Sequence[Mapping[str, JsonValue]]:
        """Give the lines it was told to have from before."""
        return self.before

    async def spawn(self, prompt: str, options: Options, *, label: str = "") -> Outcome:
        """Give what the prompt's child is told to give."""
        self.spawned.append((prompt, options, label))
        given = self.children.get(prompt)
        return given if isinstance(given, Outcome) else Outcome(EndState.OK, given)

    def _open(self) -> None:
        self.opened += 1

    def _verdict(self, *, accepts: bool) -> Submission:
        for complaint in self._complaints:
            return Submission(accepted=False, complaint=complaint)
        return Submission(accepted=accepts)
