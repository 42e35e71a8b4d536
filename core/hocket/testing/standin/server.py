"""The stand-in as an object: a real server on 127.0.0.1 for as long as an `async with` lasts."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self, TypeVar

from hocket.engine.clock import MachineClock
from hocket.testing.standin.connection import Connection
from hocket.testing.standin.models import MODELS, Catalogue
from hocket.testing.standin.routes import Routes
from hocket.testing.standin.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from hocket.api.calls import JsonObject
    from hocket.api.clock import Clock
    from hocket.testing.standin.models import Model
    from hocket.testing.standin.rules import Rules
    from hocket.testing.standin.stats import Entry

T = TypeVar("T")

HOST = "127.0.0.1"


class StandIn:
    """Serves both wires at `url`.

    A reply comes from the first rule that fits, else from the orders in the prompt (see
    `directives`), else it is a text of 200 characters. A rule that raises ends the `async with`
    with its exception.
    """

    def __init__(
        self,
        *,
        rules: Rules = (),
        clock: Clock | None = None,
        seed: int = 0,
        models: Sequence[Model] = MODELS,
        batch_s: float = 0.0,
        port: int = 0,
    ) -> None:
        self._state = State(
            rules=rules, clock=clock or MachineClock(), seed=seed, catalogue=Catalogue(models)
        )
        self._routes = Routes(self._state, batch_s)
        self._connections: set[Connection] = set()
        self._group = asyncio.TaskGroup()
        self._thread = threading.get_ident()
        self._port = port

    @property
    def url(self) -> str:
        """Where it listens; what an Anthropic client takes as its base."""
        return f"http://{HOST}:{self._port}"

    @property
    def log(self) -> list[Entry]:
        """Every request for a turn, in the order of arrival."""
        return self._look(lambda: self._state.stats.entries)

    @property
    def stats(self) -> JsonObject:
        """What `/__stats` tells."""
        return self._look(self._state.stats.counted)

    def heal(self) -> None:
        """Play no fault any more."""
        self._look(self._state.heal)

    def reset(self) -> None:
        """Forget log, counts, cache and healing; the seed, rules and signatures stay."""
        self._look(self._state.reset)

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._loop = loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._server = await loop.create_server(lambda: Connection(self._start), HOST, self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cut every connection and stop; what the body raised is raised as it is, in no group."""
        self._server.close()
        for connection in list(self._connections):
            connection.abandon()
        cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        await self._group.__aexit__(*((kind, error, trace) if cancelled else (None, None, None)))

    def _look(self, look: Callable[[], T]) -> T:
        """Look in the server's thread: another one could come between last byte and log."""
        if threading.get_ident() == self._thread or not self._loop.is_running():
            return look()

        async def looked() -> T:
            return look()

        return asyncio.run_coroutine_threadsafe(looked(), self._loop).result()

    def _start(self, connection: Connection) -> asyncio.Task[None]:
        self._connections.add(connection)
        task = self._group.create_task(self._routes.serve(connection))
        task.add_done_callback(lambda _task: self._connections.discard(connection))
        return task
