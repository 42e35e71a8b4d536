"""Shows a run on stderr: live lines on a terminal, plain ones elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.protocols import View
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_views(settings: PluginSettings) -> list[View]:  # noqa: ARG001  the hook's name
    """Hand over the view for the stderr of this process."""
    import os
    import sys

    from hocket_plugins.views.progress.surface import Surface
    from hocket_plugins.views.progress.view import ProgressView

    return [ProgressView(Surface.of(sys.stderr, os.environ))]
