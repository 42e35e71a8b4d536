"""What was said between the script and one agent, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.messages import Message, Text
from hocket.api.tools import TRUSTED
from hocket_plugins.backends.agent_loop import weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.api.calls import Usage
    from hocket.api.messages import Block
    from hocket.api.tools import Label


class Conversation:
    """The messages of a call as they are sent next; the transcript keeps the originals."""

    def __init__(self, first: str, prefix_weight: int, label: Label = TRUSTED) -> None:
        self.messages: list[Message] = [Message(role="user", blocks=(Text(text=first),))]
        self.label = label
        """Where any of it comes from; nothing takes it back, a summary neither."""
        self._prefix = prefix_weight
        self._weight = weights.of_message(self.messages[0])
        self._counted: int | None = None
        """What of it the provider has counted, in tokens."""
        self._new = 0
        """The weight of what was not counted: said since, or put in the place of something."""

    @property
    def bound(self) -> int:
        """The most input tokens it can be: what was counted, and a token for each byte since."""
        whole = self._prefix + self._weight
        return whole if self._counted is None else min(whole, self._counted + self._new)

    @property
    def bytes_per_token(self) -> float:
        """What a token of it weighs, as far as the provider has counted."""
        known = max(1, self._prefix + self._weight - self._new)
        return known / max(1, self._counted or known)

    def reply(self, message: Message, usage: Usage) -> None:
        """Add what the model said, and what the provider counted up to there."""
        self._counted = counted(usage)
        self._new = 0
        if message.blocks:
            self.messages.append(message)
            self._weight += weights.of_message(message)

    def say(self, *blocks: Block) -> None:
        """Add something on the user's side; what was not sent yet is one message."""
        added = sum(weights.of_block(block) for block in blocks)
        self._weight += added
        self._new += added
        last = self.messages[-1]
        if last.role == "user":
            self.messages[-1] = Message(role="user", blocks=(*last.blocks, *blocks))
        else:
            self.messages.append(Message(role="user", blocks=blocks))

    def replace(self, messages: Sequence[Message], added: int) -> None:
        """Put a shorter conversation in the place of this one; `added` is the weight of new text.

        Leaving something out makes no tokens, so the old count still bounds what it counted.
        """
        unsent = self._unsent()
        self.messages = [*messages]
        self._weight = sum(weights.of_message(message) for message in messages)
        self._new += added + self._unsent() - unsent

    def _unsent(self) -> int:
        last = self.messages[-1]
        return weights.of_message(last) if last.role == "user" else 0


def counted(usage: Usage) -> int:
    """Add up all that a turn took and gave: the next turn takes it all."""
    written = usage.cache_write + usage.cache_write_1h
    return usage.input + usage.cache_read + written + usage.output


def text_of(blocks: Iterable[Block]) -> str:
    """Join the texts of a message."""
    return "".join(block.text for block in blocks if isinstance(block, Text))
