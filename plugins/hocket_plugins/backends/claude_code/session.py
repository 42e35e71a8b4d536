"""One session of the program: started, asked, heard, and ended with nothing left behind."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, cast

from hocket.api.messages import Message, ProviderFailure, Stop, Turn
from hocket_plugins.backends.claude_code import reply, sdk, words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.claude_code.gate import Gate
    from hocket_plugins.backends.claude_code.reply import Reply

OLDEST = (2, 1, 248)
"""The first version that reads a prompt as it is written, without opening the files it names."""
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_CAUSES = {
    "CLINotFoundError": "claude_missing: the program is not there",
    "CLIConnectionError": "claude_start: the program does not start, or is too old",
    "CLIJSONDecodeError": "claude_no_json: the program writes something else than JSON",
    "MessageParseError": "claude_no_json: the program writes messages nobody knows",
    "ProcessError": "claude_died: the program ended by itself",
}


class Broken(Exception):
    """The session is over, for this cause."""


class Session:
    """A conversation with the program; what it asks goes through the gate."""

    def __init__(self, client: sdk.Client, gate: Gate) -> None:
        self._client, self._gate = client, gate
        self._begun = False
        self.spent_usd = 0.0
        self.last: Reply | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, options: Mapping[str, object], gate: Gate, start_s: float
    ) -> AsyncGenerator[Session]:
        """Start the program; it is gone when the context is left. Raises Broken."""
        client = await asyncio.to_thread(sdk.client, options, gate.matcher)
        try:
            try:
                async with asyncio.timeout(start_s):
                    await client.connect()
            except TimeoutError:
                cause = f"claude_no_json: the program did not greet within {start_s:g} s"
                raise Broken(cause) from None
            except Exception as error:
                raise Broken(cause_of(error)) from error
            yield cls(client, gate)
        finally:
            await client.disconnect()

    async def ask(self, prompt: str, context: CallContext, lane: str) -> Reply:
        """Say something and hear the end of the turn; raises Broken and TurnGivenUp.

        It goes the way of a turn, so that limits of the service pause the run and not its calls.
        """

        async def turn(opened: Callable[[], None]) -> Turn:
            said, self._begun = (words.GO_ON if self._begun else prompt), True
            self.last = await self._asked(said, opened)
            message = Message(role="assistant", blocks=())
            return Turn(message=message, stop=Stop.END, usage=self.last.usage)

        self._begun = False
        await context.send(lane, "", turn)
        if self.last is None:
            raise Broken("claude_died: the program said nothing")
        context.spend(self.last.usage)
        self.spent_usd = self.last.total_usd or self.spent_usd
        return self.last

    async def _asked(self, prompt: str, opened: Callable[[], None]) -> Reply:
        try:
            await self._client.query(prompt)
            return await self._heard(opened)
        except (Broken, ProviderFailure):
            raise
        except Exception as error:
            raise Broken(cause_of(error)) from error

    async def _heard(self, opened: Callable[[], None]) -> Reply:
        silence = self._gate.silence
        try:
            async with silence.bounded(), aclosing(self._client.receive_response()) as heard:
                async for message in heard:
                    opened()
                    self._notice(message)
                    silence.broken()
                    if type(message).__name__ == "ResultMessage":
                        return reply.read(message, self.spent_usd)
        except TimeoutError:
            cause = f"claude_stalled: nothing was heard for {silence.limit_s:g} s"
            raise Broken(cause) from None
        raise Broken("claude_died: the program ended without a result")

    def _notice(self, message: object) -> None:
        """Keep what a message says about tools, and about the program itself."""
        data: object = getattr(message, "data", None)
        if getattr(message, "subtype", "") == "init" and isinstance(data, dict):
            require(str(cast("Mapping[str, object]", data).get("claude_code_version")))
        content: object = getattr(message, "content", None)
        for block in cast("list[object]", content) if isinstance(content, list) else ():
            self._gate.silence.ended(str(getattr(block, "tool_use_id", "")))


def require(version: str) -> None:
    """Refuse a program that is too old; raises Broken."""
    found = _VERSION.match(version)
    if found is None or tuple(int(part) for part in found.groups()) < OLDEST:
        oldest = ".".join(str(part) for part in OLDEST)
        shown = found[0] if found else "unknown"
        raise Broken(f"claude_version: it is {shown}, and {oldest} is needed")


def cause_of(error: Exception) -> str:
    """Name what went wrong with the program, never in its own words."""
    names = [kind.__name__ for kind in type(error).__mro__]
    known = next((_CAUSES[name] for name in names if name in _CAUSES), None)
    code = getattr(error, "exit_code", None)
    ending = f" (exit code {code})" if isinstance(code, int) else ""
    return f"{known or f'claude_broke: {type(error).__name__}'}{ending}"
