"""The file of pins on disk, changed by one command at a time."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import NotFound
from hocket.registry.forms.names import quoted
from hocket.registry.indexes import pins
from hocket.registry.known import durable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.registry.indexes.pins import Pin
    from hocket.registry.known.places import Places

    Pins = Mapping[str, Pin]


class Pinned:
    """The registries a person agreed to; raises StructureError for a damaged file."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def read(self) -> Pins:
        """Read them by name."""
        content = durable.read(self._places.pins)
        return pins.read(content) if content else {}

    def change(self, change: Callable[[Pins], Pins]) -> Pins:
        """Read, change and write them in one turn; what `change` raises changes nothing."""
        with durable.turn(self._places.held):
            changed = change(self.read())
            durable.put(self._places.pins, pins.dump(changed.values()))
        return changed

    def get(self, name: str) -> Pin:
        """Find one by its name; raises NotFound with the nearest."""
        held = self.read()
        if name not in held:
            near = get_close_matches(name, held, 1)
            raise NotFound(
                f"registry {quoted(name)}",
                found="it was not added here",
                expected=f"one of {', '.join(held)}" if held else "",
                hint=f"Did you mean {near[0]}?" if near else "Add it: hocket registry add URL",
            )
        return held[name]
