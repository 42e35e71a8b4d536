"""Turns to one account of one provider: permits, and a back-off that all calls share."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from hocket.api.clock import Clock

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 60.0
MOMENT_S = 1e-6
"""Shorter waits are none: a clock that adds floats may never get there."""


@dataclass(slots=True)
class Tries:
    """One turn's way to an answer: how often it failed, by kind, and since when it is refused.

    Calls that share a prompt prefix name it, so that a parameter wrong for all is noticed.
    """

    prefix: str = ""
    counts: dict[str, int] = field(default_factory=dict[str, int])
    refused_since: float | None = None
    pause: int | None = None
    """Which pause of the lane the turn was sent after."""


class Shut(Exception):
    """No turn may start on any lane; whoever waited in line for one parks."""


class Door(Protocol):
    """What keeps all lanes shut at once: the breaker."""

    @property
    def is_open(self) -> bool:
        """Whether no turn may start."""
        ...

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until no turn may start."""
        ...


class Permit:
    """The right to send one turn; leaving it without an exception counts as a success."""

    __slots__ = ("_lane", "_pause", "_tries")

    def __init__(self, lane: Lane, tries: Tries | None) -> None:
        self._lane, self._tries, self._pause = lane, tries, 0

    async def __aenter__(self) -> Self:
        """Wait for the turn's place in line; raises Shut when the breaker opens meanwhile."""
        self._pause = await self._lane.enter()
        if self._tries is not None:
            self._tries.pause = self._pause
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the permit back."""
        prefix = self._tries.prefix if self._tries is not None else ""
        self._lane.leave(self._pause, succeeded=kind is None, prefix=prefix)


class Lane:
    """Provider, endpoint, account and model family: whatever is limited together.

    Permits start at the run's cap, halve when the provider is overrun and grow by one after
    as many successes as there are permits. After a pause one probe goes first.
    """

    def __init__(self, name: str, cap: int, door: Door, clock: Clock) -> None:
        self.name, self.permits, self._most = name, cap, cap
        self._door, self._clock = door, clock
        self.in_use = self.pauses = self.backoffs = 0
        self._fresh = self._successes = 0
        self._ramp = math.inf
        self._until = -math.inf
        self._turnstile, self._changed = asyncio.Lock(), asyncio.Event()
        self.refusals: dict[str, int] = {}
        """How often each prefix was called a bad request in a row."""
        self.succeeded_at: float | None = None
        self.refused_since: float | None = None
        self.unreachable_since: float | None = None

    @property
    def paused_s(self) -> float:
        """How long nothing starts from now on because the provider asked for it."""
        left = self._until - self._clock.monotonic()
        return left if left > MOMENT_S else 0.0

    def permit(self, tries: Tries | None = None) -> Permit:
        """Hold `async with lane.permit(tries)` around exactly one turn; first come, first sent."""
        return Permit(self, tries)

    async def enter(self) -> int:
        """Wait until a turn may start; gives the number of pauses so far."""
        async with self._turnstile:
            while True:
                if self._door.is_open:
                    raise Shut
                if (wait_s := self.paused_s) > 0:
                    await self._door.rest(wait_s)
                elif self.in_use < self.permits and self._fresh < self._ramp:
                    break
                else:
                    self._changed.clear()
                    await self._changed.wait()
            self.in_use += 1
            self._fresh += 1
            return self.pauses

    def leave(self, pause: int, *, succeeded: bool, prefix: str = "") -> None:
        """End a turn that was sent after so many pauses."""
        fresh = pause == self.pauses
        self.in_use -= 1
        self._fresh -= fresh
        if succeeded:
            self.refusals.pop(prefix, None)
            self._succeed(fresh=fresh)
        self._changed.set()

    def congest(self, told_s: float | None, backoff_s: float, *, late: bool) -> None:
        """Pause as told, else by the back-off; a late refusal of an older turn halves nothing."""
        now = self._clock.monotonic()
        if self.refused_since is None:
            self.refused_since = now
        if late:
            self._until = max(self._until, now + (told_s or 0.0))
            return
        self._until = max(self._until, now + (backoff_s if told_s is None else told_s))
        self.backoffs += 1
        self.permits = max(1, self.permits // 2)
        self._probe_first()

    def is_late(self, tries: Tries) -> bool:
        """Whether the turn was sent before the last pause began."""
        return self.paused_s > 0 if tries.pause is None else tries.pause < self.pauses

    def shut(self) -> None:
        """Send everybody in line away: the breaker opened."""
        self._changed.set()

    def reopen(self) -> None:
        """Begin again after the breaker closed: one probe first, and no old grudges."""
        self.refused_since = self.unreachable_since = None
        self.refusals.clear()
        self._probe_first()

    def resize(self, cap: int) -> None:
        """Follow a new cap of the run."""
        self.permits = cap if self.permits == self._most else min(self.permits, cap)
        self._most = cap
        self._changed.set()

    def _probe_first(self) -> None:
        self.pauses += 1
        self._fresh = self._successes = 0
        self._ramp = 1
        self._changed.set()

    def _succeed(self, *, fresh: bool) -> None:
        self.succeeded_at = self._clock.monotonic()
        self.refused_since = self.unreachable_since = None
        self.backoffs = 0
        if fresh:
            # Each success lets one more go: permits come back one by one, not all at once.
            self._ramp = self._ramp + 1 if self._ramp < self.permits else math.inf
        self._successes += 1
        if self._successes >= self.permits:
            self._successes = 0
            self.permits = min(self._most, self.permits + 1)
