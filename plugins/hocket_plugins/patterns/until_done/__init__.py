"""until_done: finders look until what the next ones would bring is not worth their price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `until_done`."""
    target = "hocket_plugins.patterns.until_done.pattern:UntilDone"
    return [DeferredPattern("until_done", 1, target)]
