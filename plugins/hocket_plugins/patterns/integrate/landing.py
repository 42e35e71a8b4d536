"""Puts patches on the branch: what fits and passes becomes commits, what does not comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket_plugins.patterns.integrate.units import Reason, halves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.branches import Branch, Examined
    from hocket_plugins.patterns.integrate.book import Book
    from hocket_plugins.patterns.integrate.units import Unit

    Misfit = tuple[Unit, Reason]


CHECK = "check: "
"""How the cause begins when the check fails; its name follows."""


async def examine(branch: Branch, name: str) -> Examined:
    """Run a check; raises RefusedError when it may not run, since no agent can mend that."""
    examined = await branch.check(name)
    if examined.refusal is not None:
        raise RefusedError("refused", found=examined.refusal)
    return examined


class Landing:
    """Where patches touch down."""

    def __init__(self, branch: Branch, check: str | None, book: Book) -> None:
        self._branch = branch
        self._check = check
        self._book = book

    async def land(self, units: Sequence[Unit]) -> list[Misfit]:
        """Put patches in as one, a commit each; gives those that do not go in, as they were given.

        The check runs once for all. If it fails, each half is tried by itself, down to the culprit.
        """
        fit, misfits = await self._put(units)
        failed = await self._failed() if fit else None
        if failed is None:
            if fit:
                commits = await self._branch.commit([_message(unit) for unit in fit])
                self._book.land(fit, commits)
            return misfits
        await self._branch.undo()
        if len(fit) == 1:
            return [*misfits, (fit[0], failed)]
        tried = [misfit for half in halves(fit) for misfit in await self.land(half)]
        position = {unit.index: number for number, unit in enumerate(units)}
        return sorted([*misfits, *tried], key=lambda misfit: position[misfit[0].index])

    async def _put(self, units: Sequence[Unit]) -> tuple[list[Unit], list[Misfit]]:
        fit: list[Unit] = []
        misfits: list[Misfit] = []
        for unit in units:
            if not unit.patch:
                self._book.land([unit], [None])
                continue
            put = await self._branch.put(unit.patch)
            if not put.clean:
                misfits.append((unit, Reason("conflict", put.hunks, put.cause)))
            elif put.changed:
                fit.append(unit)
            else:
                self._book.land([unit], [None])
        return fit, misfits

    async def _failed(self) -> Reason | None:
        if self._check is None:
            return None
        examined = await examine(self._branch, self._check)
        return None if examined.passed else Reason(f"{CHECK}{self._check}", output=examined.output)


def _message(unit: Unit) -> str:
    label = " ".join(unit.label.split()) or f"patch {unit.index}"
    return f"{label}\n\nhocket call {unit.call}"
