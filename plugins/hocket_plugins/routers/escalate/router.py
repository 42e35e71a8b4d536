"""The router that leaves the model open: the stage behind it chooses, more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Route

if TYPE_CHECKING:
    from hocket.api.calls import Call


class OpenRouter:
    """Gives the effort that was typed, and no model."""

    name = "escalate"

    def __init__(self, effort: str | None) -> None:
        self._route = Route(None, effort)

    async def route(self, call: Call) -> Route:  # noqa: ARG002 (all calls alike)
        """Leave the model open."""
        return self._route
