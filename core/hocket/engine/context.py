"""What the engine lends a backend while a call runs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from hocket.answers.submissions import Submissions
from hocket.api.approval import Verdict
from hocket.api.calls import EndState, Outcome, Submission, Usage
from hocket.api.events import CallProgress
from hocket.api.messages import ProviderFailure
from hocket.api.tools import Effect
from hocket.engine import continuing
from hocket.engine.activity import Activity
from hocket.engine.editing import Editing
from hocket.engine.examination import Examination
from hocket.engine.seat import Seat
from hocket.engine.stages import tries
from hocket.engine.toolbench import Toolbench
from hocket.engine.transcript import Transcript
from hocket.errors import StorageLost
from hocket.journal import entries
from hocket.journal.cleaning import clean

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Judgement, Use
    from hocket.api.calls import Bound, Call, Check, Options
    from hocket.api.clock import Clock
    from hocket.api.messages import Turn
    from hocket.api.protocols import SendTurn
    from hocket.api.tools import Label, Workspace
    from hocket.engine.grounds import Ran
    from hocket.engine.ledger import Reservation
    from hocket.engine.lending import Lending
    from hocket.engine.services import Services

T = TypeVar("T")
TRY = "attempt"
"""The field of a transcript's `call` line that tells later tries from the first."""


class LiveContext:
    """One call's submissions, spending and signs of life."""

    def __init__(
        self,
        call: Call,
        services: Services,
        lending: Lending,
        reservation: Reservation,
        workspace: Workspace,
    ) -> None:
        self._call = call
        self._services = services
        self._lending = lending
        self._reservation = reservation
        self._workspace = workspace
        park = partial(self._park, call.number)
        seat = Seat(services.slots)
        self.activity = Activity(call.options.timeout_s, seat, park, self.progress)
        self.editing = Editing(lending.grounds, self.activity)
        self._submissions = Submissions(call.options.schema)
        check = None if services.backend.checks_pass else call.options.check
        self._examination = Examination(check, self._submissions, self._check)
        self._turn_open = True
        self._tries = tries()
        self._try = self._tries.count
        self.usage = Usage()
        self.turns = 0

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self._services.clock

    async def submit(self, answer: JsonValue) -> Submission:
        """Offer an answer; it is redacted and cleaned first: what is delivered is what is kept."""
        try:
            offered = clean(self._services.redactor.value(answer))
        except ValueError as misfit:
            return self._submissions.refuse(str(misfit))
        return await self._examination.of(self._submissions.offer(offered))

    async def missing(self) -> Submission:
        """Say that the agent ended without an answer."""
        return await self._examination.of(self._submissions.missing())

    def grow(self, bound: Bound) -> bool:
        """Reserve for the next turn, within the call's own `max_tokens`."""
        limit = self._call.options.max_tokens
        if limit is not None and self.usage.output + bound.output > limit:
            return False
        self._turn_open = self._reservation.grow(bound)
        if self._turn_open:
            # A kill in the next turn is charged its worst case, so it must be on disk before.
            reserved = entries.turn(self._call, self._try + self.turns, bound)
            self._services.journal.append("started", reserved)
        return self._turn_open

    def spend(self, usage: Usage) -> None:
        """Book a finished turn and write it, so that a kill does not lose money from the books."""
        self._reservation.spend(usage)
        self._turn_open = False
        self.usage += usage
        self._services.used += usage
        self._tries.usage += usage
        self.turns += 1
        self._tries.turns += 1
        record = {"call": self._call.number, "attempt": self._try, **entries.usage_of(usage)}
        self._services.journal.append("usage", record)

    def progress(self, text: str) -> None:
        """Give a sign of life to the views."""
        self._services.tell(CallProgress(self._call.number, self._services.redactor.text(text)))

    @property
    def tools(self) -> Toolbench:
        """What the tools of this call work with."""
        return self._toolbench

    @cached_property
    def _toolbench(self) -> Toolbench:
        lent, services = self._lending, self._services
        return Toolbench(
            workspace=self._workspace,
            clock=services.clock,
            call_id=self._mark,
            environment=lent.environment,
            trusted=self._vouching,
            held=lent.held,
            tell=self.progress,
            named=partial(lent.uses.granted, self._call),
            asked=partial(lent.uses.ask, self._call, activity=self.activity),
        )

    @property
    def _vouching(self) -> str:
        """The words whose addresses may be fetched: the prompt, with its handles still closed.

        Not one that is itself untrusted, as an agent's is that has read from outside, and not one
        of a script that saw such words: it may be made of them.
        """
        is_open = self._services.access.tainted or self._call.options.untrusted
        return "" if is_open else self._call.prompt

    def price(self, provider: str, model: str, usage: Usage) -> int | None:
        """Price one turn in millionths of a dollar; None when no price is known."""
        return self._lending.prices.cost(provider, model, usage)

    async def send(self, lane: str, prefix: str, turn: SendTurn) -> Turn:
        """Send one model turn; the call's time stands still while it waits for its place."""
        self._turn_open = False  # until it leaves, a turn costs nothing

        async def sent(opened: Callable[[], None]) -> Turn:
            self._turn_open = True
            try:
                return await turn(opened)
            except ProviderFailure as failure:
                self._turn_open = self._turn_open and failure.kind == "cut"  # else never billed
                raise

        return await self._lending.turns.send(lane, prefix, sent, self.activity)

    async def park(self, wait: Callable[[], Awaitable[T]]) -> T:
        """Wait for what may take hours; others have the slot meanwhile."""
        async with self.activity.away():
            return await wait()

    async def decide(self, use: Use) -> Judgement:
        """Let policies, and a person where they ask, decide about a tool use.

        A call that is to write into the project's own tree gets its turn first.
        """
        judged = await self._lending.uses.decide(self._call, use, self.activity)
        writes = Effect.WRITE_WORKSPACE in use.effects and self._workspace.kind == "shared"
        if writes and judged.verdict is Verdict.ALLOW:
            await self.editing.begin()
        return judged

    def reads(self, label: Label) -> None:
        """Note where words come from that the agent has: a timeout may keep what it said."""
        self._tries.label |= label

    def withhold(self, text: str, label: Label) -> str:
        """Give a handle in place of words that an agent with rights must not read.

        It has a record: the agent may quote it after a resume that goes on from its transcript.
        """
        services = self._services
        handle = services.seals.withheld(text, label)
        if sealed := services.seals.issued(handle):
            record: dict[str, JsonValue] = {"call": self._call.number, "sealed": {**sealed}}
            services.journal.append("sealed", record)
        return handle

    def record(self, kind: str, fields: Mapping[str, JsonValue]) -> bool:
        """Write a line of the call's transcript; where a later try begins, it says which."""
        if kind == "call" and self._try > 1:
            fields = {**fields, TRY: self._try}
        return self._transcript.record(kind, fields)

    def earlier(self) -> Sequence[Mapping[str, JsonValue]]:
        """Give what an earlier life of this call said and did, where it may go on from there.

        A try goes on from its own words only: another one may have been another model's.
        """
        lines = continuing.earlier(self._call, self._services)
        is_begun = bool(lines) and lines[0].get("t") == "call"
        return () if is_begun and lines[0].get(TRY, 1) != self._try else lines

    async def spawn(self, prompt: str, options: Options, *, label: str = "") -> Outcome:
        """Start an agent of one's own; this call's time stands still meanwhile.

        It may edit the project's tree, unless this call has one of its own: then so does it.
        """
        if self._workspace.kind != "shared" and options.isolation is None:
            options = replace(options, isolation=self._call.options.isolation)
        self._turn_open = False  # what it holds meanwhile is for later
        async with self.editing.lent(), self.activity.away():
            return await self._lending.spawn(self._call, prompt, options, label)

    @property
    def _mark(self) -> str:
        return f"{self._lending.grounds.mark}/{self._call.number}"

    async def _check(self, check: Check) -> Ran:
        """Run the check; it has its own limit, and the call's time stands still."""
        self.progress(f"check {check.name}")
        granted = partial(self._lending.uses.granted, self._call)
        with self.activity.paused():
            grounds = self._lending.grounds
            return await grounds.check(check, self._workspace, f"{self._mark}/check", granted)

    def _park(self, number: int, *, parked: bool) -> None:
        (self._lending.parked.add if parked else self._lending.parked.discard)(number)

    @cached_property
    def _transcript(self) -> Transcript:
        services = self._services
        return Transcript(
            self._call.number, self._lending.held, services.clock, services.redactor, services.tell
        )

    def abandon(self) -> None:
        """Book the worst case of a turn that was cut off: the provider bills what it did of it."""
        if not self._turn_open:
            return
        held = self._reservation.held
        with suppress(StorageLost):  # the run is leaving for that reason already
            self.spend(Usage(output=held.output, cost_micros=held.cost_micros, estimated=True))

    async def conclude(self, outcome: Outcome) -> Outcome:
        """Settle what the call came to: an accepted answer stands, else the backend's word."""
        accepted = self._submissions.accepted
        if outcome.state is EndState.OK and not accepted and not self._submissions.exhausted:
            await self.submit(outcome.value)
        return self._submissions.conclude(outcome, usage=self.usage, tries=max(1, self.turns))
