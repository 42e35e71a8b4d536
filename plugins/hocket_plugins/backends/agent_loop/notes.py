"""What a person is told once in a run: what a model lacks, what it is about to lose."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.calls import Usage
    from hocket.api.protocols import CallContext

UNKEPT = "the service kept nothing of what calls share, though asked to: each of them pays for it"


class Notes:
    """Lets the call that comes first tell it, and keep it with its outcome."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._sharing: Counter[str] = Counter()

    def tell(self, notes: Iterable[str], context: CallContext) -> list[str]:
        """Tell what nobody told before, and give it."""
        fresh = [note for note in dict.fromkeys(notes) if note not in self._told]
        for note in fresh:
            self._told.add(note)
            context.progress(note)
        return fresh

    def shared(self, prefix: str, usage: Usage, context: CallContext) -> list[str]:
        """See what a first turn paid for a shared prefix; below its minimum a miss is silent.

        The second call on a prefix is the first that could have read it.
        """
        self._sharing[prefix] += 1
        kept = usage.cache_read or usage.cache_write or usage.cache_write_1h
        if kept or usage.estimated or self._sharing[prefix] == 1:
            return []
        return self.tell([UNKEPT], context)
