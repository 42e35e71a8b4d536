"""An order of many items, or the top few, from small lists put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `rank`."""
    return [DeferredPattern("rank", 1, "hocket_plugins.patterns.rank.pattern:Rank")]
