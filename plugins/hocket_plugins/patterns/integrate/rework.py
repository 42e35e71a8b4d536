"""What does not fit is made anew: by the agent's own prompt, where everybody else's work is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask
from hocket.api.patterns.templates import block
from hocket_plugins.patterns.integrate.units import Reason

if TYPE_CHECKING:
    from hocket.api.branches import Branch
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.integrate.arguments import Arguments
    from hocket_plugins.patterns.integrate.book import Book
    from hocket_plugins.patterns.integrate.landing import Landing
    from hocket_plugins.patterns.integrate.units import Unit

_MEANWHILE = """\
This task was done before, and others changed this meanwhile: what came of it does not go \
together with theirs. The files you see hold their changes. Do the task again in them, and keep \
what the others did. (Round {number}.)"""
_CONFLICT = """\
Here the earlier attempt and their changes met. `ours` is what is there now, `theirs` what the \
earlier attempt had made of it:"""
_FAILED = "With the earlier attempt on top of theirs this command failed: {name}. It said:"


class Rework:
    """Asks agents again, one at a time: each changes what the next one starts from."""

    def __init__(
        self, branch: Branch, landing: Landing, waves: Waves, book: Book, arguments: Arguments
    ) -> None:
        self._branch, self._landing = branch, landing
        self._waves, self._book = waves, book
        self._arguments = arguments

    async def again(self, unit: Unit, reason: Reason) -> None:
        """Have it made anew until it goes in, or there is no attempt left."""
        why: Reason | None = reason
        while why is not None:
            refusal = await self._refusal(unit, why)
            if refusal is not None:
                self._book.reject(unit, refusal)
                return
            misfits = await self._landing.land([unit])
            why = misfits[0][1] if misfits else None

    async def _refusal(self, unit: Unit, reason: Reason) -> Reason | None:
        """Let the agent work, unless it may not; gives why there is no other patch."""
        if self._arguments.on_conflict == "ask":
            return Reason("ask", reason.hunks, reason.output)
        if self._arguments.on_conflict == "skip" or not unit.spares.take():
            return reason
        if unit.prompt is None:
            self._waves.note(f"item {unit.index} cannot be made anew: its prompt is not known")
            return reason
        unit.rounds += 1
        reply = await self._waves.one(self._ask(unit, unit.prompt, reason))
        if reply.call:
            self._book.rerun.add(unit.index)
        if not reply.ok:
            cause = self._waves.stopped or reply.state.value
            return Reason(cause, reason.hunks, reason.output)
        unit.take(reply.changes)
        return None

    def _ask(self, unit: Unit, prompt: str, reason: Reason) -> Ask:
        told = _MEANWHILE.format(number=unit.rounds)
        own = {**unit.options, "label": f"{unit.label or unit.call} again"}
        given = self._arguments.options("integrate")
        return Ask(
            prompt=f"{prompt}\n\n{told}\n\n{_shown(reason)}",
            options={**own, **given, "isolation": "worktree"},
            spares=unit.spares,
            base=self._branch.head,
        )


def _shown(reason: Reason) -> str:
    """Show what stands in the way."""
    if reason.cause != "conflict":
        name = reason.cause.partition(": ")[2]
        return f"{_FAILED.format(name=name)}\n{block('output', reason.output or '')}"
    places = "\n\n".join(f"{hunk.file}\n{hunk.text}" for hunk in reason.hunks)
    return f"{_CONFLICT}\n{block('conflicts', places or reason.output or 'unknown')}"
