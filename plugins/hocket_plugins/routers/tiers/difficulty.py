"""How difficult a call says it is, and the model for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.routers.tiers.section import RouterTiers

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.settings import PluginSettings
    from hocket_plugins.routers.tiers.section import Tier

ROLES: dict[str, Tier] = {
    **dict.fromkeys(("classify", "vote", "judge", "screen"), "small"),
    **dict.fromkeys(("find", "work", "read"), "medium"),
    **dict.fromkeys(("plan", "synthesize", "integrate"), "large"),
}
"""How patterns mark their calls; a person's own `roles` go before these."""


class Difficulty:
    """The tiers of one run, as settings and command line name them."""

    def __init__(self, settings: PluginSettings) -> None:
        section = settings.sections.get("router_tiers")
        told = section if isinstance(section, RouterTiers) else RouterTiers()
        self._models: dict[Tier, str] = {
            "small": told.small,
            "medium": settings.choices.get("model") or told.medium,
            "large": told.large,
        }
        self._phases = told.phases
        self._roles: dict[str, Tier] = {**ROLES, **told.roles}
        self.classify = told.classify
        self.effort = settings.choices.get("effort")

    def declared(self, call: Call) -> Tier | None:
        """Give the tier that a call is marked with, by its phase or its role."""
        return self._phases.get(call.phase or "") or self._roles.get(call.options.role or "")

    def model(self, tier: Tier) -> str:
        """Give the model of a tier."""
        return self._models[tier]
