"""classify_and_act: sort a pile into classes, and treat each class in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `classify_and_act`."""
    target = "hocket_plugins.patterns.classify_and_act.pattern:ClassifyAndAct"
    return [DeferredPattern("classify_and_act", 1, target)]
