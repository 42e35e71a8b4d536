"""From patches to a branch: order, land, make misfits anew, and see that invariants hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.waves import Waves
from hocket.errors import HocketError, StorageLost
from hocket_plugins.patterns.integrate.arguments import Arguments
from hocket_plugins.patterns.integrate.book import Book
from hocket_plugins.patterns.integrate.inquest import FAIL
from hocket_plugins.patterns.integrate.integration import Integration
from hocket_plugins.patterns.integrate.units import Reason, Unit, read

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.branches import Branch
    from hocket.api.patterns.context import PatternContext

CONFLICTS = 0.05
"""The share of patches that conflict, as long as no history says otherwise."""


class Integrate:
    """Makes one branch of many patches."""

    name = "integrate"
    version = 1
    arguments: type[BaseModel] = Arguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Give a branch with a commit for every patch that goes in; the rest is told one by one."""
        given = Arguments.model_validate(arguments)
        waves, book = Waves(context, given.max_calls), Book()
        units = _units(context, given, book)
        async with context.branch(given.base, given.branch) as branch:
            halted = await _integrated(Integration(branch, waves, book, given), units, branch)
            where: dict[str, JsonValue] = {
                "branch": branch.name or None,
                "commit": branch.head or None,
            }
        if halted is not None:
            book.rest(units, halted)
            waves.note(f"not all was put in: {halted.cause}")
        _note(waves, book, given)
        whole = halted is None and FAIL not in book.invariants.values()
        return waves.envelope({**book.result(), **where}, complete=whole, error=_error(given))

    def calls(self, arguments: BaseModel) -> CallCount:
        """Expect an agent for every twentieth patch; at worst every patch uses all its attempts."""
        given = Arguments.model_validate(arguments)
        many = len(given.work) if given.on_conflict == "rerun" and given.attempts else 0
        most = many * given.attempts if given.max_calls is None else given.max_calls
        return CallCount(min(CONFLICTS * many, most), min(many * given.attempts, most))


def _units(context: PatternContext, given: Arguments, book: Book) -> list[Unit]:
    """Read the records; what is no work is rejected at once."""
    units: list[Unit] = []
    for index, record in enumerate(given.work):
        found = read(record, index, given.attempts)
        if isinstance(found, Unit):
            units.append(found)
        else:
            book.rejected[index] = found
    asked = context.asked({unit.call for unit in units})
    for unit in units:
        unit.learn(asked.get(unit.call))
    return units


async def _integrated(work: Integration, units: list[Unit], branch: Branch) -> Reason | None:
    """Do it; gives why it could not be done to the end. What is committed then stays."""
    if branch.obstacle is not None:
        return Reason(f"branch: {branch.obstacle}")
    try:
        await work.run(units)
    except StorageLost:
        raise
    except HocketError as trouble:
        return Reason(f"{trouble.who}: {trouble.found}")
    return None


def _note(waves: Waves, book: Book, given: Arguments) -> None:
    unchanged = [one.unit.index for one in book.landed if one.commit is None]
    if unchanged:
        waves.note(f"nothing to change, counted as applied: {_listed(unchanged)}")
    if book.rejected:
        many = f"{len(book.rejected)} of {len(given.work)} are not on the branch"
        waves.note(f"{many}: {_listed(book.rejected)}")
    if given.check is None and not given.invariants:
        waves.note("no command was run: that patches fit does not say that they work")


def _listed(indexes: list[int] | dict[int, Reason]) -> str:
    """List items, or the first of many."""
    most = 20
    shown = ", ".join(map(str, sorted(indexes)[:most]))
    return f"items {shown}, …" if len(indexes) > most else f"items {shown}"


def _error(given: Arguments) -> JsonValue:
    """Say what the branch rests on: there is no error to state, a command passes or does not."""
    ran: list[JsonValue] = [*filter(None, [given.check]), *given.invariants]
    return {"basis": "commands" if ran else "none", "ran": ran}
