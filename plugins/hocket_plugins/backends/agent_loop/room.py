"""Makes room in a conversation: by clearing old results, then by a summary of its middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.messages import TurnRequest
from hocket_plugins.backends.agent_loop import compact, summary, weights
from hocket_plugins.backends.agent_loop.conversation import text_of
from hocket_plugins.backends.agent_loop.ends import ended, failed
from hocket_plugins.backends.agent_loop.purse import Stake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.messages import Message
    from hocket_plugins.backends.agent_loop.conversation import Conversation
    from hocket_plugins.backends.agent_loop.purse import Purse
    from hocket_plugins.backends.agent_loop.recall import Shortening
    from hocket_plugins.backends.agent_loop.routing import Chosen
    from hocket_plugins.backends.agent_loop.transcript import Transcript
    from hocket_plugins.backends.agent_loop.turns import Sender


class Room:
    """The compactions of one call."""

    def __init__(
        self, chosen: Chosen, sender: Sender, purse: Purse, transcript: Transcript
    ) -> None:
        self._chosen = chosen
        self._window = chosen.capabilities.window
        self._sender = sender
        self._purse = purse
        self._transcript = transcript
        self._summaries = 0

    async def tidy(self, conversation: Conversation, written: Sequence[str]) -> None:
        """Shorten a conversation that grows near the window, if that frees enough."""
        if not self._clear(conversation, forced=False):
            await self._sum_up(conversation, written)

    async def make(self, conversation: Conversation, written: Sequence[str]) -> None:
        """Shorten a conversation that did not fit; raises End when nothing can be left out."""
        freed = self._clear(conversation, forced=True)
        enough = self._window * compact.AT_ONCE * conversation.bytes_per_token
        if freed < enough and not await self._sum_up(conversation, written) and not freed:
            raise failed("context_full")

    def again(
        self,
        conversation: Conversation,
        shortened: Sequence[Shortening],
        written: Sequence[str],
    ) -> None:
        """Shorten it as an earlier life did; its summaries are not asked for again."""
        for one in shortened:
            if one.how == "summary":
                self._summaries += 1
                summary.put(conversation, one.text, written)
            else:
                compact.clear(conversation, self._window, force=one.forced)

    def _clear(self, conversation: Conversation, *, forced: bool) -> int:
        freed = compact.clear(conversation, self._window, force=forced)
        if freed:
            self._transcript.compaction("cleared", freed, forced=forced)
        return freed

    async def _sum_up(self, conversation: Conversation, written: Sequence[str]) -> bool:
        """Let the model sum up the middle; False when there is none, or no summary left."""
        left_out, _ = summary.middle(conversation.messages)
        if not left_out or self._summaries >= summary.MOST_SUMMARIES:
            return False
        self._summaries += 1
        text = await self._asked(summary.question(left_out, self._window))
        if not text.strip():
            return False
        freed = summary.put(conversation, text, written)
        self._transcript.compaction("summary", freed, text)
        return True

    async def _asked(self, question: Message) -> str:
        tokens = self._purse.turn_tokens(summary.SUMMARY_TOKENS)
        stake = Stake(weights.of_message(question), tokens)
        if not tokens or not self._purse.reserve(stake):
            raise ended(EndState.OVER_BUDGET, self._purse.limit)
        request = TurnRequest(
            model=self._chosen.model,
            messages=(question,),
            max_tokens=tokens,
            cache=None,
            turn_id="summary",
        )
        turn = await self._sender.take(request, "", stake)
        self._purse.book(turn.usage, stake)
        return text_of(turn.message.blocks)
