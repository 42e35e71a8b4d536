"""From a reply and a request to the turn that is sent: filled in, cut to the limits, stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from hocket.testing.standin import tokens
from hocket.testing.standin.directives import filler
from hocket.testing.standin.forms import written
from hocket.testing.standin.instances import instance
from hocket.testing.standin.replies import Answered, Raw, Said, Thought, Used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.asked import Asked
    from hocket.testing.standin.replies import Block, Reply

ANSWER_TOOL = "answer"
Part: TypeAlias = "Said | Thought | Used | Raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the model said, why it stopped, and what that cost."""

    parts: tuple[Part, ...]
    stop: str
    """In the words of the Messages wire."""
    stop_sequence: str | None = None
    output: int = 1
    thinking: int = 0
    """A part of the output."""


def compose(asked: Asked, reply: Reply) -> Turn:
    """Make the turn: what was told, within what the request allows."""
    parts = _chosen(_filled(asked, reply), asked)
    turn = Turn(parts=tuple(parts), stop=_stop(parts))
    for sequence in asked.stop_sequences:
        turn = _stopped(turn, sequence)
    if asked.max_tokens is not None:
        turn = _limited(turn, asked.max_tokens)
    if reply.stop:
        turn = _told(turn, reply.stop, asked)
    thinking = sum(_cost(part) for part in turn.parts if isinstance(part, Thought))
    output = sum(_cost(part) for part in turn.parts)
    return replace(turn, output=max(1, output), thinking=thinking)


def _filled(asked: Asked, reply: Reply) -> list[Part]:
    """Put something into the places where nothing was told."""
    parts = [_resolved(block, asked) for block in reply.blocks]
    if all(isinstance(part, Thought) for part in parts):
        parts.append(_default(asked, reply.size))
    return parts


def _resolved(block: Block, asked: Asked) -> Part:
    if isinstance(block, Used) and not block.raw:
        return replace(block, raw=_smallest(asked, block.name))
    if not isinstance(block, Answered):
        return block
    text = block.value if isinstance(block.value, str) else written(block.value)
    tool = asked.choice.removeprefix("=") if asked.choice.startswith("=") else ANSWER_TOOL
    return Used(tool, text) if tool in asked.tools and asked.choice != "none" else Said(text)


def _default(asked: Asked, size: int) -> Part:
    if asked.schema is not None:
        return Said(written(instance(asked.schema)))
    return Said(f"[{asked.id}] {filler(size)}"[:size])


def _smallest(asked: Asked, name: str) -> str:
    schema: JsonObject = asked.tools.get(name) or {}
    return written(instance(schema)) if schema else "{}"


def _chosen(parts: list[Part], asked: Asked) -> list[Part]:
    """Obey what the request says about thinking and tools."""
    if not asked.thinks:
        parts = [part for part in parts if not isinstance(part, Thought)]
    if asked.choice == "none":
        return [part for part in parts if not isinstance(part, Used)] or [Said(filler(20))]
    forced = asked.choice != "auto" and asked.tools
    if forced and not any(isinstance(part, Used) for part in parts):
        name = asked.choice.removeprefix("=") if asked.choice != "any" else next(iter(asked.tools))
        return [Used(name, _smallest(asked, name))]
    return parts


def _stop(parts: Sequence[Part]) -> str:
    return "tool_use" if any(isinstance(part, Used) for part in parts) else "end_turn"


def _stopped(turn: Turn, sequence: str) -> Turn:
    """End at the first place of a stop sequence, which itself is not sent."""
    for place, part in enumerate(turn.parts):
        if isinstance(part, Said) and sequence in part.text:
            said = Said(part.text.partition(sequence)[0])
            kept = (*turn.parts[:place], *([said] if said.text else []))
            return replace(turn, parts=kept, stop="stop_sequence", stop_sequence=sequence)
    return turn


def _limited(turn: Turn, limit: int) -> Turn:
    """End in the middle of the part that would go over `max_tokens`."""
    left = limit
    for place, part in enumerate(turn.parts):
        cost = _cost(part)
        if cost > left:
            kept = (*turn.parts[:place], *_beginning(part, left))
            return replace(turn, parts=kept, stop="max_tokens", stop_sequence=None)
        left -= cost
    return turn


def _told(turn: Turn, stop: str, asked: Asked) -> Turn:
    """Stop as ordered, with what belongs to such a stop."""
    parts = turn.parts
    last = parts[-1] if parts else None
    if stop in {"max_tokens", "model_context_window_exceeded"} and isinstance(last, Used):
        parts = (*parts[:-1], replace(last, raw=last.raw[: len(last.raw) // 2]))
    elif stop in _SERVER_SIDE:
        parts = (*parts, Raw(_SERVER_SIDE[stop])) if stop == "pause_turn" else (Raw(COMPACTION),)
    sequence = next(iter(asked.stop_sequences), "STOP") if stop == "stop_sequence" else None
    return replace(turn, parts=parts, stop=stop, stop_sequence=sequence)


COMPACTION: JsonObject = {"type": "compaction", "content": "What was said so far, in short."}
_SEARCH: JsonObject = {
    "type": "server_tool_use",
    "id": "srvtoolu_standin",
    "name": "web_search",
    "input": {"query": "what the stand-in looks for"},
}
_SERVER_SIDE = {"pause_turn": _SEARCH, "compaction": COMPACTION}


def _cost(part: Part) -> int:
    if isinstance(part, Used):
        return max(1, tokens.count(part.name) + tokens.count(part.raw))
    if isinstance(part, Raw):
        return tokens.of_block(part.block)
    return max(1, tokens.count(part.text))


def _beginning(part: Part, left: int) -> tuple[Part, ...]:
    """Keep what so many tokens pay for; a thought is kept whole or not at all."""
    if isinstance(part, Used):
        left -= tokens.count(part.name)
    if left <= 0 or isinstance(part, Thought | Raw):
        return ()
    text = part.raw if isinstance(part, Used) else part.text
    size = left * tokens.BYTES
    kept = text.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore")
    return (replace(part, raw=kept) if isinstance(part, Used) else Said(kept),)
