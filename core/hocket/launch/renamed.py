"""Old names of what was renamed: `update` writes them down, and for a while they give a hint."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hocket.registry.installing.plan import Plan
    from hocket.registry.scopes import Scope

FILE = "renamed.json"


def place(scope: Scope) -> Path:
    """Say where a scope keeps `{old name: new name}`: beside its receipts."""
    return scope.receipts / FILE


def keep(plan: Plan) -> None:
    """Write down what a plan renamed; an older hint ends when its package is updated again."""
    updated = {step.key.partition("/")[2] for step in plan.changes if step.parcel}
    before = {old: new for old, new in _read(plan.scope).items() if new not in updated}
    names = {old.partition("/")[2]: new.partition("/")[2] for old, new in plan.renamed.items()}
    if names or before != _read(plan.scope):
        # The file is a courtesy: what cannot be kept is lost, and nothing else is.
        with suppress(OSError):
            place(plan.scope).write_text(json.dumps({**before, **names}), "utf-8")


def now(scopes: Iterable[Scope], text: str) -> str:
    """Give the name that an old one has now; empty: nothing was renamed."""
    typed = text.removeprefix("/")
    return next((one[typed] for one in map(_read, scopes) if typed in one), "")


def _read(scope: Scope) -> dict[str, str]:
    # Without it a name is unknown like any other.
    with suppress(OSError, ValueError, AttributeError):
        told = json.loads(place(scope).read_bytes()).items()
        return {old: new for old, new in told if isinstance(new, str) and new}
    return {}
