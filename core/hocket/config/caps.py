"""Caps and budgets: who may raise them, and who can only lower them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.config.settings import SIZES

if TYPE_CHECKING:
    from hocket.config.layers import Kind

LOWERED_ONLY_BY: dict[str, frozenset[Kind]] = {
    "budget_tokens": frozenset({"project"}),
    "budget_usd": frozenset({"project"}),
    "concurrency": frozenset({"project"}),
    # A project can bring a file that sets variables, and this cap guards against runaway loops.
    "max_agents": frozenset({"project", "environment"}),
    "size": frozenset({"project"}),
}


def raises(
    key: str, kind: Kind, offered: float | str, current: float | str | None, *, given: bool
) -> bool:
    """Say whether a source asks for more than it may; `given` tells a choice from a default.

    What the machine's owner set is a ceiling over what others chose, and a choice where none did.
    """
    if current is None or _rank(offered) <= _rank(current):
        return False
    return kind in LOWERED_ONLY_BY[key] or (kind == "managed" and given)


def _rank(value: float | str) -> float:
    return SIZES.index(value) if isinstance(value, str) else value
