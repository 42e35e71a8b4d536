"""Agent types from files: `.hocket/agents/*.md`, `.claude/agents/*.md`, and the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import AgentType


@hookimpl
def hocket_register_agent_types(settings: PluginSettings) -> list[AgentType]:
    """Hand over what files define; a file that defines nothing is told about and left out."""
    import logging

    from hocket_plugins.agents.files.roster import roster

    found = roster(settings)
    for note in found.notes:
        logging.getLogger(__name__).warning("hocket: %s", note)
    return [*found.types.values()]
