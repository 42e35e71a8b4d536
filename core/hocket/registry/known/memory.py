"""What this machine remembers of one registry: its last good copy, its keys, what it showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms import names
from hocket.registry.known import durable, keyring, larder
from hocket.registry.known.dating import dated
from hocket.registry.known.judging import judged, stop
from hocket.registry.known.larder import Copy
from hocket.registry.known.seen_log import SeenLog

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.registry.indexes.verdicts import Verdict
    from hocket.registry.known.keyring import Keys
    from hocket.registry.known.looking import Look
    from hocket.registry.known.places import Places


class Memory:
    """The files of one address, whatever names it has here."""

    def __init__(self, places: Places, url: str, *, require_fresh: bool) -> None:
        self._url, self._require_fresh = url, require_fresh
        self._keys, self._copy = places.keys(url), places.served(url)
        self._log = SeenLog(places.seen(url))

    @property
    def copy(self) -> Copy | None:
        """The last good copy; None: there is none, or nobody can read it."""
        return larder.load(self._copy, self._url)

    @property
    def keys(self) -> Keys:
        """The keys that were agreed to; raises StructureError where they are damaged."""
        return keyring.read(durable.read(self._keys), f"keys/{self._keys.name}")

    def dated(self, look: Look, now: datetime) -> Look:
        """Give an import whose versions are as old as they are known; others stay as they are."""
        return dated(look, self._log.read(), now) if look.is_import else look

    def judged(self, look: Look, now: datetime) -> tuple[Verdict, ...]:
        """Compare with what was shown before; raises PackageRefused, and writes nothing."""
        return judged(look, self._log.read(), now, require_fresh=self._require_fresh)

    def record(self, look: Look, now: datetime) -> None:
        """Write down what was fetched just now; raises PackageRefused where it is refused."""
        stop(look, self._log.record(look.judged, now, require_fresh=self._require_fresh))

    def keep(self, look: Look, keys: Keys, now: datetime) -> Copy:
        """Keep it as the last good copy, with the keys that hold for it."""
        copy = Copy(look.served, names.time(names.written(now)), look.committed)
        durable.put(self._keys, keyring.dump(keys))
        larder.keep(self._copy, copy)
        return copy

    def forget(self) -> None:
        """Forget keys and copy; what was shown stays, for the day it is added again."""
        self._keys.unlink(missing_ok=True)
        self._copy.unlink(missing_ok=True)
