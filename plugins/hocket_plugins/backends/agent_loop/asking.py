"""What one turn asks of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.messages import TurnRequest
from hocket_plugins.backends.agent_loop.answer import ANSWER
from hocket_plugins.backends.agent_loop.served import SERVED

if TYPE_CHECKING:
    from hocket.api.messages import Message
    from hocket_plugins.backends.agent_loop.desk import Desk
    from hocket_plugins.backends.agent_loop.purse import Stake


def request(
    desk: Desk, messages: list[Message], stake: Stake, number: int, *, insists: bool
) -> TurnRequest:
    """Make a turn's request; `insists` says that the answer tool must be used now."""
    prefix = desk.prefix
    served = tuple(SERVED[name] for name in desk.tools.served if stake.searches)
    has_tools = prefix.tools or served
    forced = bool(prefix.tools) and prefix.tools[-1].name == ANSWER and (stake.closing or insists)
    return TurnRequest(
        model=desk.chosen.model,
        system=prefix.system,
        tools=prefix.tools,
        messages=tuple(messages),
        max_tokens=stake.output,
        effort=desk.call.options.effort or desk.section.effort,
        thinking=not forced,
        answer=prefix.answer,
        tool_choice=ANSWER if forced else "none" if stake.closing and has_tools else None,
        cache=prefix.cache,
        turn_id=f"{desk.call.number}/{number}",
        server_tools=served,
    )
