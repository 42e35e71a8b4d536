"""The models of a server: what each can do, and which one a short name means."""

from __future__ import annotations

import asyncio
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.api.messages import Capabilities, ProviderFailure
from hocket_plugins.models.openai_compatible import tiers
from hocket_plugins.models.openai_compatible.fields import count, rows, table, text
from hocket_plugins.models.openai_compatible.settings import ModelFacts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hocket.api.messages import TurnRequest
    from hocket_plugins.models.openai_compatible.fields import JsonObject
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

_WINDOWS = (
    "max_model_len",
    "context_length",
    "context_window",
    "max_context_length",
    "max_input_tokens",
    "n_ctx",
)
"""Under which names servers say how long a prompt may be."""
_NO_MODEL = {"model_not_found", "not_found_error", "not_found", "NotFoundError", "404"}
"""Codes of a refusal that may be about the model's name."""
_REFUSED = {
    "grammar": ("response_format", "json_schema", "grammar", "structured output"),
    "tools": ("tool", "function call"),
}
"""Words by which a refusal is known to be about a part of the request."""


class Catalogue:
    """Asks for the list once; remembers for the run what a model refused to take.

    `lonely` is a server that nobody configured: its first model has to do for every tier.
    """

    def __init__(
        self,
        section: OpenAiSection,
        ask: Callable[[], Awaitable[list[JsonObject]]],
        *,
        lonely: bool = False,
    ) -> None:
        self._section, self._ask, self._lonely = section, ask, lonely
        self._entries: list[JsonObject] | None = None
        self._asking = asyncio.Lock()
        self._refused: dict[str, set[str]] = {}

    def facts(self, model: str) -> ModelFacts:
        """Give what a person wrote about the model, else the defaults."""
        return self._section.models.get(model, ModelFacts())

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do, without what it refused; raises ProviderFailure."""
        facts, refused = self.facts(model), self._refused.get(model, set[str]())
        window = facts.window or await self._window(model)
        tools = facts.tools and "tools" not in refused
        grammar = facts.grammar and "grammar" not in refused
        known = model in self._section.models or window
        return Capabilities(
            window=window or Capabilities().window,
            max_output=facts.max_output,
            efforts=facts.efforts,
            thinking=bool(facts.efforts),
            answers=(
                *(("grammar",) if grammar else ()),
                *(("tool",) if tools else ()),
                "prompt",
            ),
            tools=tools,
            parallel_tools=tools and facts.parallel_tools,
            prefix_cache="automatic",
            notes=() if known else (_unknown(model),),
        )

    async def resolve(self, alias: str) -> str:
        """Give the model a short name means; a name that is none is given back.

        A server of one model means it by every name. Raises ProviderFailure else.
        """
        if alias in self._section.aliases or alias not in tiers.SHORT:
            return self._section.aliases.get(alias, alias)
        entries = await self._list()
        model = tiers.pick(alias, entries, lonely=self._lonely)
        if model:
            return model
        names = [text(entry.get("id")) for entry in entries]
        listed = f"; it lists {', '.join(names[:10])}" if names else ""
        hint = f'say it in configuration: [openai.aliases] {alias} = "…"'
        raise ProviderFailure(
            "bad_request",
            code="alias",
            told=f"nothing says which model '{alias}' is{listed}; {hint}",
        )

    def learn(self, request: TurnRequest, failure: ProviderFailure) -> ProviderFailure:
        """Keep what a refusal says the model cannot take; its code then names the part."""
        part = _refused(request, failure)
        if not part:
            return self._named(request.model, failure)
        self._refused.setdefault(request.model, set()).add(part)
        return ProviderFailure("bad_request", code=f"no_{part}", raw=failure.raw)

    def _named(self, model: str, failure: ProviderFailure) -> ProviderFailure:
        """Say which names are near to one that the server does not have, as far as it said any."""
        if failure.kind != "bad_request" or failure.code not in _NO_MODEL:
            return failure
        names = [text(entry.get("id")) for entry in self._entries or []]
        if not names or model in names:
            return failure
        near = ", ".join(get_close_matches(model, names, 3, 0.5)) or ", ".join(names[:3])
        told = f"the server has no model '{model[:80]}'; it has {near}"
        return ProviderFailure("bad_request", code="unknown_model", told=told)

    async def _window(self, model: str) -> int:
        for entry in await self._list():
            if entry.get("id") == model:
                said = {**table(entry.get("meta")), **entry}
                return next((found for name in _WINDOWS if (found := count(said.get(name)))), 0)
        return 0

    async def _list(self) -> list[JsonObject]:
        async with self._asking:  # siblings that start together ask once
            if self._entries is None:
                self._entries = await self._asked()
            return self._entries

    async def _asked(self) -> list[JsonObject]:
        try:
            return await self._ask()
        except ProviderFailure as failure:
            # A server without a list is one of which nothing is known.
            if failure.kind not in {"bad_request", "unknown"}:
                raise
            return []


def listed(body: JsonObject) -> list[JsonObject]:
    """Give the entries of a list of models."""
    return rows(body.get("data"))


def _refused(request: TurnRequest, failure: ProviderFailure) -> str | None:
    if failure.kind not in {"bad_request", "server"}:
        return None
    said, asked = failure.raw.lower(), request.answer and request.answer.kind
    if asked == "grammar" and any(word in said for word in _REFUSED["grammar"]):
        return "grammar"
    uses = request.tools or asked in {"tool", "generic"}
    return "tools" if uses and any(word in said for word in _REFUSED["tools"]) else None


def _unknown(model: str) -> str:
    return (
        f"nothing is known about {model}: a window of 32,768 tokens is assumed. "
        f'[openai.models."{model}"] can say more'
    )
