"""Patterns run here: their inner calls are ordinary calls, asked for by no script line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.events import Logged
from hocket.engine import keys
from hocket.engine.faults import ScriptFault
from hocket.engine.requests import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel, JsonValue

    from hocket.api.calls import Options, Outcome
    from hocket.api.protocols import Pattern
    from hocket.engine.calls import Calls
    from hocket.engine.driver import Driver
    from hocket.engine.flight import Answer
    from hocket.engine.place import Inside
    from hocket.engine.services import Services

    Payload = dict[str, JsonValue]


class Patterns:
    """Runs installed patterns for scripts."""

    def __init__(self, services: Services, calls: Calls) -> None:
        self._services = services
        self._calls = calls

    def identity(self, payload: Payload) -> Payload:
        """Give what a pattern's key is made of: name, version, arguments as validated."""
        pattern, arguments = self._bound(payload)
        return {
            "pattern": pattern.name,
            "version": pattern.version,
            "arguments": arguments.model_dump(mode="json", exclude_defaults=True),
        }

    async def run(self, driver: Driver, payload: Payload, inside: Inside) -> JsonValue:
        """Run the pattern to its result."""
        pattern, arguments = self._bound(payload)
        seed = int(keys.key(self.identity(payload))[:16], 16)
        context = LivePattern(self, self._services, self._calls, driver, (seed, inside))
        try:
            return await pattern.run(context, arguments)
        except ScriptFault:
            raise
        except Exception as bug:  # one pattern's bug must not end the run
            reason = f'pattern "{pattern.name}" raised {type(bug).__name__}'
            raise ScriptFault("RuntimeError", reason) from bug

    def _bound(self, payload: Payload) -> tuple[Pattern, BaseModel]:
        from pydantic import ValidationError  # noqa: PLC0415  (only who uses patterns pays for it)

        name = str(payload.get("name"))
        pattern = self._services.patterns.get(name)
        if pattern is None:
            known = ", ".join(sorted(self._services.patterns)) or "none"
            raise ScriptFault("TypeError", f'pattern "{name}" is not installed; known: {known}')
        try:
            return pattern, pattern.arguments.model_validate(payload.get("arguments"))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "arguments"
            raise ScriptFault("TypeError", f"{name}({place}): {first['msg']}") from None


class LivePattern:
    """What one running pattern works with."""

    def __init__(
        self,
        patterns: Patterns,
        services: Services,
        calls: Calls,
        driver: Driver,
        identity: tuple[int, Inside],
    ) -> None:
        self._patterns = patterns
        self._services = services
        self._calls = calls
        self._driver = driver
        self._seed, self._inside = identity

    @property
    def seed(self) -> int:
        """A seed that depends on the pattern, its version and its arguments alone."""
        return self._seed

    async def attempt(self, prompt: str, options: Options, *, label: str = "") -> Outcome:
        """Ask for an agent; an end state is data, never an exception."""
        shown = (label, self._driver.phase)
        request = made(prompt, options, shown, self._services.agent_types)
        waiter = Waiter()
        self._inside.asked += 1
        self._calls.ask(request, waiter)
        outcome = (await waiter.answer).outcome
        if not outcome.committed:
            self._inside.failed += 1
        return outcome

    async def pattern(self, name: str, arguments: Payload) -> JsonValue:
        """Run another pattern by name."""
        payload: Payload = {"name": name, "arguments": arguments}
        return await self._patterns.run(self._driver, payload, self._inside)

    def note(self, text: str) -> None:
        """Tell the run's log."""
        self._services.tell(Logged(text, "note"))


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
