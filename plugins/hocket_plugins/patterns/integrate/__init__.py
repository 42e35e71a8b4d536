"""integrate: patches of many worktrees become commits of one branch, and misfits go round again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `integrate`."""
    return [DeferredPattern("integrate", 1, "hocket_plugins.patterns.integrate.pattern:Integrate")]
