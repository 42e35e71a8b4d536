"""One integration: from the base over every patch to a head where the invariants hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket_plugins.patterns.integrate.inquest import Inquest
from hocket_plugins.patterns.integrate.landing import CHECK, Landing, examine
from hocket_plugins.patterns.integrate.rework import Rework
from hocket_plugins.patterns.integrate.units import in_order, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.branches import Branch
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.integrate.arguments import Arguments
    from hocket_plugins.patterns.integrate.book import Book
    from hocket_plugins.patterns.integrate.units import Reason, Unit


class Integration:
    """Puts in what fits, sends round what does not, and takes out what breaks an invariant."""

    def __init__(self, branch: Branch, waves: Waves, book: Book, given: Arguments) -> None:
        self._branch, self._waves, self._book = branch, waves, book
        self._given = given
        self._landing = Landing(branch, given.check, book)
        self._rework = Rework(branch, self._landing, waves, book, given)
        self._inquest = Inquest(branch, given.invariants, book)

    async def run(self, units: Sequence[Unit]) -> None:
        """Do all of it; raises HocketError where no agent can help."""
        broken = await self._inquest.broken()
        if broken is not None:
            raise _fails(f"invariant {broken[0]}")
        await self._put_in(await in_order(units, self._given.order, self._branch))
        while (breach := await self._inquest.breach()) is not None:
            guilty = breach.by.unit
            self._waves.note(f"invariant {breach.name} failed from item {guilty.index} on")
            later = self._book.cut(breach.by)
            await self._branch.back_to(breach.before)
            await self._put_in(later)
            await self._rework.again(guilty, breach.reason)

    async def _put_in(self, units: Sequence[Unit]) -> None:
        """Put in as many at once as cannot conflict, then the others, one after the other."""
        first, rest = together(units)
        for group in (first, *([unit] for unit in rest)):
            misfits = await self._landing.land(group)
            await self._doubt([reason for _, reason in misfits])
            for unit, reason in misfits:
                await self._rework.again(unit, reason)

    async def _doubt(self, reasons: Sequence[Reason]) -> None:
        """Raise HocketError if the check fails without any patch, too: no agent can mend that."""
        if self._book.commits or not any(reason.cause.startswith(CHECK) for reason in reasons):
            return
        if not (await examine(self._branch, str(self._given.check))).passed:
            raise _fails(f"check {self._given.check}")


def _fails(what: str) -> HocketError:
    return HocketError("base", found=f"{what} fails before anything is put in")
