"""One visit to a registry: fetched, compared with what was agreed to, written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hocket.registry.indexes import pins
from hocket.registry.indexes.pins import Pin
from hocket.registry.known.agreeing import agreed
from hocket.registry.known.keyring import Keys
from hocket.registry.known.looking import look, needs_commit
from hocket.registry.known.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hocket.registry.known.larder import Copy
    from hocket.registry.known.looking import Look
    from hocket.registry.known.pinning import Pinned
    from hocket.registry.known.places import Places
    from hocket.registry.sources.served import Served


class Serving(Protocol):
    """What fetches the bytes of registries, from folders and repositories."""

    def registry(self, url: str) -> Served:
        """Read what a registry serves now."""
        ...

    def commit_time(self, url: str, rev: str) -> datetime:
        """Say when a commit of it was made."""
        ...


class Contact:
    """What fetches, beside all that is remembered."""

    def __init__(
        self, places: Places, pinned: Pinned, fetcher: Serving, *, require_fresh: bool
    ) -> None:
        self._places, self._pinned, self._fetcher = places, pinned, fetcher
        self._require_fresh = require_fresh

    def memory(self, url: str) -> Memory:
        """Give what is remembered of a registry."""
        return Memory(self._places, url, require_fresh=self._require_fresh)

    def fetch(self, url: str, name: str, now: datetime) -> Look:
        """Read what a registry serves now; without a name it goes by its own."""
        served = self._fetcher.registry(url)
        is_dated = needs_commit(served)
        committed = self._fetcher.commit_time(url, served.rev) if is_dated else None
        return self.memory(served.url).dated(look(served, name, committed), now)

    def agreed(
        self, seen_as: Look, pin: Pin | None, now: datetime, accepted: Collection[str]
    ) -> tuple[Keys, tuple[str, ...]]:
        """Give the keys that hold, with notes; raises RefusedError for those of strangers."""
        if pin is None:
            # First contact: a person sees the keys, and decides.
            return agreed(seen_as, seen_as.keys.hash, Keys(), now)
        return agreed(seen_as, pin.signers, self.memory(pin.url).keys, now, accepted)

    def take(self, seen_as: Look, keys: Keys, now: datetime) -> tuple[Pin, Copy]:
        """Write down what was fetched, then that it is agreed to, then keep it.

        Whoever is killed in between finds the pin, and fetches what it stands for.
        """
        url = seen_as.served.url
        new, memory = Pin(seen_as.name, url, seen_as.index.serial, keys.hash), self.memory(url)
        pins.added(self._pinned.read(), new)
        memory.record(seen_as, now)
        held = self._pinned.change(lambda held: pins.added(held, new))
        return held[new.name], memory.keep(seen_as, keys, now)
