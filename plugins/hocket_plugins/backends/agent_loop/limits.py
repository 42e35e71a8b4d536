"""How far one call may go: by configuration, by its agent type, by its own options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import Call
    from hocket.api.messages import Capabilities
    from hocket.api.tools import AgentType
    from hocket_plugins.backends.agent_loop.section import AgentLoopSection


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one call."""

    turns: int
    turn_tokens: int
    """Output tokens of one turn."""
    most_turn_tokens: int
    """What the model can give at all."""
    call_tokens: int | None
    """Output tokens of the whole call, as the script set them."""
    closing_tokens: int
    """Output tokens held back for a last turn; 0 where there is never another turn."""
    stall_s: float


def limits(
    call: Call,
    section: AgentLoopSection,
    kind: AgentType | None,
    capabilities: Capabilities | None,
    *,
    single: bool,
) -> Limits:
    """Join all that limits a call; without capabilities the model's own limit is not known yet.

    `single` says that the call has neither tools nor a schema: it is one turn as a rule.
    """
    settings: Mapping[str, object] = {} if kind is None else kind.settings
    most = section.max_tokens if capabilities is None else capabilities.max_output
    tokens = min(_whole(settings.get("max_tokens"), section.max_tokens), most)
    whole = call.options.max_tokens
    closing = 0 if single else min(section.closing_tokens, tokens)
    if whole is not None:
        closing = min(closing, whole // 2)
        tokens = min(tokens, whole - closing)
    return Limits(
        turns=_whole(settings.get("max_turns"), section.max_turns),
        turn_tokens=tokens,
        most_turn_tokens=most,
        call_tokens=whole,
        closing_tokens=closing,
        stall_s=call.options.stall_s,
    )


def _whole(value: object, default: int) -> int:
    usable = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if usable and isinstance(value, int) else default
