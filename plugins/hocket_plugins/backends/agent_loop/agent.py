"""One agent at one call: turn after turn, until an answer is taken or something ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.messages import Foreign, Message, Stop, Text, ToolUse
from hocket.api.protocols import TurnGivenUp
from hocket.api.tools import Label
from hocket_plugins.backends.agent_loop import asking, nudges
from hocket_plugins.backends.agent_loop.conversation import Conversation, counted, text_of
from hocket_plugins.backends.agent_loop.course import Course
from hocket_plugins.backends.agent_loop.ends import End, failed
from hocket_plugins.backends.agent_loop.fitness import Fitness
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

CONTINUES = 2


class Agent:
    """The life of one call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        context = desk.context
        self._transcript = Transcript(context)
        self._purse = Purse(context, desk.chosen, desk.limits, desk.given)
        self._purse.serves, self._purse.half = bool(desk.tools.served), desk.later is not None
        self._recall = desk.recall
        self._sender = Sender(context, desk.chosen, self._purse, self._transcript)
        self._sender.stall_s = desk.limits.stall_s
        self._sender.later, self._sender.batch = desk.later, desk.recall.batch
        label = _first_label(desk.call)
        self._conversation = Conversation(desk.first, desk.prefix.weight, label)
        context.reads(label)
        self._hands = Hands(context, desk.tools, self._transcript, desk.section.parallel)
        self._offers = Offers(context, desk.prefix.answer, self._transcript)
        self._room = Room(desk.chosen, self._sender, self._purse, self._transcript)
        self._course = Course(desk.limits, self._purse, self._conversation, self._transcript)
        self._fitness = Fitness(desk, self._course)
        self._sender.check = self._fitness.check
        self._full = False
        self._pieces: list[str] = []
        self._text = ""
        self._notes = {*desk.notes.tell(desk.chosen.capabilities.notes, context)}

    @property
    def label(self) -> Label:
        """Where all comes from that it has read."""
        return self._conversation.label

    def rest(self) -> None:
        """Let go of the money for further turns while another agent works for it."""
        self._purse.rest(self._conversation.bound)

    async def live(self) -> Outcome:
        """Live to the end of the call; raises Unfit before anything was said."""
        self._begin()
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

    def _begin(self) -> None:
        """Write down how the call begins, or that it goes on where an earlier life was cut off."""
        desk = self._desk
        if self._recall.goes_on or self._recall.batch:
            self._transcript.goes_on(self._recall.turns)
            self._transcript.muted = self._recall.goes_on
            return
        self._transcript.call(desk)
        self._transcript.message(self._conversation.messages[0])

    async def _turn(self) -> Turn:
        """Take the next turn, on a shorter conversation if it does not fit."""
        step = self._recall.next()
        if step is not None:
            self._course.again(step.asked)
            self._purse.recall(step.turn.usage)
            return step.turn
        while True:
            stake = self._course.next(again=self._full)
            said, insists = self._conversation.messages, self._offers.insists
            request = asking.request(self._desk, said, stake, self._course.number, insists=insists)
            self._transcript.turn(request, self._desk.prefix)
            try:
                turn = await self._sender.take(request, self._desk.prefix.digest, stake)
            except TurnGivenUp as given:
                self._fitness.heed(given.cause)
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

    async def _judge(self, turn: Turn) -> None:
        """Do what the end of a turn asks for; raises End when the call is over."""
        message = turn.message
        text = text_of(message.blocks)
        uses = [block for block in message.blocks if isinstance(block, ToolUse)]
        self._text = "".join([*self._pieces, text]) if text.strip() else self._text
        self._transcript.message(message, turn.usage, turn.stop)
        self._transcript.muted = self._recall.goes_on
        self._note(turn)
        if turn.stop is Stop.REFUSAL:
            raise failed("model_refusal")
        cut_off = turn.stop is Stop.MAX_TOKENS and (uses or not text.strip())
        if cut_off and not self._course.is_closing:
            self._course.cut_off()
            return
        self._conversation.reply(message, turn.usage)
        if any(isinstance(block, Foreign) for block in message.blocks):
            # What a service's own tool found is as foreign as what ours would have.
            self._read(Label(outside=True, sources=frozenset({"service"})))
        self._course.went_well()
        await self._go_on(turn.stop, text, uses)
        await self._keep_short(counted(turn.usage))

    def _note(self, turn: Turn) -> None:
        """Tell a person what a turn showed for the first time in the run."""
        desk = self._desk
        if turn.notes:
            self._notes.update(desk.notes.tell(turn.notes, desk.context))
        if self._course.number == 1 and self._recall.current is None and desk.prefix.digest:
            told = desk.notes.shared(desk.prefix.digest, turn.usage, desk.context)
            self._notes.update(told)

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
        known = self._recall.results(uses)
        if known is None:
            results = {one.use_id: one for one in await self._hands.work(others, self.label)}
        else:
            results = self._hands.again(others, known)
        results.update(await self._offers.uses(answers))
        in_order = [results[use.id] for use in uses]
        self._read(joined(in_order, self.label))
        self._conversation.say(*in_order)
        if known is None:
            self._transcript.message(Message(role="user", blocks=tuple(in_order)))

    def _read(self, label: Label) -> None:
        """Join where words come from that it has read, and let the engine know at once."""
        self._conversation.label |= label
        self._desk.context.reads(label)

    def _say(self, words: str) -> None:
        self._conversation.say(Text(text=words))
        self._transcript.nudge(words)

    async def _keep_short(self, tokens: int) -> None:
        window, step = self._desk.chosen.capabilities.window, self._recall.current
        if step is not None and (step.shortened or self._recall.goes_on):
            self._room.again(self._conversation, step.shortened, self._hands.written)
        elif tokens > window * self._desk.section.compact_at:
            await self._room.tidy(self._conversation, self._hands.written)

    def _finished(self, outcome: Outcome) -> Outcome:
        outcome = replace(outcome, label=self.label)
        if outcome.state is EndState.OK:
            return replace(outcome, notes=tuple(sorted(self._notes)))
        partial = outcome.partial or self._offers.object or self._text or self._sender.partial
        notes = tuple(sorted(self._notes - {"long"}))
        return replace(outcome, partial=partial or None, notes=notes)


def _first_label(call: Call) -> Label:
    inputs = {one.path for one in call.options.inputs if one.untrusted}
    if call.options.untrusted:
        inputs.add("prompt")
    return Label(outside=bool(inputs), sources=frozenset(inputs))
