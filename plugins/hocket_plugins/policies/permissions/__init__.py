"""Judges every use of a tool by a person's rules: `Edit(src/**)`, `Bash(npm test:*)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.approval import Policy
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `permissions`."""
    from hocket_plugins.policies.permissions.section import Permissions

    return [Permissions]


@hookimpl
def hocket_register_policies(settings: PluginSettings) -> list[Policy]:
    """Hand over the one policy that knows a person's rules."""
    from hocket_plugins.policies.permissions.policy import PermissionsPolicy

    return [PermissionsPolicy(settings)]
