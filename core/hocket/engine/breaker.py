"""What to do when a provider fails: again, park, give up, or stop the whole run from calling."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hocket.api.calls import EndState
from hocket.engine.lanes import FIRST_BACKOFF_S, LONGEST_BACKOFF_S, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.clock import Clock
    from hocket.api.messages import ProviderFailure
    from hocket.engine.lanes import Tries

RETRIES = {"server": 6, "network": 6, "cut": 3, "unknown": 1}
TERMINAL = frozenset({"quota", "auth"})
CONGESTION = frozenset({"rate", "overloaded"})
FINAL = frozenset({"context_full", "bad_request"})
IN_PLACE_S = 60.0
"""A longer wait parks the call, so that its slot is free meanwhile."""
PATIENCE_S = 15 * 60.0
"""A longer wait, or so long nothing but refusals, is a quota and no storm."""
OFFLINE_S = 60.0
SOONEST_S = 10.0
"""A reset time that is over already, told again and again, must not make a storm of probes."""
BAD_IN_A_ROW = 3
LEARNED = frozenset({"no_grammar", "no_tools"})
"""What a provider learns of a model by asking it: the call begins anew, and nothing is wrong."""
LONGEST_CODE = 64


@dataclass(frozen=True, slots=True)
class Opening:
    """Why no turn may start, whose account it is, and the wall milliseconds it may end at."""

    cause: str
    account: str = ""
    resumes_at: int | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the caller does with a failed turn.

    `again`: send the same messages after `wait_s`. `park`: the same, without a slot meanwhile.
    `open`: park until the breaker is closed. `give_up`: end the call with state and cause.
    """

    what: Literal["again", "park", "open", "give_up"]
    wait_s: float = 0.0
    state: EndState | None = None
    cause: str = ""


class Breaker:
    """Opens when going on would only fail; from that instant no turn starts on any lane.

    `chance` gives numbers from 0 to 1 for the jitter. With `auto_resume` it closes by itself
    at the reset time; either way one probe per lane goes first.
    """

    def __init__(
        self, *, cap: int, clock: Clock, chance: Callable[[], float], auto_resume: bool = False
    ) -> None:
        self._cap, self._clock, self._chance = cap, clock, chance
        self._auto_resume = auto_resume
        self._lanes: dict[str, Lane] = {}
        self._opened, self._closed = asyncio.Event(), asyncio.Event()
        self._closes_at: float | None = None
        self.opening: Opening | None = None

    @property
    def is_open(self) -> bool:
        """Whether no turn may start."""
        return self.opening is not None

    @property
    def closes_itself(self) -> bool:
        """Whether it is open, and only until a time that is known."""
        return self._auto_resume and self._closes_at is not None

    def lane(self, name: str) -> Lane:
        """Give the one lane of this name."""
        if name not in self._lanes:
            self._lanes[name] = Lane(name, self._cap, self, self._clock)
        return self._lanes[name]

    def resize(self, cap: int) -> None:
        """Follow a new cap of the run."""
        self._cap = cap
        for lane in self._lanes.values():
            lane.resize(cap)

    def open(self, cause: str, resumes_at: int | None = None, *, account: str = "") -> None:
        """Let no turn start; the first cause stands until the breaker is closed."""
        if self.opening is not None:
            return
        self.opening = Opening(cause, account, resumes_at)
        self._closed.clear()
        self._opened.set()
        for lane in self._lanes.values():
            lane.shut()
        if resumes_at is not None:
            left_s = (resumes_at - self._clock.wall_ms()) / 1000
            self._closes_at = self._clock.monotonic() + max(SOONEST_S, left_s)

    def close(self) -> None:
        """Let turns start again, one probe per lane first."""
        if self.opening is None:
            return
        self.opening = self._closes_at = None
        self._opened.clear()
        for lane in self._lanes.values():
            lane.reopen()
        self._closed.set()

    async def wait_closed(self) -> None:
        """Wait until the breaker is closed: by a person, or at its reset time."""
        while self.opening is not None:
            if self._closes_at is None or not self._auto_resume:
                await self._closed.wait()
                continue
            async with asyncio.TaskGroup() as group:
                timer = group.create_task(self._close_later(self.opening, self._closes_at))
                await self._closed.wait()
                timer.cancel()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until the breaker opens."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._opened.wait()

    def shut(self) -> Advice:
        """Judge a turn that may not even start."""
        return Advice("open", cause=self.opening.cause if self.opening else "")

    def trouble(self, lane: Lane, failure: ProviderFailure, tries: Tries) -> Advice:
        """Judge a failed turn; the same `tries` goes with every try of one turn."""
        kind = failure.kind
        if kind != "network":
            lane.unreachable_since = None
        if kind in FINAL:
            return self._final(lane, failure, tries)
        resumes_at = self._resumes_at(failure)
        if kind in TERMINAL or self._is_far(resumes_at):
            return self._open(lane, "auth" if kind == "auth" else "quota", resumes_at)
        if self.opening is not None:
            return self.shut()
        judge = self._congested if kind in CONGESTION else self._retry
        return judge(lane, failure, tries)

    def _congested(self, lane: Lane, failure: ProviderFailure, tries: Tries) -> Advice:
        """Slow the lane down for all; what is only ever refused comes to an end."""
        now, kind = self._clock.monotonic(), failure.kind
        backoff_s = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(lane.backoffs, 10))
        lane.congest(failure.retry_after_s, backoff_s * self._chance(), late=lane.is_late(tries))
        if tries.refused_since is None:
            tries.refused_since = now
        if lane.refused_since is not None and now - lane.refused_since >= PATIENCE_S:
            return self._open(lane, kind)
        others_go = lane.succeeded_at is not None and now - lane.succeeded_at < PATIENCE_S / 2
        if others_go and now - tries.refused_since >= PATIENCE_S:
            return _give_up(kind)
        return _wait(lane.paused_s)

    def _retry(self, lane: Lane, failure: ProviderFailure, tries: Tries) -> Advice:
        """Send it again a few times; while nothing at all is reachable nobody gives up alone."""
        kind = failure.kind if failure.kind in RETRIES else "unknown"
        count = tries.counts[kind] = tries.counts.get(kind, 0) + 1
        alone = kind == "network" and self._is_unreachable(lane)
        if alone and self._clock.monotonic() - (lane.unreachable_since or 0.0) >= OFFLINE_S:
            return self._open(lane, "offline")
        if count > RETRIES[kind] and not alone:
            return _give_up(kind)
        backoff_s = 0.0 if kind == "cut" else min(30.0, 0.5 * 2 ** min(count - 1, 10))
        return _wait(max(backoff_s * self._chance(), failure.retry_after_s or 0.0))

    def _is_unreachable(self, lane: Lane) -> bool:
        """Whether no other lane had a success lately; this one had none since it is unreachable."""
        now = self._clock.monotonic()
        if lane.unreachable_since is None:
            lane.unreachable_since = now
        ends = [other.succeeded_at for other in self._lanes.values() if other is not lane]
        return all(at is None or now - at >= OFFLINE_S for at in ends)

    def _final(self, lane: Lane, failure: ProviderFailure, tries: Tries) -> Advice:
        """Give the call up; the same prefix refused again and again fails all its calls."""
        if failure.kind == "bad_request" and tries.prefix and failure.code not in LEARNED:
            count = lane.refusals[tries.prefix] = lane.refusals.get(tries.prefix, 0) + 1
            if count >= BAD_IN_A_ROW:
                self.open("bad_request", account=lane.name)
        return _give_up(failure.kind, failure.code, failure.told)

    def _resumes_at(self, failure: ProviderFailure) -> int | None:
        """Give the wall milliseconds a provider named: a wait it told goes before its headers."""
        if failure.retry_after_s is None:
            return failure.resets_at_ms
        return self._clock.wall_ms() + round(failure.retry_after_s * 1000)

    def _is_far(self, resumes_at: int | None) -> bool:
        """Whether it is too long to wait for: no storm, but a quota."""
        return resumes_at is not None and resumes_at - self._clock.wall_ms() > PATIENCE_S * 1000

    def _open(self, lane: Lane, cause: str, resumes_at: int | None = None) -> Advice:
        self.open(cause, resumes_at, account=lane.name)
        return self.shut()

    async def _close_later(self, opening: Opening, closes_at: float) -> None:
        await self._clock.sleep(max(0.0, closes_at - self._clock.monotonic()))
        if self.opening is opening:
            self.close()


def _give_up(kind: str, code: str = "", told: str = "") -> Advice:
    """Name the provider's error type, but no text that only looks like one, and what to do."""
    is_word = code.replace("_", "").replace("-", "").isalnum() and len(code) <= LONGEST_CODE
    cause = f"{kind}: {code}" if is_word else kind
    return Advice("give_up", state=EndState.ERROR, cause=f"{cause} ({told})" if told else cause)


def _wait(wait_s: float) -> Advice:
    return Advice("park" if wait_s > IN_PLACE_S else "again", wait_s)
