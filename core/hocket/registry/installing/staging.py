"""Makes everything ready on the file system of the targets; no target is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.api.protocols import Tree
from hocket.errors import HocketError, PackageRefused
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.installing.intents import Move
from hocket.registry.installing.looking import expected, look, placed
from hocket.registry.installing.ways import found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hocket.registry.installing.moving import Mover
    from hocket.registry.installing.plan import Copy, Plan
    from hocket.registry.receipts.receipt import Place, Target

    Spot = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class _Owned:
    target: Target
    version: str


def stage(mover: Mover, plan: Plan) -> tuple[Move, ...]:
    """Copy what comes into the stage, a name a move, and digest every copy.

    Raises PackageRefused for a way over a link, and for a target that hocket did not put there.
    """
    moves = tuple(_moves(mover, plan))
    for path in {mover.path(one).parent for one in moves} | {plan.scope.lock.parent}:
        _on_one_disk(mover.stage, path)
    for at, one in enumerate(moves):
        if not one.is_removal:
            mover.copy(one, str(at))
    return moves


def _moves(mover: Mover, plan: Plan) -> Iterator[Move]:
    owned, wanted = _owned(plan), _wanted(plan)
    for spot, copy in wanted.items():
        if one := _arrival(mover, copy, owned.get(spot)):
            yield one
    for spot, own in owned.items():
        if spot not in wanted:
            yield Move(*spot, None, "", expected(own.target), own.version)


def _arrival(mover: Mover, copy: Copy, own: _Owned | None) -> Move | None:
    """Plan the move of one copy; None: its very bytes are there."""
    tree = copy.tree
    if copy.is_file:
        ((kind, _path, content),) = tree.entries
        tree = Tree(((kind, copy.path.rpartition("/")[2], content),))
    new = expected(placed(copy.place, copy.path, tree))
    digest = mover.store.put(tree)
    old = expected(own.target) if own else {}
    move = Move(copy.place, copy.path, new, digest, old, own.version if own else "")
    path = mover.path(move)
    with found(mover.scope, path.parent) as folder:
        there = None if folder is None else look(folder, path.name)
    if there is not None and own is None and there != new:
        problem = f"{copy.place}/{visible(copy.path)} is there, and hocket did not put it there"
        hint = "Nothing was changed. Move it away, or install under another name with --as."
        raise PackageRefused(visible(copy.path), [problem], "tree", hint=hint)
    return move if there != new else None


def _owned(plan: Plan) -> dict[Spot, _Owned]:
    return {
        (target.place, target.path): _Owned(target, str(step.before.version))
        for step in plan.changes
        if step.before
        for target in step.before.targets
    }


def _wanted(plan: Plan) -> dict[Spot, Copy]:
    wanted: dict[Spot, Copy] = {}
    for step in plan.changes:
        for copy in step.parcel.copies if step.parcel else ():
            try:
                spot = (copy.place, forms.path(copy.path))
            except Unfit as cause:
                raise PackageRefused(step.key, [str(cause)], "tree") from cause
            if spot in wanted:
                problem = f"two packages want {copy.place}/{copy.path}"
                raise PackageRefused(step.key, [problem], "tree")
            wanted[spot] = copy
    return wanted


def _on_one_disk(stage: int, path: Path) -> None:
    nearest = next(one for one in (path, *path.parents) if one.exists())
    if nearest.stat().st_dev != os.fstat(stage).st_dev:
        found_ = "it is on another file system than hocket's own folder"
        error = HocketError(visible(str(path)), found=found_, hint="Nothing was changed.")
        error.code = "io"
        raise error
