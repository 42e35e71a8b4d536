"""`hocket update`: newer versions, with everything that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._market import ChangingCommand, How, change
from hocket.cli._output import json_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.installing.plan import Plan, Step
    from hocket.registry.planning.differences import Changes


@click.command(cls=ChangingCommand)
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("--diff", is_flag=True, help="Show the changed lines of every text.")
@click.option("--pre", is_flag=True, help="Pre-releases count.")
@json_option
def update(specs: tuple[str, ...], how: How, *, diff: bool, pre: bool) -> None:
    """Bring packages to their newest version, all of them or those that are named.

    What changes is shown first: files, capabilities, signer, source. What you edited is kept
    beside the new version.
    """
    from hocket.registry.planning.demand import Demand

    demand = Demand(
        command="update", specs=specs, offline=how.offline, pre=pre, accepted=how.accept
    )

    def shown(plan: Plan) -> list[str]:
        return [line for step in plan.changes for line in _told(plan, step, diff=diff)]

    change(demand, how, shown)


def _told(plan: Plan, step: Step, *, diff: bool) -> Iterator[str]:
    from hocket.registry.installing.store import Store
    from hocket.registry.planning.differences import changes
    from hocket.registry.planning.differences import diff as lines

    before = Store(plan.scope.store).get(step.before.digest) if step.before else None
    changed = changes(step, before)
    if changed is None or not changed:
        return
    yield f"{step.key} {step.version_before} → {step.parcel.row.version if step.parcel else ''}"
    yield from _summary(changed)
    if diff and before is not None and step.parcel:
        yield from lines(before, step.parcel.tree)


def _summary(changed: Changes) -> Iterator[str]:
    for mark, paths in (("+", changed.added), ("-", changed.removed), ("~", changed.edited)):
        yield from (f"  {mark} {path}" for path in paths)
    yield from (f"  may now   {one}" for one in changed.capabilities.widened)
    yield from (f"  no longer {one}" for one in changed.capabilities.narrowed)
    for what, pair in (("signer", changed.signer), ("source", changed.source)):
        if pair:
            yield f"  {what:<9} {pair[0] or 'none'} → {pair[1] or 'none'}"
