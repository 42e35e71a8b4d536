"""A server in a run: connected to at its first use, held against its pin, restarted once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.reach import has_server, is_free
from hocket_plugins.tools.mcp.difference import difference
from hocket_plugins.tools.mcp.life import Life
from hocket_plugins.tools.mcp.offer import digest
from hocket_plugins.tools.mcp.surroundings import Surroundings
from hocket_plugins.tools.mcp.talk import Talk
from hocket_plugins.tools.mcp.trouble import Down, NoResult, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mcp_types import CallToolResult
    from pydantic import JsonValue

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.mcp.offer import Offer
    from hocket_plugins.tools.mcp.server import Server

LIVES = 2
"""A server that failed is started once more, and then no more."""
LONGEST_DIFFERENCE = 20_000
"""Of more than this nobody would read the end, so nobody is asked."""


class Connection:
    """All calls of a run share it; whoever comes first waits for the server."""

    def __init__(self, server: Server, pinned: Sequence[Offer], folder: Path) -> None:
        self.server = server
        self._pinned = [one for one in pinned if server.lets(one.name)]
        self._folder = folder
        self._turn = asyncio.Lock()
        self._life: Life | None = None
        self._lives: list[Life] = []
        self._dead: set[Life] = set()
        """Those that failed; one that nobody waited for has not."""
        self._compared: Sequence[Offer] | None = None
        self._agreed = {digest(self._pinned)}
        self._off = ""

    async def use(
        self, tool: str, arguments: Mapping[str, JsonValue], context: ToolContext
    ) -> CallToolResult | NoResult:
        """Use a tool; raises Refusal, Down."""
        life = await self._declared(context)
        talk = Talk(self.server.name, tool, context, self.server.timeout_s)
        try:
            async with talk.limit:
                return await life.call(tool, arguments, talk)
        except TimeoutError:
            silent = f"{self.server.timeout_s:g} s"
            return NoResult(f"stopped: no progress for {silent}", f"no answer in {silent}")
        except Down as cause:
            raise await self._failed(life, cause) from cause

    async def aclose(self) -> None:
        """End the server at the end of the run; nothing is started any more."""
        self._off = "the run is over"
        async with asyncio.TaskGroup() as group:
            for life in self._lives:
                group.create_task(life.end())

    async def _declared(self, context: ToolContext) -> Life:
        """Give a server that may be used by a bundle that declared it; raises Refusal.

        All scripts of a run share its process, so it gets all of its variables or is not used.
        """
        ceiling = context.workspace.ceiling
        if is_free(ceiling) or ceiling is None:
            return await self._alive(context)
        if missing := self.server.needs - {*ceiling.env}:
            raise Refusal(f"capability:env:{min(missing)}: its bundle did not declare it")
        life = await self._alive(context)
        if not has_server(ceiling, self.server.name, digest(life.offers)):
            raise Refusal("capability:mcp: its bundle declared other tools than it offers")
        return life

    async def _alive(self, context: ToolContext) -> Life:
        """Give a server that may be used: started, and offering what was approved."""
        async with self._turn:
            if self._life and self._life.is_over:
                # Nobody was using it, so no use is lost: it is started again at once.
                await self._failed(self._life, Down(self._life.reason))
            if self._off:
                raise Refusal(self._off)
            life = self._life or await self._born(context)
            if life.stale:
                await self._listed_again(life)
            await self._compare(life, context)
            return life

    async def _born(self, context: ToolContext) -> Life:
        # Of the run and not of the call, whose end it outlives.
        mark = f"{context.call_id.partition('/')[0]}/mcp/{self.server.name}"
        life = Life(self.server, Surroundings(self._folder, context.environment, mark))
        self._lives.append(life)
        try:
            await life.begin()
        except Down as cause:
            raise await self._failed(life, cause) from cause
        except asyncio.CancelledError:
            life.stop()
            raise
        self._life = life
        return life

    async def _listed_again(self, life: Life) -> None:
        try:
            await life.list_again()
        except Down as cause:
            raise await self._failed(life, cause) from cause

    async def _failed(self, life: Life, cause: Down) -> Down:
        """Count a life that failed, whoever notices; gives what to say about it."""
        self._dead.add(life)
        if life is self._life:
            self._life = None
        await life.end()
        if len(self._dead) < LIVES:
            return Down(f"{cause}. It is started once more when it is used again")
        self._off = self._off or f"it is off for the rest of the run: {cause}"
        return Down(self._off)

    async def _compare(self, life: Life, context: ToolContext) -> None:
        """Ask a person when the server offers something else than was approved; raises Refusal."""
        if life.offers is self._compared:
            return
        offers = [one for one in life.offers if self.server.lets(one.name)]
        if digest(offers) not in self._agreed:
            await self._ask(offers, context)
        self._compared = life.offers

    async def _ask(self, offers: Sequence[Offer], context: ToolContext) -> None:
        lines = "\n".join(difference(self._pinned, offers))
        text = (
            f"The MCP server {self.server.name} offers something else than was approved "
            f"({digest(offers)[:12]}):\n{lines}\nMay it be used in this run?"
        )
        is_short = len(lines) <= LONGEST_DIFFERENCE
        answer = await context.ask(text, ("allow", "deny")) if is_short else None
        if answer == "allow":
            self._agreed.add(digest(offers))
            return
        nobody = "nobody is here to ask" if is_short else "it is too much to be asked about here"
        why = "a person said no" if answer else nobody
        approve = f"hocket mcp approve {self.server.name}"
        self._off = (
            f"it offers something else than was approved, and {why}; look and approve: {approve}"
        )
        raise Refusal(self._off)
