"""generate_and_filter: many ideas side by side, judged by a rubric; the best few meet in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `generate_and_filter`."""
    target = "hocket_plugins.patterns.generate_and_filter.pattern:GenerateAndFilter"
    return [DeferredPattern("generate_and_filter", 1, target)]
