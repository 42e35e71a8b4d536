"""What must hold for answers; who breaks it is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.templates import shown
from hocket_plugins.patterns.fan_out.comparing import Agree, Covers, Unique
from hocket_plugins.patterns.fan_out.invariant import MOST_SHOWN, Invariant, add

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.fan_out.invariant import Reasons
    from hocket_plugins.patterns.fan_out.units import Unit

PASSED: tuple[JsonValue, ...] = ("ok", "pass", True)


class Screened(Invariant):
    """A screen, or a command of `meta.checks`, passes each answer.

    It gets the answer's fields and, where the answer has none of this name, `item` and `source`:
    the unit's item. With `each` it gets every object in that list of the answer.
    """

    screen: str
    each: str | None = None

    async def broken(self, context: PatternContext, units: Sequence[Unit]) -> Reasons:
        """Let the screen look at all answers."""
        reasons: Reasons = {}
        for unit in units:
            for shows in self._shows(unit) if unit.answered else ():
                verdict = await context.screen(self.screen, shows)
                if verdict not in PASSED:
                    told = shown(verdict)[:MOST_SHOWN]
                    add(reasons, [unit.index], f"the check {self.screen} says: {told}")
        return reasons

    def _shows(self, unit: Unit) -> Iterator[JsonValue]:
        value = unit.value
        rows = value.get(self.each) if self.each and isinstance(value, dict) else [value]
        for row in rows if isinstance(rows, list) else []:
            fields = row if isinstance(row, dict) else {"text": row}
            yield {"item": unit.item, "source": unit.item, **fields}


AnyInvariant = Agree | Unique | Covers | Screened


async def broken(
    context: PatternContext, invariants: Sequence[AnyInvariant], units: Sequence[Unit]
) -> Mapping[int, Sequence[str]]:
    """Give the reasons of all answers that break something, in the order of their units."""
    reasons: Reasons = {}
    for invariant in invariants:
        for index, whys in (await invariant.broken(context, units)).items():
            reasons.setdefault(index, []).extend(whys)
    return dict(sorted(reasons.items()))
