"""What a pattern hands over, and what the engine lends it for one run of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hocket.api.calls import EndState, Usage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pydantic import BaseModel, JsonValue

    from hocket.api.branches import Branch
    from hocket.api.calls import JsonObject

COUNTED = frozenset({EndState.OK, EndState.CACHED})
"""Only answers in these states are votes, scores, matches or findings."""


NOTHING = Usage()


@dataclass(slots=True)
class Spares:
    """How often a failed call may be asked again; calls of one item may share them."""

    left: int = 0

    def take(self) -> bool:
        """Take one, if there is one."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A call that a pattern wants: options as a script writes them, with `role` and `item`."""

    prompt: str
    options: Mapping[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])
    spares: Spares = field(default_factory=Spares)
    worth: float | None = None
    """What the answer adds, from 0 to 1; the least go first as a budget runs down. None: all."""
    base: str | None = None
    """The commit that its tree starts from, if it has one of its own; not part of its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a call came to; a failed call is not data and never counts for anything."""

    state: EndState
    value: JsonValue = None
    cause: str | None = None
    call: str = ""
    """The short id that `hocket runs explain` takes; empty: it was never asked."""
    usage: Usage = NOTHING
    changes: JsonObject | None = None
    failed: tuple[EndState, ...] = ()
    """How earlier tries at the same question ended, in this life of the run or another."""
    stop: str | None = None
    """`budget`, `cap` or `quota` when the run can give no more; None when only this call failed."""

    pruned: bool = False
    """Left out to keep the budget for what is worth more; others go on."""

    @property
    def ok(self) -> bool:
        """Whether it is an answer."""
        return self.state in COUNTED

    @property
    def tries(self) -> int:
        """How many calls it took."""
        return len(self.failed) + bool(self.call)


class PatternContext(Protocol):
    """What a pattern works with: calls like a script's own, under the same ledger and journal."""

    @property
    def seed(self) -> int:
        """A seed that depends on the pattern, its version and its arguments alone."""
        ...

    @property
    def args(self) -> JsonValue:
        """The arguments of the run, for `{args.x}` in templates."""
        ...

    async def attempt(self, ask: Ask) -> Reply:
        """Ask for an agent once; an end state is data. Raises TypeError for misuse alone.

        A question that failed in an earlier life of the run and was answered by a spare is
        answered by that: nothing is bought twice.
        """
        ...

    def asked(self, calls: Collection[str]) -> Mapping[str, Ask]:
        """Give what calls of this run were asked, by their ids; without those it never began."""
        ...

    async def pattern(self, name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Run another pattern by name."""
        ...

    async def screen(self, name: str, item: JsonValue) -> JsonValue:
        """Run a screen, or a command of `meta.checks`, where texts may be read.

        Gives a bounded value only: a pattern never branches on what an agent wrote.
        """
        ...

    def cut(self, text: JsonValue, spans: Sequence[tuple[int, int]]) -> JsonValue:
        """Take pieces out of a text where it may be read; what is left of a handle is a handle.

        Spans are those that a screen told; a piece of its own is left by cutting all around it.
        """
        ...

    def branch(self, base: str, name: str | None = None) -> AbstractAsyncContextManager[Branch]:
        """Open a branch of its own on which patches become commits."""
        ...

    def note(self, text: str) -> None:
        """Tell the run's log."""
        ...


@dataclass(frozen=True, slots=True)
class CallCount:
    """How many calls a pattern makes: what to expect, and a proven bound."""

    expected: float
    worst: int


class Pattern(Protocol):
    """A named way to combine calls, callable from every script language."""

    name: str
    version: int
    """Part of the key: a change of the algorithm raises it."""

    @property
    def arguments(self) -> type[BaseModel]:
        """The model of its arguments: what is not in it is refused before anything is asked."""
        ...

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Run it; decide by arguments and committed results alone, in index order."""
        ...

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the number of calls, at once and without effects."""
        ...
