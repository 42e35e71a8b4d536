"""synthesize: one text from many parts, level by level, that says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `synthesize`."""
    target = "hocket_plugins.patterns.synthesize.pattern:Synthesize"
    return [DeferredPattern("synthesize", 1, target)]
