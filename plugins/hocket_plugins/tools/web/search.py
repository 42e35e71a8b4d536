"""The tool that searches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hocket.api.reach import reaches
from hocket.api.tools import TRUSTED, Effect, Label, ToolOutput
from hocket_plugins.tools.web.input import SEARCH_SCHEMA, SearchInput, wrong
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.trail import MOST_SEARCHES, Trail
from hocket_plugins.tools.web.words import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.web.engine import Engine, Found, Hit

NOT_SEARCHED = "not searched"
SECONDS = 30.0
_TITLE, _SNIPPET = 200, 500


class WebSearch:
    """Searches with the engine that was chosen, a limited number of times in each call."""

    name = "WebSearch"
    description = (
        "Search for pages and texts: a query of at most 400 characters gives at most 20 results "
        "with title, address and a few words. At most 20 searches."
    )
    input_schema: dict[str, JsonValue] = SEARCH_SCHEMA

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        reads = Effect.READ_OUTSIDE if engine.outside else Effect.READ_PROJECT
        self.effects = frozenset({reads})

    def lacks(self) -> str | None:
        """Say what is missing to search at all."""
        return self._engine.lacks()

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write `WebSearch(query)`."""
        query = arguments.get("query")
        return f"WebSearch({query if isinstance(query, str) else ''})"

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Search, or say in the output why not."""
        try:
            wish = SearchInput.model_validate(dict(arguments))
            self._count(context)
        except ValidationError as cause:
            return ToolOutput(wrong(cause), is_error=True, status=NOT_SEARCHED)
        except Refusal as cause:
            return ToolOutput(f"{NOT_SEARCHED}: {cause}", is_error=True, status=NOT_SEARCHED)
        return await self._search(wish, context)

    async def _search(self, wish: SearchInput, context: ToolContext) -> ToolOutput:
        try:
            async with asyncio.timeout(SECONDS):
                found = await self._engine.find(wish.query, wish.limit)
        except TimeoutError:
            return self._failed(late := f"nothing was found within {SECONDS:g} s", late)
        except Refusal as cause:
            return self._failed(f"{NOT_SEARCHED}: {cause}", NOT_SEARCHED)
        urls = tuple(hit.url for hit in found.hits if "://" in hit.url)
        Trail.of(context).vouch(context, urls)
        status = f"{len(found.hits)} results"
        return ToolOutput(_told(found), label=self._label(found.sources), status=status)

    def _failed(self, text: str, status: str) -> ToolOutput:
        """Say why there are no results; whoever was asked may have had a say in it."""
        label = self._label(frozenset({self._engine.source}))
        return ToolOutput(text, is_error=True, label=label, status=status)

    def _label(self, sources: frozenset[str]) -> Label:
        return Label(outside=True, sources=sources) if self._engine.outside else TRUSTED

    def _count(self, context: ToolContext) -> None:
        """Count the search; raises Refusal where there is none, or none left."""
        if lack := self._engine.lacks():
            raise Refusal(lack)
        if self._engine.outside and not reaches(context.workspace.ceiling, self._engine.source):
            raise Refusal(f"capability:network: its bundle did not declare {self._engine.source}")
        trail = Trail.of(context)
        if trail.searches == MOST_SEARCHES:
            raise Refusal(f"there were {MOST_SEARCHES} searches already")
        trail.searches += 1


def _told(found: Found) -> str:
    lines = [_line(number, hit) for number, hit in enumerate(found.hits, 1)]
    remark = [f"[{found.remark}]"] if found.remark else []
    return "\n".join((*(lines or ["[nothing was found]"]), *remark))


def _line(number: int, hit: Hit) -> str:
    """Write a result on three lines, whatever its words are."""
    snippet = one_line(hit.snippet, _SNIPPET)
    return f"{number}. {one_line(hit.title, _TITLE)}\n   {hit.url}" + (
        f"\n   {snippet}" if snippet else ""
    )
