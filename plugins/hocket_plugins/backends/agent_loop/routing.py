"""Which provider and which model a call gets, and what that model can do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.messages import Message, Stop, Turn
from hocket.api.providers import Detecting, Laned, Resolving
from hocket_plugins.backends.agent_loop.ends import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.messages import Capabilities
    from hocket.api.protocols import CallContext, ModelProvider
    from hocket_plugins.backends.agent_loop.section import AgentLoopSection


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model, where it lives, and what it can do."""

    provider: ModelProvider
    model: str
    lane: str
    capabilities: Capabilities


NOTHING_SAID = Turn(message=Message(role="assistant", blocks=()), stop=Stop.END)


class Models:
    """Finds models by the name a call gives; asks a provider once per model and run."""

    def __init__(
        self,
        providers: Mapping[str, ModelProvider],
        section: AgentLoopSection,
        env: Mapping[str, str],
    ) -> None:
        self._providers = providers
        self._section = section
        self._env = env
        self._chosen: dict[str, Chosen] = {}
        self._asking = asyncio.Lock()

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say which provider can work here and why, or None."""
        for name, provider in self._offers():
            reason = provider.found(env) if isinstance(provider, Detecting) else "it needs no key"
            if reason is not None:
                return f"{name}: {reason}"
        return None

    def known(self, wanted: str | None) -> Chosen | None:
        """Give a model that was asked for before."""
        return self._chosen.get(wanted or self._section.model)

    def is_current(self, wanted: str | None, chosen: Chosen) -> bool:
        """Say whether what is known about a model still is what it was."""
        return self.known(wanted) is chosen

    def forget(self, wanted: str | None, chosen: Chosen) -> None:
        """Ask about a model again: its provider has learned something since."""
        if self.is_current(wanted, chosen):
            del self._chosen[wanted or self._section.model]

    async def choose(self, wanted: str | None, context: CallContext) -> Chosen:
        """Find a model; asking for it goes the way of a turn: breaker, back-off and all."""
        name = wanted or self._section.model
        if name in self._chosen:
            return self._chosen[name]
        provider, model = self._place(name)

        async def ask(_opened: Callable[[], None]) -> Turn:
            await self.look_up(name)
            return NOTHING_SAID

        await context.send(_lane(provider, model), "", ask)
        return self._chosen[name]

    async def look_up(self, wanted: str | None) -> Chosen:
        """Find a model and ask its provider about it; raises ProviderFailure."""
        name = wanted or self._section.model
        async with self._asking:
            if name not in self._chosen:
                self._chosen[name] = await self._asked(name)
            return self._chosen[name]

    async def _asked(self, name: str) -> Chosen:
        provider, model = self._place(name)
        if isinstance(provider, Resolving):
            model = await provider.resolve(model)
        capabilities = await provider.capabilities(model)
        return Chosen(provider, model, _lane(provider, model), capabilities)

    def _place(self, name: str) -> tuple[ModelProvider, str]:
        """Part `provider/model`; a name of which the first part is no provider is a model."""
        first, slash, rest = name.partition("/")
        if slash and first in self._providers:
            return self._providers[first], rest
        return self._default(), name

    def _default(self) -> ModelProvider:
        told = self._section.provider
        if told is not None and told in self._providers:
            return self._providers[told]
        if told is not None:
            known = ", ".join(sorted(self._providers)) or "none"
            raise failed(f"no_provider: '{told}' is not installed; known: {known}")
        for _, provider in self._offers():
            if not isinstance(provider, Detecting) or provider.found(self._env) is not None:
                return provider
        raise failed("no_provider: no model provider can work here")

    def _offers(self) -> list[tuple[str, ModelProvider]]:
        return [*self._providers.items()]


def _lane(provider: ModelProvider, model: str) -> str:
    return provider.lane(model) if isinstance(provider, Laned) else f"{provider.name}|{model}"
