"""The backend: finds model, tools and words for a call, and lets an agent live on them."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, Outcome
from hocket.api.ceiling import KEYS
from hocket.api.messages import ProviderFailure
from hocket.api.protocols import TurnGivenUp
from hocket.api.tools import Closing
from hocket_plugins.backends.agent_loop import frame, served, weights
from hocket_plugins.backends.agent_loop.agent import Agent
from hocket_plugins.backends.agent_loop.assembly import Assembly
from hocket_plugins.backends.agent_loop.desk import Desk
from hocket_plugins.backends.agent_loop.ends import End, Unfit, failed
from hocket_plugins.backends.agent_loop.kinds import Kinds
from hocket_plugins.backends.agent_loop.later import Laters
from hocket_plugins.backends.agent_loop.limits import limits
from hocket_plugins.backends.agent_loop.nested import AgentTool, Asking
from hocket_plugins.backends.agent_loop.notes import Notes
from hocket_plugins.backends.agent_loop.purse import Stake, with_closing
from hocket_plugins.backends.agent_loop.recall import recalled
from hocket_plugins.backends.agent_loop.resuming import resumed
from hocket_plugins.backends.agent_loop.routing import Models
from hocket_plugins.backends.agent_loop.toolset import AGENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext, ModelProvider
    from hocket.api.tools import AgentType, Tool
    from hocket_plugins.backends.agent_loop.assembly import Prefix
    from hocket_plugins.backends.agent_loop.kinds import Kind
    from hocket_plugins.backends.agent_loop.limits import Limits
    from hocket_plugins.backends.agent_loop.purse import Price
    from hocket_plugins.backends.agent_loop.recall import Recall
    from hocket_plugins.backends.agent_loop.routing import Chosen
    from hocket_plugins.backends.agent_loop.section import AgentLoopSection

MOST_BEGINNINGS = 4
"""Grammar, tool, words: after so many ways there is none left."""
SURROUNDINGS = 4_096
"""What workspace, attached names and the frame of the task may add to a prompt."""


class AgentLoop:
    """Runs calls on model providers and tools of other plugins, to which it is bound once."""

    name = "agent_loop"
    has_workspace = True
    checks_pass = False
    enforces = frozenset(KEYS)
    """Its tools are hocket's own, and hold to all of it."""

    def __init__(
        self,
        providers: Mapping[str, ModelProvider],
        tools: Mapping[str, Tool],
        agent_types: Mapping[str, AgentType],
        section: AgentLoopSection,
        *,
        memory: tuple[str, ...] = (),
    ) -> None:
        """`memory` is trusted text for every agent."""
        self._section, self._memory = section, memory
        self._given: dict[int, Bound] = {}
        self._notes = Notes()
        self._laters = Laters(wanted=section.cheap_later)
        self.bind(providers=providers, tools=tools, agent_types=agent_types)

    def bind(
        self,
        *,
        providers: Mapping[str, ModelProvider],
        tools: Mapping[str, Tool],
        agent_types: Mapping[str, AgentType],
        price: Price | None = None,
    ) -> None:
        """Take what other plugins offer; called once, before the first call.

        `price` is the engine's table: without it no call is priced before it starts.
        """
        self._providers, self._tools = providers, tools
        self._price = price
        self._agents = AgentTool(agent_types, tools)
        self._models = Models(providers, self._section, os.environ)
        self._assembly = Assembly(self._memory)
        self._kinds = Kinds(agent_types, {**tools, AGENT: self._agents}, self._section.tools)

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say which provider can work here and why, or None."""
        return self._models.found(env)

    async def warm(self, models: Iterable[str] = ()) -> None:
        """Ask about models beforehand, so that their calls are priced from the first one on."""
        for wanted in {*models} or {self._section.model}:
            # What fails here fails again at the first call, which tells it to the right place.
            with suppress(ProviderFailure, End):
                await self._models.look_up(wanted)

    def bound(self, call: Call) -> Bound:
        """Give the first turn's worst case, with the last turn that is held back behind it.

        While nobody was asked about its model, only tokens are bounded: the call itself reserves
        the money before anything is sent.
        """
        kind = self._kinds.of(call)
        schema = call.options.schema
        if schema is not None:
            self._assembly.announce(kind, schema)
        bound = self._bound(call, kind)
        self._given[call.number] = bound
        return bound

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Run the call to its end."""
        recall = recalled(context.earlier())
        for _ in range(MOST_BEGINNINGS):
            try:
                return await (await self._agent(call, context, recall)).live()
            except Unfit:
                recall = recall.forgotten("the service took it for bad")
            except End as end:
                return end.outcome
            except TurnGivenUp as given:
                return Outcome(given.state, cause=given.cause)
        return failed("bad_request: no way to ask this model").outcome

    async def aclose(self) -> None:
        """Let all providers and tools give back their connections."""
        for provider in self._providers.values():
            await provider.aclose()
        for tool in self._tools.values():
            if isinstance(tool, Closing):
                await tool.aclose()

    async def _agent(self, call: Call, context: CallContext, recall: Recall) -> Agent:
        kind = self._kinds.checked(call)
        chosen = await self._models.choose(kind.wanted, context)
        kind = (await served.chosen_tools(kind, chosen, context)).usable(chosen)
        schema = call.options.schema
        if schema is not None:
            self._assembly.announce(kind, schema)
            # Siblings that were asked for together are all announced before one of them decides.
            await asyncio.sleep(0)
        prefix = await self._assembly.prefix(chosen, kind, schema, recall.mode)
        return self._seated((call, context, recall), chosen, kind, prefix)

    def _seated(
        self, of: tuple[Call, CallContext, Recall], chosen: Chosen, kind: Kind, prefix: Prefix
    ) -> Agent:
        """Put everything in front of an agent."""
        call, context, recall = of
        tools, mode = kind.tools, prefix.answer
        if AGENT in tools.tools:
            asking = Asking(
                call,
                context,
                tools,
                lambda: agent.label,
                lambda: agent.rest(),  # noqa: PLW0108  it is made further down
            )
            own = {**tools.tools, AGENT: self._agents.asked_by(asking)}
            tools = replace(tools, tools=own)
        text = frame.schema_text(mode.kind, mode.shape) if mode else ""
        workspace = context.tools.workspace if tools.tools else None
        desk = Desk(
            call=call,
            context=context,
            chosen=chosen,
            prefix=prefix,
            limits=self._limits(call, kind, chosen),
            tools=tools,
            section=self._section,
            first=frame.first_message(call, workspace, text),
            recall=recall,
            is_current=lambda: self._models.is_current(kind.wanted, chosen),
            forget=lambda: self._models.forget(kind.wanted, chosen),
            notes=self._notes,
            given=self._given.pop(call.number, None),
            later=None if tools.names else self._laters.of(chosen),
        )
        agent = Agent(resumed(desk))
        return agent

    def _bound(self, call: Call, kind: Kind) -> Bound:
        chosen = self._models.known(kind.wanted)
        limited = self._limits(call, kind, chosen)
        if chosen is None or self._price is None:
            cost = 0 if self._price is not None else None
            return Bound(limited.turn_tokens + limited.closing_tokens, cost)
        lines = call.prompt.count("\n") + 1
        own = weights.of_text(call.prompt) + lines * len(frame.INDENT) + SURROUNDINGS
        weight = self._assembly.weight(kind, call.options.schema) + own
        stake = Stake(weight, limited.turn_tokens)
        return with_closing(chosen, stake, limited.closing_tokens, self._price)

    def _limits(self, call: Call, kind: Kind, chosen: Chosen | None) -> Limits:
        single = not kind.tools.names and call.options.schema is None
        able = chosen.capabilities if chosen else None
        return limits(call, self._section, kind.agent_type, able, single=single)
