"""verify: independent votes on each claim until one verdict leads, with a stated error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `verify`."""
    return [DeferredPattern("verify", 1, "hocket_plugins.patterns.verify.pattern:Verify")]
