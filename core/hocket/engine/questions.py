"""Questions that only a person may decide: asked once, answered by whoever is there first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from hocket.api.events import Answered, Asked, Logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.approval import Approver, Question
    from hocket.api.events import Event


class _Open(NamedTuple):
    """A question that waits, and its answer once somebody gave one."""

    question: Question
    answer: asyncio.Future[str | None]


class Questions:
    """The open questions of a run; nobody there to answer means None at once."""

    def __init__(
        self,
        approver: Approver | None,
        tell: Callable[[Event], None],
        keep: Callable[[Question, str], None],
    ) -> None:
        self._approver = approver
        self._tell = tell
        self._keep = keep
        self._open: dict[str, _Open] = {}
        self._known: dict[str, str] = {}

    def remember(self, answers: dict[str, str]) -> None:
        """Take over what people answered in earlier lives of the run, by digest."""
        self._known.update(answers)

    @property
    def attended(self) -> bool:
        """Whether anybody could answer."""
        return self._approver is not None

    @property
    def open(self) -> list[Question]:
        """Every question that waits for a person, in the order of asking."""
        return [waiting.question for waiting in self._open.values()]

    def known(self, digest: str) -> str | None:
        """Give what a person has answered already, in this life or an earlier one."""
        return self._known.get(digest)

    def keep(self, question: Question, answer: str) -> None:
        """Write a decision down, so that neither this life nor a later one asks again."""
        self._known[question.digest] = answer
        self._keep(question, answer)

    async def ask(self, question: Question) -> str | None:
        """Ask a person; the answer is one of the options, or None when nobody can answer.

        Who asks the same while it is open waits for the same answer.
        """
        while waiting := self._open.get(question.digest):
            await asyncio.wait({waiting.answer})
            if not waiting.answer.cancelled():
                return waiting.answer.result()
        if (known := self.known(question.digest)) is not None:
            return known
        if self._approver is None:
            self._tell(Answered(question.digest, None))
            return None
        return await self._asked(self._approver, question)

    def answer(self, digest: str, answer: str) -> bool:
        """Answer from outside (the control channel); False when nothing such is open."""
        waiting = self._open.get(digest)
        if waiting is None or waiting.answer.done() or not _fits(answer, waiting.question):
            return False
        waiting.answer.set_result(answer)
        return True

    async def _asked(self, approver: Approver, question: Question) -> str | None:
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._open[question.digest] = _Open(question, answer)
        self._tell(Asked(question.digest, question.text, question.options))
        try:
            async with asyncio.TaskGroup() as group:
                asked = group.create_task(self._from(approver, question))
                await asyncio.wait({asked, answer}, return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
            if not answer.done():
                answer.set_result(asked.result())
        finally:
            del self._open[question.digest]
            answer.cancel()
        self._tell(Answered(question.digest, answer.result()))
        return self._kept(question, answer.result())

    def _kept(self, question: Question, answer: str | None) -> str | None:
        """Keep a decision; the script's own `ask()` commits its answers itself."""
        if answer is not None and question.kind != "ask":
            self.keep(question, answer)
        return answer

    async def _from(self, approver: Approver, question: Question) -> str | None:
        """Ask an approver; one that breaks, or says what was no option, has not answered."""
        try:
            said = await approver.answer(question)
        except Exception as bug:  # noqa: BLE001  (one approver's bug must not end the run)
            self._tell(Logged(f"the approver raised {type(bug).__name__}: refused", "warn"))
            return None
        if said is None or _fits(said, question):
            return said
        self._tell(Logged("the approver gave an answer that was no option: refused", "warn"))
        return None


def _fits(answer: str, question: Question) -> bool:
    return not question.options or answer in question.options
