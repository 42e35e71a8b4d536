"""What a scripted agent does: a value, a row of submissions, an outcome or an instruction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, runtime_checkable

from hocket.api.calls import EndState, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call, Usage
    from hocket.api.protocols import CallContext

Offer: TypeAlias = "JsonValue | Silence"
Answer: TypeAlias = "Offer | list[Offer] | Outcome | Instruction | Callable[[Call], Answer]"


class Silence(Enum):
    """An agent that says nothing."""

    NEVER = "never"


NEVER: Final = Silence.NEVER
"""In the place of an answer: the agent ends without submitting one."""


@runtime_checkable
class Instruction(Protocol):
    """Something a scripted agent does before, or in the place of, an answer."""

    async def obey(self, call: Call, context: CallContext) -> Answer:
        """Do it, and say what comes next."""
        ...


@dataclass(frozen=True, slots=True)
class Fail:
    """End in a state other than ok."""

    state: EndState = EndState.ERROR
    cause: str = "scripted"
    partial: JsonValue = None

    async def obey(self, _call: Call, _context: CallContext) -> Answer:
        """End."""
        return Outcome(self.state, cause=self.cause, partial=self.partial)


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answer: only a timeout or a person ends the call."""

    async def obey(self, _call: Call, _context: CallContext) -> Answer:
        """Wait for nothing."""
        never: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        return await never


@dataclass(frozen=True, slots=True)
class Raise:
    """Break as a backend with a bug does."""

    exception: BaseException

    async def obey(self, _call: Call, _context: CallContext) -> Answer:
        """Raise it."""
        raise self.exception


@dataclass(frozen=True, slots=True)
class After:
    """Wait on the run's clock, then answer."""

    seconds: float
    answer: Answer

    async def obey(self, _call: Call, context: CallContext) -> Answer:
        """Wait."""
        await context.clock.sleep(self.seconds)
        return self.answer


@dataclass(frozen=True, slots=True)
class Tokens:
    """Book a finished turn, then answer; nested it makes a call of several turns."""

    usage: Usage
    answer: Answer

    async def obey(self, _call: Call, context: CallContext) -> Answer:
        """Spend."""
        context.spend(self.usage)
        return self.answer


@dataclass(frozen=True, slots=True)
class Progress:
    """Give a sign of life, then answer."""

    text: str
    answer: Answer

    async def obey(self, _call: Call, context: CallContext) -> Answer:
        """Say it."""
        context.progress(self.text)
        return self.answer


@dataclass(frozen=True, slots=True)
class Each:
    """Answer equal calls one by one, by their occurrence; the last answer stays."""

    answers: Sequence[Answer]

    async def obey(self, call: Call, _context: CallContext) -> Answer:
        """Choose."""
        return self.answers[min(call.occurrence, len(self.answers) - 1)]
