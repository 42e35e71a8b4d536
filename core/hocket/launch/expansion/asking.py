"""One argument that is to be expanded: its schema, what was typed, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch.expansion.found import Unusable
from hocket.launch.expansion.ground import BUNDLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.launch.expansion.ground import Ground
    from hocket.launch.expansion.reading import Reader


@dataclass(frozen=True, slots=True)
class Asking:
    """What a kind of expansion works with."""

    typed: JsonValue
    schema: Mapping[str, JsonValue]
    ground: Ground
    reader: Reader
    has_search: Callable[[], bool] = lambda: False
    """Says whether there is something here to search the web with."""

    @property
    def word(self) -> str:
        """The one text that was typed."""
        if not isinstance(self.typed, str) or not self.typed or "\0" in self.typed:
            raise Unusable(f"it is {self.typed!r}", "one path")
        return self.typed

    @property
    def words(self) -> list[str]:
        """All that was typed."""
        given = self.typed if isinstance(self.typed, list) else [self.typed]
        return [word for word in given if isinstance(word, str) and word]

    def sources(self, typed: str, place: Path) -> tuple[str, ...]:
        """Say where the words of a file come from; what came with the script is its own."""
        return () if typed.startswith(BUNDLE) else self.ground.sources(place)
