"""The tool that reads a page of the public web."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hocket.api.tools import Effect, Label, ToolOutput
from hocket_plugins.tools.web import journey, link, resolver
from hocket_plugins.tools.web.input import FETCH_SCHEMA, FetchInput, wrong
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.trail import Reading, Trail
from hocket_plugins.tools.web.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.web.link import Link
    from hocket_plugins.tools.web.resolver import Resolve
    from hocket_plugins.tools.web.wire import Transport

NOT_FETCHED = "not fetched"
SECONDS = 30.0
"""For names, connections, redirects, the page and its text together."""


class WebFetch:
    """Reads addresses that the task, a search or a page on their host gave."""

    name = "WebFetch"
    description = (
        "Read a page of the web as text: an address from the task, from a search, or a link on "
        "a page of the same host. Links are numbered and listed below the text. A long page is "
        "shown in parts: go on with the offset it tells."
    )
    effects = frozenset({Effect.READ_OUTSIDE})
    input_schema: dict[str, JsonValue] = FETCH_SCHEMA

    def __init__(
        self, *, resolve: Resolve = resolver.system, transport: Transport | None = None
    ) -> None:
        self._resolve = resolve
        self._wire = Wire(transport)

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write `WebFetch(address)`."""
        url = arguments.get("url")
        return f"WebFetch({url if isinstance(url, str) else ''})"

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Read it, or say in the output why not."""
        try:
            wish = FetchInput.model_validate(dict(arguments))
            start = link.read(wish.url)
            journey.declared(start, context.workspace.ceiling)
            visit = _Visit(start, Trail.of(context), context)
            visit.trail.admit(context, wish.url)
        except ValidationError as cause:
            return ToolOutput(wrong(cause), is_error=True, status=NOT_FETCHED)
        except Refusal as cause:
            return ToolOutput(f"{NOT_FETCHED}: {cause}", is_error=True, status=NOT_FETCHED)
        if reading := visit.trail.kept(start.url):
            return visit.arrives(reading, wish.offset)
        return await self._fetch(visit, wish.offset)

    async def _fetch(self, visit: _Visit, offset: int) -> ToolOutput:
        visit.context.progress(f"WebFetch: {visit.start.host}")
        try:
            async with asyncio.timeout(SECONDS):
                ceiling = visit.context.workspace.ceiling
                content = await journey.travel(visit.start, self._wire, self._resolve, ceiling)
                if content.elsewhere:
                    return visit.leads(content.elsewhere)
                page = await journey.read(content)
        except TimeoutError:
            late = f"it took longer than {SECONDS:g} s"
            return visit.fails(late, status=f"{NOT_FETCHED}: {late}")
        except Refusal as cause:
            return visit.fails(str(cause))
        digest = visit.context.keep(page.text.encode("utf-8"))
        return visit.arrives(Reading(content.link, page, digest), offset)


class _Visit:
    """One use: what it says to the model, always labelled with the host that had a say in it."""

    def __init__(self, start: Link, trail: Trail, context: ToolContext) -> None:
        self.start, self.trail, self.context = start, trail, context
        self._label = Label(outside=True, sources=frozenset({start.host}))

    def arrives(self, reading: Reading, offset: int) -> ToolOutput:
        """Remember the page, and show it."""
        self.trail.arrive(self.context, self.start.url, reading)
        return self.shows(reading, offset)

    def shows(self, reading: Reading, offset: int) -> ToolOutput:
        """Show a part of a page."""
        page, length = reading.page, len(reading.page.text)
        if offset and offset >= length:
            return self.fails(f"its text has {length:,} characters", "nothing to show")
        after = page.after(offset)
        facts = [reading.link.url, page.kind, f"characters {offset:,} to {after or length:,}"]
        facts.append(f"go on with offset {after} of {length}" if after else "the end of it")
        head = "; ".join((*facts, f"all of it is kept as {reading.digest}"))
        title = f"{page.title}\n\n" if page.title and not offset else ""
        sources = self._label.sources | {reading.link.host}
        text = f"[{head}]\n{title}{page.part(offset)}"
        return ToolOutput(text, label=Label(outside=True, sources=sources), status="ok")

    def leads(self, there: Link) -> ToolOutput:
        """Say that it leads to another host: to go there is a use of its own, judged by its host.

        The address that leads there was found, not written by the model, so no page can be made
        to carry the model's words away.
        """
        self.trail.lead(self.context, there.url)
        text = f"[it leads to another host; fetch this address to go on: {there.url}]"
        return ToolOutput(text, label=self._label, status="it leads to another host")

    def fails(self, reason: str, what: str = NOT_FETCHED, status: str = "") -> ToolOutput:
        """Say why there is nothing to read."""
        text = f"{what}: {reason}"
        return ToolOutput(text, is_error=True, label=self._label, status=status or what)
