"""Answers from a recorded run: same calls, same answers, no model and no money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.protocols import Backend
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_backends(settings: PluginSettings) -> list[Backend]:
    """Hand over the backend; without a run that was named it knows no answer."""
    from hocket_plugins.backends.replay.backend import ReplayBackend
    from hocket_plugins.backends.replay.recording import Recording

    named = settings.choices.get("replay")
    return [ReplayBackend(Recording.of(settings.project, named) if named else None)]
