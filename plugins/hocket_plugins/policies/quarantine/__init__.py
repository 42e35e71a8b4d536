"""Keeps what agents read from steering agents with rights: readers, actors, handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.approval import Policy
    from hocket.api.protocols import Stage
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `quarantine`."""
    from hocket_plugins.policies.quarantine.section import Quarantine

    return [Quarantine]


@hookimpl
def hocket_register_stages(settings: PluginSettings) -> list[Stage]:
    """Hand over the stage that seals answers; none when it is off."""
    from hocket_plugins.policies.quarantine.section import theirs
    from hocket_plugins.policies.quarantine.stage import QuarantineStage

    return [] if theirs(settings).mode == "off" else [QuarantineStage(settings)]


@hookimpl
def hocket_register_policies(settings: PluginSettings) -> list[Policy]:
    """Hand over the policy that keeps readers from acting; none when it is off."""
    from hocket_plugins.policies.quarantine.policy import QuarantinePolicy
    from hocket_plugins.policies.quarantine.section import theirs

    return [] if theirs(settings).mode == "off" else [QuarantinePolicy(settings)]
