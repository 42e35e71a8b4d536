"""merge: several records of one thing become one, by stated policies and without agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `merge`."""
    return [DeferredPattern("merge", 2, "hocket_plugins.patterns.merge.pattern:Merge")]
