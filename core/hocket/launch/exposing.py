"""Holds a script against what is installed here: what its agents read outside, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api import grants
from hocket.scripts.parsing import parsed
from hocket.scripts.reading.exposure import Exposure, Installed, exposure, untold
from hocket.scripts.reading.sites import sites

if TYPE_CHECKING:
    from hocket.api.scripts import Script
    from hocket.launch.project import Project
    from hocket.scripts.reading.sites import Site

PLUGIN, SECTION = "policies.quarantine", "quarantine"


def exposed(project: Project, script: Script) -> Exposure:
    """Say which phases read outside and which act; installed tools are asked only if some do."""
    why = _open(project)
    if script.language != "python":
        return Exposure(language=script.language, open=why)
    found = sites(parsed(script.source))
    if not any(map(_says, found)):
        return Exposure(untold=untold(found), open=why)
    settings = project.plugin_settings
    tools, kinds = project.host.tools(settings), project.host.agent_types(settings)
    installed = Installed(
        {name: grants.effects(tool) for name, tool in tools.items()},
        {name: kind.tools for name, kind in kinds.items()},
        is_trusted=settings.is_trusted,
        open=why,
    )
    return exposure(found, [phase.title for phase in script.manifest.phases], installed)


def _says(site: Site) -> bool:
    return bool(site.tools) or site.is_marked or site.agent_type is not None


def _open(project: Project) -> str:
    """Say why nothing keeps what was read outside from agents that act; empty: something does."""
    settings = project.plugin_settings
    # The section belongs to a plugin that the core does not know.
    if getattr(settings.sections.get(SECTION), "mode", "on") == "off":
        return settings.origins.get(f"{SECTION}.mode", "default")
    blocked = any(each.name == PLUGIN and each.blocked for each in project.host.plugins())
    return "its plugin is blocked" if blocked else ""
