"""What records are known by, and the order of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.patterns.templates import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.merge.arguments import MergeArguments
    from hocket_plugins.patterns.merge.policies import Record


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of records, in an order that is the same in every run.

    A handle is another text in each run, so it counts by the name of what stands behind it.
    """

    given: MergeArguments
    names: Mapping[str, str]

    def shown(self, group: Sequence[Record]) -> list[JsonValue]:
        """Show the key of a group in one of its writings."""
        keys = [[record[name] for name in self.given.keys] for record in group]
        return min(keys, key=self._written)

    def place(self, record: Record) -> str:
        """Say where a record stands among others."""
        return self._written([record[name] for name in self.given.keys])

    def _written(self, key: Sequence[JsonValue]) -> str:
        return canonical(
            [self.names.get(each, each) if isinstance(each, str) else each for each in key]
        )
