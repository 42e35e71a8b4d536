"""Gathers registries, one after the other, into what is looked things up in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.registry.known.judging import notes
from hocket.registry.known.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from hocket.registry.indexes.index import Index
    from hocket.registry.indexes.verdicts import Verdict
    from hocket.registry.known.keyring import Keys
    from hocket.registry.known.looking import Look
    from hocket.registry.known.opened import RowKey
    from hocket.registry.sources.served import Served


@dataclass(slots=True)
class Opening:
    """The registries that are open so far."""

    indexes: dict[str, Index] = field(default_factory=dict[str, "Index"])
    served: dict[str, Served] = field(default_factory=dict[str, "Served"])
    keys: dict[str, Keys] = field(default_factory=dict[str, "Keys"])
    ages: dict[str, timedelta] = field(default_factory=dict[str, "timedelta"])
    refused: dict[RowKey, Verdict] = field(default_factory=dict["RowKey", "Verdict"])
    notes: list[str] = field(default_factory=list[str])

    def add(self, look: Look, keys: Keys, age: timedelta, verdicts: Iterable[Verdict] = ()) -> None:
        """Open one more, with what was judged about it."""
        name, told = look.name, tuple(verdicts)
        self.indexes[name], self.served[name] = look.index, look.served
        self.keys[name], self.ages[name] = keys, age
        self.notes += notes(look, told)
        for one in told:
            if one.is_refused and one.row:
                self.refused[(name, *one.row)] = one

    def done(self) -> Opened:
        """Give all of them."""
        return Opened(
            self.indexes, self.served, self.keys, self.ages, self.refused, tuple(self.notes)
        )
