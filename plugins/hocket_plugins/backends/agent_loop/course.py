"""Which turn is next: an ordinary one, or the last, because turns or money run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.messages import Text
from hocket_plugins.backends.agent_loop import nudges
from hocket_plugins.backends.agent_loop.compact import shorten_last
from hocket_plugins.backends.agent_loop.ends import ended, failed
from hocket_plugins.backends.agent_loop.purse import Stake

if TYPE_CHECKING:
    from hocket_plugins.backends.agent_loop.conversation import Conversation
    from hocket_plugins.backends.agent_loop.ends import End
    from hocket_plugins.backends.agent_loop.limits import Limits
    from hocket_plugins.backends.agent_loop.purse import Purse
    from hocket_plugins.backends.agent_loop.transcript import Transcript


class Course:
    """Counts the turns of a call, and reserves each before it is taken."""

    def __init__(
        self, limits: Limits, purse: Purse, conversation: Conversation, transcript: Transcript
    ) -> None:
        self._limits = limits
        self._purse = purse
        self._conversation = conversation
        self._transcript = transcript
        self._tokens = limits.turn_tokens
        self._asked = 0
        self._is_doubled = False
        self._closing: EndState | None = None
        self.number = 0
        """The turn that is taken, from 1 on; sent once more it is still the same."""

    @property
    def is_closing(self) -> bool:
        """Whether the turn that is taken is the last."""
        return self._closing is not None

    def next(self, *, again: bool = False) -> Stake:
        """Reserve the next turn, or the same one `again`; raises End when there is no room."""
        self.number += not again
        if self._closing is None and self.number >= self._limits.turns:
            self._close(EndState.OVER_CAP, nudges.LAST_TURN)
        stake = None if self.is_closing else self._ordinary()
        if stake is None:
            stake = self._last()
        self._asked = stake.output
        return stake

    def again(self, asked: int) -> None:
        """Count a turn of an earlier life, which was allowed so many tokens."""
        self.number += 1
        self._asked = asked

    def cut_off(self) -> None:
        """Prepare the same turn with more room, once; raises End when there is none."""
        doubled = min(2 * self._asked, self._limits.most_turn_tokens)
        if self._is_doubled or doubled <= self._asked:
            raise failed("output_limit")
        if self._purse.turn_tokens(doubled) <= self._asked:
            raise ended(EndState.OVER_BUDGET, self._purse.limit)
        self._is_doubled, self._tokens = True, doubled
        self.number -= 1

    def went_well(self) -> None:
        """Go on with turns of the usual length."""
        self._is_doubled, self._tokens = False, self._limits.turn_tokens

    def over(self) -> End:
        """Give the end of a call whose last turn brought no answer."""
        if self._closing is EndState.OVER_CAP:
            return ended(EndState.OVER_CAP, "turns")
        return ended(EndState.OVER_BUDGET, self._purse.limit)

    def _ordinary(self) -> Stake | None:
        """Reserve a turn with the last one behind it; without room for both the last one comes."""
        purse, bound = self._purse, self._conversation.bound
        stake = Stake(bound, purse.turn_tokens(self._tokens), searches=purse.searches)
        if stake.output and self._purse.reserve(stake):
            return stake
        self._close(EndState.OVER_BUDGET, nudges.NO_BUDGET)
        return None

    def _last(self) -> Stake:
        """Reserve the last turn: a short one, and with short results, if it must be."""
        stake = self._of(self._tokens) if self._closing is EndState.OVER_CAP else None
        short = self._limits.closing_tokens or self._tokens
        stake = stake or self._of(short)
        if stake is None and shorten_last(self._conversation):
            stake = self._of(short)
        if stake is None:
            raise ended(EndState.OVER_BUDGET, self._purse.limit)
        return stake

    def _of(self, tokens: int) -> Stake | None:
        stake = Stake(self._conversation.bound, self._purse.last_tokens(tokens), closing=True)
        return stake if stake.output and self._purse.reserve(stake) else None

    def _close(self, state: EndState, words: str) -> None:
        self._closing = state
        self._conversation.say(Text(text=words))
        self._transcript.nudge(words)
