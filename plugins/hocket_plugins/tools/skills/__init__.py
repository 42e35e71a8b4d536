"""Skill: instructions for kinds of tasks, listed in few words and loaded when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@hookimpl
def hocket_register_tools(settings: PluginSettings) -> list[Tool]:
    """Hand over `Skill` where any is installed; a skill that is broken is told about."""
    import logging

    from hocket_plugins.tools.skills.shelf import shelf
    from hocket_plugins.tools.skills.skill import Skill

    found = shelf(settings)
    for note in found.notes:
        logging.getLogger(__name__).warning("hocket: %s", note)
    return [Skill(found.skills)] if found.skills else []
