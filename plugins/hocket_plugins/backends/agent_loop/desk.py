"""All that one call works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.calls import Bound, Call
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.assembly import Prefix
    from hocket_plugins.backends.agent_loop.later import Later
    from hocket_plugins.backends.agent_loop.limits import Limits
    from hocket_plugins.backends.agent_loop.notes import Notes
    from hocket_plugins.backends.agent_loop.recall import Recall
    from hocket_plugins.backends.agent_loop.routing import Chosen
    from hocket_plugins.backends.agent_loop.section import AgentLoopSection
    from hocket_plugins.backends.agent_loop.toolset import Toolset


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A call, its engine, its model, its tools and its words."""

    call: Call
    context: CallContext
    chosen: Chosen
    prefix: Prefix
    limits: Limits
    tools: Toolset
    section: AgentLoopSection
    first: str
    """The text of the first message."""
    recall: Recall
    """What an earlier life of the call went through."""
    is_current: Callable[[], bool]
    """Whether the model can still be asked in the way that was chosen."""
    forget: Callable[[], None]
    """Have the model asked about again."""
    notes: Notes
    """What a person is told once in a run."""
    given: Bound | None
    """What was reserved when the call was admitted."""
    later: Later | None = None
    """Where its turns may wait, for less."""
    again: str = ""
    """Why the call does not go on from there, where there was one."""
