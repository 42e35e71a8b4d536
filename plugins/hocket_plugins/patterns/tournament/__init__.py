"""The best of several candidates, found in pairs that are shown both ways round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `tournament`."""
    target = "hocket_plugins.patterns.tournament.pattern:Tournament"
    return [DeferredPattern("tournament", 1, target)]
