"""The middle of a conversation, to be summed up by the model that led it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.messages import Message, Text, ToolResult, ToolUse
from hocket_plugins.backends.agent_loop import nudges, weights
from hocket_plugins.backends.agent_loop.frame import indented

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket_plugins.backends.agent_loop.conversation import Conversation

KEPT_TURNS = 3
MOST_SUMMARIES = 2
SUMMARY_TOKENS = 4_000
LONGEST_PART = 2_000
"""Characters of one text, input or result that the summary is made from."""
SHARE = 1.5
"""Bytes per token of the window that may be summed up at once: at most about half of it."""


def middle(messages: Sequence[Message]) -> tuple[Sequence[Message], Sequence[Message]]:
    """Part what lies between the first message and the last turns, and those turns."""
    replies = [n for n, message in enumerate(messages) if message.role == "assistant"]
    if len(replies) <= KEPT_TURNS:
        return (), messages[1:]
    at = replies[-KEPT_TURNS]
    return messages[1:at], messages[at:]


def question(messages: Sequence[Message], window: int) -> Message:
    """Ask for the summary of some messages; what does not fit is left out at the front."""
    lines = "\n".join(_lines(messages))
    text = indented(lines[-int(window * SHARE) :])
    return Message(role="user", blocks=(Text(text=f"{nudges.SUMMARISE}\n\n{text}"),))


def put(conversation: Conversation, summary: str, written: Sequence[str]) -> int:
    """Put a summary in the place of the middle; gives the bytes that are saved."""
    left_out, kept = middle(conversation.messages)
    files = "\nFiles written so far: " + ", ".join(dict.fromkeys(written)) if written else ""
    news = (
        Message(role="assistant", blocks=(Text(text=f"Summary of my work so far:\n{summary}"),)),
        Message(role="user", blocks=(Text(text=f"{nudges.SHORTENED}{files}"),)),
    )
    added = sum(weights.of_message(message) for message in news)
    conversation.replace([conversation.messages[0], *news, *kept], added)
    return sum(weights.of_message(message) for message in left_out) - added


def _lines(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        for block in message.blocks:
            match block:
                case Text():
                    yield f"{message.role}: {_cut(block.text)}"
                case ToolUse():
                    yield f"tool {block.name} {_cut(block.raw)}"
                case ToolResult():
                    texts = [part.text for part in block.content if isinstance(part, Text)]
                    yield f"result: {_cut(''.join(texts))}"
                case _:
                    pass


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]} […]"
