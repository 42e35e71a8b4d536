"""Questions that only a person may decide: asked once, answered by whoever is there first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.events import Answered, Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.approval import Approver, Question
    from hocket.api.events import Event


class Questions:
    """The open questions of a run; nobody there to answer means None at once."""

    def __init__(self, approver: Approver | None, tell: Callable[[Event], None]) -> None:
        self._approver = approver
        self._tell = tell
        self._open: dict[str, asyncio.Future[str | None]] = {}
        self._known: dict[str, str] = {}

    def remember(self, answers: dict[str, str]) -> None:
        """Take over what people answered in earlier lives of the run, by digest."""
        self._known.update(answers)

    async def ask(self, question: Question) -> str | None:
        """Ask a person; the answer is one of the options, or None when nobody can answer."""
        if question.digest in self._known:
            return self._known[question.digest]
        if self._approver is None:
            self._tell(Answered(question.digest, None))
            return None
        self._tell(Asked(question.digest, question.text, question.options))
        answer = await self._first(self._approver, question)
        self._tell(Answered(question.digest, answer))
        return answer

    def answer(self, digest: str, answer: str) -> bool:
        """Answer from outside (the control channel); False when nothing such is open."""
        waiting = self._open.get(digest)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(answer)
        return True

    async def _first(self, approver: Approver, question: Question) -> str | None:
        outside = asyncio.get_running_loop().create_future()
        self._open[question.digest] = outside
        try:
            async with asyncio.TaskGroup() as group:
                asked = group.create_task(approver.answer(question))
                await asyncio.wait({asked, outside}, return_when=asyncio.FIRST_COMPLETED)
                if not asked.done():
                    asked.cancel()
                    return str(outside.result())
            return asked.result()
        finally:
            del self._open[question.digest]
