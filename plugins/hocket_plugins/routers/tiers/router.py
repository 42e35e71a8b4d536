"""The router that believes what calls declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Route

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket_plugins.routers.tiers.difficulty import Difficulty


class TiersRouter:
    """Gives the model of the declared tier; what is unmarked gets the medium one, or is asked."""

    name = "tiers"

    def __init__(self, difficulty: Difficulty) -> None:
        self._difficulty = difficulty

    async def route(self, call: Call) -> Route:
        """Choose; the model of an unmarked call stays open where a call is to name its tier."""
        difficulty = self._difficulty
        tier = difficulty.declared(call)
        if tier is None and difficulty.classify:
            return Route(None, difficulty.effort)
        return Route(difficulty.model(tier or "medium"), difficulty.effort)
