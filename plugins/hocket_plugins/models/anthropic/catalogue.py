"""The models of a place: what each can do, and which one a short name means."""

from __future__ import annotations

import asyncio
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.anthropic import failures, sheet
from hocket_plugins.models.anthropic.fields import rows, table, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import JsonValue

    from hocket_plugins.models.anthropic.clients import Client
    from hocket_plugins.models.anthropic.fields import JsonObject
    from hocket_plugins.models.anthropic.settings import AnthropicSection, Place
    from hocket_plugins.models.anthropic.sheet import Sheet

_SIZES = {"small": "haiku", "medium": "sonnet", "large": "opus"}
_LINES = {*_SIZES.values(), "fable", "mythos"}


def line_of(alias: str) -> str:
    """Give the line of models that a short name means; empty for a name that is none."""
    line = _SIZES.get(alias, alias)
    return line if line in _LINES else ""


class Catalogue:
    """Asks once per model; what a person wrote goes before what the service says."""

    def __init__(
        self, place: Place, section: AnthropicSection, client: Callable[[], Awaitable[Client]]
    ) -> None:
        self._place: Place = place
        self._section, self._client = section, client
        self._sheets: dict[str, Sheet] = {}
        self._asking = asyncio.Lock()
        self._entries: list[JsonObject] | None = None

    def known(self, model: str) -> Sheet | None:
        """Give a model's sheet without asking for it."""
        return self._sheets.get(model)

    async def sheet(self, model: str) -> Sheet:
        """Give a model's sheet; raises ProviderFailure when the service cannot be asked at all."""
        if model not in self._sheets:
            async with self._asking:  # siblings that start together ask once
                if model not in self._sheets:
                    self._sheets[model] = await self._find(model)
        return self._sheets[model]

    async def resolve(self, alias: str) -> str:
        """Give the model a short name means; a name that is none is given back.

        Raises ProviderFailure where neither configuration nor the service's list knows it.
        """
        aliases = {**self._section.aliases, **self._section.at(self._place).aliases}
        if alias in aliases:
            return aliases[alias]
        line = line_of(alias)
        if not line:
            return alias
        # The newest is first; a model's line is what the list says, not what its name looks like.
        for entry in await self._list() if self._section.lists(self._place) else []:
            if entry.get("line") == line and entry.get("lifecycle") == "active":
                return text(entry.get("id"))
        told = f"{self._place} has no list of models that says which one '{alias}' is"
        own = "" if self._place == "anthropic" else f".places.{self._place}"
        hint = f'say it in configuration: [anthropic{own}.aliases] {alias} = "…"'
        raise ProviderFailure("bad_request", code="alias", told=f"{told}; {hint}")

    async def _find(self, model: str) -> Sheet:
        cached = self._section.prefix_cache
        facts = self._section.models.get(model)
        if facts:
            return sheet.configured(facts, prefix_cache=cached)
        entry = await self._entry(model) if self._section.lists(self._place) else {}
        if entry.get("id"):
            return sheet.listed(entry, prefix_cache=cached)
        return sheet.unknown(model, prefix_cache=cached)

    async def _entry(self, model: str) -> JsonObject:
        try:
            return await self._get(f"/v1/models/{quote(model, safe='')}")
        except ProviderFailure as failure:
            # It is not listed, or nothing is: the turn itself will show whether it is there.
            if failure.kind not in {"bad_request", "unknown"}:
                raise
            if failure.code == "not_found_error":
                await self._refuse_stranger(model, failure)
            return {}

    async def _refuse_stranger(self, model: str, failure: ProviderFailure) -> None:
        """Refuse a model the service does not know, where it says which ones it knows."""
        try:
            names = [text(entry.get("id")) for entry in await self._list()]
        except ProviderFailure:
            return
        if names and model not in names:
            near = ", ".join(get_close_matches(model, names, 3, 0.5)) or ", ".join(names[:3])
            told = f"{self._place} has no model '{model[:80]}'; it has {near}"
            raise ProviderFailure("bad_request", code="unknown_model", told=told) from failure

    async def _list(self) -> list[JsonObject]:
        if self._entries is None:
            page = await self._get("/v1/models?limit=1000")
            self._entries = rows(page.get("data"))
        return self._entries

    async def _get(self, path: str) -> JsonObject:
        client = await self._client()
        try:
            return table(cast("JsonValue", await client.get(path, cast_to=object)))
        except Exception as cause:
            raise failures.of(cause) from cause
