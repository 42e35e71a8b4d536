"""Everybody who hears a run: in order, and nobody can stop it by raising."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hocket.api.events import Event

    Listener = Callable[[Event], None]


class Audience:
    """Tells every listener every event; one that raises is told about and hears no more."""

    def __init__(self, listeners: Iterable[Listener], warn: Callable[[str], None]) -> None:
        self._listeners = [*listeners]
        self._warn = warn

    def tell(self, event: Event) -> None:
        """Tell an event."""
        for listener in [*self._listeners]:
            try:
                listener(event)
            except Exception as cause:  # noqa: BLE001  it is told about, and a view is no run
                self._listeners.remove(listener)
                kind = type(cause).__name__
                self._warn(f"a listener raised {kind}: it hears nothing more; the run goes on.")
