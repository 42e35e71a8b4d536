"""What one running pattern works with: its calls, other patterns, and screens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import Logged
from hocket.api.patterns.context import Reply
from hocket.engine import requests
from hocket.engine.asked import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pydantic import JsonValue

    from hocket.api.branches import Branch
    from hocket.api.calls import Outcome
    from hocket.api.patterns.context import Ask
    from hocket.engine.branching import Branching
    from hocket.engine.calls import Calls
    from hocket.engine.driver import Driver
    from hocket.engine.flight import Answer
    from hocket.engine.patterns import Patterns
    from hocket.engine.place import Inside
    from hocket.engine.screening import Screening
    from hocket.engine.services import Services


@dataclass(frozen=True, slots=True)
class Lent:
    """What all patterns of a run work with."""

    services: Services
    calls: Calls
    screening: Screening
    branching: Branching


class LivePattern:
    """What one running pattern works with."""

    def __init__(
        self,
        patterns: Patterns,
        lent: Lent,
        driver: Driver,
        identity: tuple[int, Inside],
    ) -> None:
        self._patterns = patterns
        self._services, self._calls = lent.services, lent.calls
        self._screening, self._branching = lent.screening, lent.branching
        self._driver = driver
        self._seed, self._inside = identity

    @property
    def seed(self) -> int:
        """A seed that depends on the pattern, its version and its arguments alone."""
        return self._seed

    @property
    def args(self) -> JsonValue:
        """The arguments of the script that asked."""
        return self._driver.args

    async def attempt(self, ask: Ask) -> Reply:
        """Ask for an agent; an end state is data, never an exception."""
        payload = {**ask.options, "prompt": ask.prompt, "worth": ask.worth}
        request = requests.read(payload, self._driver.phase, self._driver.around)
        if ask.base is not None:
            request = replace(request, options=replace(request.options, base=ask.base))
        failed = self._calls.pass_failed(request)
        waiter = Waiter()
        self._inside.asked += 1 + len(failed)
        self._calls.ask(request, waiter)
        answer = await waiter.answer
        if not answer.outcome.committed:
            self._inside.failed += 1
        return _reply(answer, failed)

    def asked(self, calls: Collection[str]) -> Mapping[str, Ask]:
        """Give what calls of this run were asked, as its journal has it."""
        services = self._services
        return asked(services.held.journal(), calls, services.journal.load)

    async def pattern(self, name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Run another pattern by name."""
        payload: dict[str, JsonValue] = {"name": name, "arguments": {**arguments}}
        bound = self._patterns.bind(self._driver, payload)
        return await self._patterns.run(self._driver, bound, self._inside)

    async def screen(self, name: str, item: JsonValue) -> JsonValue:
        """Run a screen where texts may be read; only its bounded value comes back."""
        return await self._screening.run(self._driver.around, name, item)

    def cut(self, text: JsonValue, spans: Sequence[tuple[int, int]]) -> JsonValue:
        """Take pieces out of a text where it may be read."""
        return self._screening.cut(text, spans)

    def branch(self, base: str, name: str | None = None) -> AbstractAsyncContextManager[Branch]:
        """Open a branch of its own on which patches become commits."""
        return self._branching.open(self._driver.around, base, name)

    def note(self, text: str) -> None:
        """Tell the run's log."""
        self._services.tell(Logged(text, "note"))


def _reply(answer: Answer, failed: tuple[EndState, ...]) -> Reply:
    outcome = answer.outcome
    return Reply(
        state=outcome.state,
        value=outcome.value,
        cause=outcome.cause,
        call=answer.call.identity,
        usage=outcome.usage,
        changes=outcome.changes,
        failed=failed,
        stop=_stop(outcome, answer.call.options.max_tokens),
        pruned=outcome.pruned,
    )


def _stop(outcome: Outcome, limit: int | None) -> str | None:
    """Say what the run can give no more; a limit of the call alone says nothing about others."""
    if outcome.state is EndState.QUOTA:
        return "quota"
    if outcome.state is EndState.OVER_CAP and (outcome.cause or "").startswith("agents:"):
        return "cap"
    if outcome.state is EndState.OVER_BUDGET and not outcome.pruned:
        return None if limit is not None and outcome.usage.output >= limit else "budget"
    return None


class Waiter:
    """Someone in this process who waits for one call."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def replayed(self, record: int, load: Callable[[], Answer | None]) -> None:
        """Take the committed answer at once: patterns decide in index order, not by arrival."""
        del record
        answer = load()
        if answer is not None:
            self._set(answer)

    def finished(self, answer: Answer) -> None:
        """Take the fresh answer."""
        self._set(answer)

    def _set(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)
