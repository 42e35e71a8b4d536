"""Tools that the model's own service runs: offered where ours cannot work here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.approval import Use, Verdict
from hocket.api.reach import reaches
from hocket.api.tools import Effect
from hocket_plugins.backends.agent_loop.ends import refused

if TYPE_CHECKING:
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.kinds import Kind
    from hocket_plugins.backends.agent_loop.routing import Chosen

SERVED = {"WebSearch": "web_search"}
"""Our names for them, and what a provider calls them."""
ANYWHERE = "*"
MOST_SEARCHES = 20
"""In one call; what the service looks up afterwards would be unheard of."""
TURN_SEARCHES = 5
"""In one turn: providers ask for no more, and so many are reserved."""
FOUND_TOKENS = 10_000
"""What the results of one search may add to the input of the turn that asked for it."""


async def chosen_tools(kind: Kind, chosen: Chosen, context: CallContext) -> Kind:
    """Let the service serve what is missing, if policies agree; raises End for what is named."""
    tools = kind.tools
    served: list[str] = []
    for name, lacks in tools.missing.items():
        if SERVED.get(name) in chosen.capabilities.server_tools:
            lacks = await _against(name, context)  # noqa: PLW2901  the new reason is the one that counts
            if not lacks:
                served.append(name)
                continue
        if tools.named:
            raise refused(f"{name} cannot be used: {lacks or 'no installed tool has that name'}")
    return replace(kind, tools=replace(tools, served=tuple(served))) if served else kind


def left(searches: int) -> bool:
    """Say whether a call may still look something up after so many times."""
    return searches + TURN_SEARCHES <= MOST_SEARCHES


async def _against(name: str, context: CallContext) -> str:
    """Say why policies or a person are against it; nobody is asked again for each search."""
    workspace = context.tools.workspace
    if not reaches(workspace.ceiling, ANYWHERE):
        return "the service may ask any host, and its bundle declares only some"
    tree = workspace.path
    use = Use(name, name, frozenset({Effect.READ_OUTSIDE}), {}, workspace=tree)
    judged = await context.decide(use)
    return "" if judged.verdict is Verdict.ALLOW else judged.reason or "no rule allows it"
