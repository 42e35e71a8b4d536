"""One agent at one call: turn after turn, until an answer is taken or something ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.messages import Foreign, Stop, Text, ToolUse, TurnRequest
from hocket.api.protocols import TurnGivenUp
from hocket.api.tools import Label
from hocket_plugins.backends.agent_loop import nudges
from hocket_plugins.backends.agent_loop.answer import ANSWER
from hocket_plugins.backends.agent_loop.conversation import Conversation, counted, text_of
from hocket_plugins.backends.agent_loop.course import Course
from hocket_plugins.backends.agent_loop.ends import End, Unfit, failed
from hocket_plugins.backends.agent_loop.hands import Hands, joined
from hocket_plugins.backends.agent_loop.offers import Offers
from hocket_plugins.backends.agent_loop.purse import Purse
from hocket_plugins.backends.agent_loop.room import Room
from hocket_plugins.backends.agent_loop.transcript import Transcript
from hocket_plugins.backends.agent_loop.turns import Sender

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.messages import Turn
    from hocket_plugins.backends.agent_loop.desk import Desk
    from hocket_plugins.backends.agent_loop.purse import Stake

CONTINUES = 2
UNFIT = frozenset({"bad_request: no_grammar", "bad_request: no_tools"})
"""How a provider says that it has learned what a model cannot take."""


class Agent:
    """The life of one call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        context = desk.context
        self._transcript = Transcript(context)
        self._purse = Purse(context, desk.chosen, desk.limits, desk.given)
        self._sender = Sender(context, desk.chosen, self._purse, self._transcript)
        self._sender.stall_s = desk.limits.stall_s
        self._sender.check = self._check
        label = _first_label(desk.call)
        self._conversation = Conversation(desk.first, desk.prefix.weight, label)
        self._hands = Hands(context, desk.tools, self._transcript, desk.section.parallel)
        self._offers = Offers(context, desk.prefix.answer, self._transcript)
        self._room = Room(desk.chosen, self._sender, self._purse, self._transcript)
        self._course = Course(desk.limits, self._purse, self._conversation, self._transcript)
        self._full = False
        self._pieces: list[str] = []
        self._text = ""
        self._notes: set[str] = set()

    @property
    def label(self) -> Label:
        """Where all comes from that it has read."""
        return self._conversation.label

    async def live(self) -> Outcome:
        """Live to the end of the call; raises Unfit before anything was said."""
        desk = self._desk
        self._transcript.call(desk.call, desk.chosen, desk.prefix)
        self._transcript.message(self._conversation.messages[0])
        try:
            while True:
                await self._judge(await self._turn())
        except End as end:
            outcome = end.outcome
        except TurnGivenUp as given:
            outcome = Outcome(given.state, cause=given.cause)
        outcome = self._finished(outcome)
        self._transcript.over(outcome)
        return outcome

    async def _turn(self) -> Turn:
        """Take the next turn, on a shorter conversation if it does not fit."""
        while True:
            stake = self._course.next(again=self._full)
            request = self._request(stake)
            self._transcript.turn(request, self._desk.prefix)
            try:
                turn = await self._sender.take(request, self._desk.prefix.digest, stake)
            except TurnGivenUp as given:
                self._unless_unfit(given.cause)
                if given.cause.partition(":")[0] != "context_full":
                    raise
            else:
                turn = turn.model_copy(update={"usage": self._purse.book(turn.usage, stake)})
                if turn.stop is not Stop.CONTEXT_FULL:
                    self._full = False
                    return turn
            if self._full:
                raise failed("context_full")
            self._full = True
            await self._room.make(self._conversation, self._hands.written)

    def _check(self) -> None:
        """Begin anew if a sibling found out meanwhile that the model cannot be asked like this."""
        if self._course.number == 1 and not self._desk.is_current():
            raise Unfit

    def _unless_unfit(self, cause: str) -> None:
        if self._course.number == 1 and cause in UNFIT:
            self._desk.forget()
            raise Unfit

    def _request(self, stake: Stake) -> TurnRequest:
        desk, prefix = self._desk, self._desk.prefix
        forced = prefix.tools[-1:] and prefix.tools[-1].name == ANSWER
        forced = forced and (stake.closing or self._offers.insists)
        return TurnRequest(
            model=desk.chosen.model,
            system=prefix.system,
            tools=prefix.tools,
            messages=tuple(self._conversation.messages),
            max_tokens=stake.output,
            effort=desk.call.options.effort or desk.section.effort,
            thinking=not forced,
            answer=prefix.answer,
            tool_choice=ANSWER if forced else "none" if stake.closing and prefix.tools else None,
            cache=prefix.cache,
            turn_id=f"{desk.call.number}/{self._course.number}",
        )

    async def _judge(self, turn: Turn) -> None:
        """Do what the end of a turn asks for; raises End when the call is over."""
        message = turn.message
        text = text_of(message.blocks)
        uses = [block for block in message.blocks if isinstance(block, ToolUse)]
        self._text = "".join([*self._pieces, text]) if text.strip() else self._text
        self._transcript.message(message, turn.usage, turn.stop)
        if turn.stop is Stop.REFUSAL:
            raise failed("model_refusal")
        cut_off = turn.stop is Stop.MAX_TOKENS and (uses or not text.strip())
        if cut_off and not self._course.is_closing:
            self._course.cut_off()
            return
        self._conversation.reply(message, turn.usage)
        if any(isinstance(block, Foreign) for block in message.blocks):
            # What a service's own tool found is as foreign as what ours would have.
            self._conversation.label |= Label(outside=True, sources=frozenset({"service"}))
        self._course.went_well()
        await self._go_on(turn.stop, text, uses)
        await self._keep_short(counted(turn.usage))

    async def _go_on(self, stop: Stop, text: str, uses: list[ToolUse]) -> None:
        if self._course.is_closing:
            await self._offers.last("".join([*self._pieces, text]), uses)
            raise self._course.over()
        if stop is Stop.MAX_TOKENS and len(self._pieces) < CONTINUES:
            self._pieces.append(text)
            self._notes.add("long")
            self._say(nudges.GO_ON)
        elif uses:
            self._pieces.clear()
            await self._work(uses)
        elif stop not in {Stop.PAUSE, Stop.COMPACTED}:
            whole = "".join([*self._pieces, text])
            self._pieces.clear()
            self._say(await self._offers.text(whole))

    async def _work(self, uses: list[ToolUse]) -> None:
        """Do what was asked for, then offer the answer if one came with it."""
        others = [use for use in uses if not self._offers.is_answer(use)]
        answers = [use for use in uses if self._offers.is_answer(use)]
        results = {one.use_id: one for one in await self._hands.work(others, self.label)}
        results.update(await self._offers.uses(answers))
        in_order = [results[use.id] for use in uses]
        self._conversation.label = joined(in_order, self.label)
        self._conversation.say(*in_order)
        self._transcript.message(self._conversation.messages[-1])

    def _say(self, words: str) -> None:
        self._conversation.say(Text(text=words))
        self._transcript.nudge(words)

    async def _keep_short(self, tokens: int) -> None:
        window = self._desk.chosen.capabilities.window
        if tokens > window * self._desk.section.compact_at:
            await self._room.tidy(self._conversation, self._hands.written)

    def _finished(self, outcome: Outcome) -> Outcome:
        if outcome.state is EndState.OK:
            notes = {*self._notes, *({"outside"} if self.label.outside else ())}
            return replace(outcome, notes=tuple(sorted(notes)))
        partial = outcome.partial or self._offers.object or self._text or self._sender.partial
        return replace(outcome, partial=partial or None)


def _first_label(call: Call) -> Label:
    inputs = {one.path for one in call.options.inputs if one.untrusted}
    if call.options.untrusted:
        inputs.add("prompt")
    return Label(outside=bool(inputs), sources=frozenset(inputs))
