"""Makes a conversation shorter: old tool results become a line each; the transcript keeps them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.messages import Media, Message, Text, ToolResult, ToolUse
from hocket_plugins.backends.agent_loop import weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hocket_plugins.backends.agent_loop.conversation import Conversation

KEPT_RESULTS = 5
MOST_KEPT = 0.5
"""Of the window: where the last results are larger than that, fewer of them stay."""
AT_ONCE = 0.25
"""Clearing frees at least this share of the window: every edit breaks the kept prefix."""
CLEARED = "[left out: "
SHOWN_INPUT = 200

Place = tuple[int, int]


def clear(conversation: Conversation, window: int, *, force: bool = False) -> int:
    """Clear the oldest results and give the freed bytes; 0 when it would not free enough.

    With `force` anything that can be cleared is.
    """
    found = [*_results(conversation.messages)]
    most = window * MOST_KEPT * conversation.bytes_per_token
    old = found[: len(found) - _kept([result for _, result in found], most)]
    aim = window * AT_ONCE * conversation.bytes_per_token
    chosen: dict[Place, ToolResult] = {}
    freed = 0
    for place, result in old:
        if _is_cleared(result) or (freed >= aim and not force):
            continue
        short = shortened(result, uses_of(conversation.messages).get(result.use_id))
        gain = weights.of_block(result) - weights.of_block(short)
        if gain > 0:
            chosen[place] = short
            freed += gain
    if not chosen or (freed < aim and not force):
        return 0
    _replace(conversation, chosen, added=sum(map(weights.of_block, chosen.values())))
    return freed


def shorten_last(conversation: Conversation) -> int:
    """Make the results shorter that were not sent yet, so that a last turn can be paid for."""
    uses = uses_of(conversation.messages)
    last = len(conversation.messages) - 1
    chosen = {
        place: shortened(result, uses.get(result.use_id))
        for place, result in _results(conversation.messages)
        if place[0] == last and not _is_cleared(result)
    }
    if chosen:
        _replace(conversation, chosen, added=0)
    return len(chosen)


def shortened(result: ToolResult, use: ToolUse | None) -> ToolResult:
    """Put a line in the place of a result: tool, input, size, digest."""
    text = "".join(part.text for part in result.content if isinstance(part, Text))
    media = [part.digest for part in result.content if isinstance(part, Media)]
    digest = sha256("".join([text, *media]).encode("utf-8", "replace")).hexdigest()[:12]
    asked = f"{use.name} {use.raw[:SHOWN_INPUT]}" if use else "a tool"
    line = f"{CLEARED}{asked}; {len(text):,} characters, {digest}]"
    return result.model_copy(update={"content": (Text(text=line),)})


def uses_of(messages: Sequence[Message]) -> dict[str, ToolUse]:
    """Give every tool use by its id."""
    return {
        block.id: block
        for message in messages
        for block in message.blocks
        if isinstance(block, ToolUse)
    }


def _results(messages: Iterable[Message]) -> Iterator[tuple[Place, ToolResult]]:
    for number, message in enumerate(messages):
        for at, block in enumerate(message.blocks):
            if isinstance(block, ToolResult):
                yield (number, at), block


def _kept(results: Sequence[ToolResult], most: float) -> int:
    """Say how many of the last results stay: always one, and at most five."""
    weight = 0
    for count, result in enumerate(reversed(results[-KEPT_RESULTS:])):
        weight += weights.of_block(result)
        if count and weight > most:
            return count
    return min(len(results), KEPT_RESULTS)


def _is_cleared(result: ToolResult) -> bool:
    first = result.content[0] if result.content else None
    return isinstance(first, Text) and first.text.startswith(CLEARED)


def _replace(conversation: Conversation, chosen: dict[Place, ToolResult], *, added: int) -> None:
    messages = [
        Message(
            role=message.role,
            blocks=tuple(chosen.get((n, at), block) for at, block in enumerate(message.blocks)),
        )
        for n, message in enumerate(conversation.messages)
    ]
    conversation.replace(messages, added)
