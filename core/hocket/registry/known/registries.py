"""The registries a person agreed to: added, refreshed, removed, opened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hocket.errors import HocketError, UsageError
from hocket.registry.forms import names
from hocket.registry.forms.names import Unfit, written
from hocket.registry.indexes import pins
from hocket.registry.indexes.pins import Pin
from hocket.registry.known import own
from hocket.registry.known.agreeing import check_index, fingerprints, still_revoked
from hocket.registry.known.contact import Contact
from hocket.registry.known.judging import barred, not_older, notes
from hocket.registry.known.keyring import Keys
from hocket.registry.known.looking import Look, look
from hocket.registry.known.offers import Offer
from hocket.registry.known.opening import Opening
from hocket.registry.known.pinning import Pinned
from hocket.registry.known.places import Places
from hocket.registry.known.policy import NONE, Policy
from hocket.registry.locks.local import LOCAL
from hocket.registry.sources import addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.known.contact import Serving
    from hocket.registry.known.larder import Copy
    from hocket.registry.known.opened import Opened

HOUR = timedelta(hours=1)
_ANY = Policy()


class Held(HocketError):
    """Something still needs it."""

    code = "locked"


class Known:
    """What is known about registries on this machine, in the person's own folders."""

    def __init__(
        self,
        data: Path,
        cache: Path,
        fetcher: Serving,
        policy: Policy = _ANY,
        *,
        offline: bool = False,
    ) -> None:
        self._policy, self._offline = policy, offline
        places = Places(data, cache)
        self._pinned = Pinned(places)
        self._contact = Contact(places, self._pinned, fetcher, require_fresh=policy.require_fresh)

    @property
    def pins(self) -> Mapping[str, Pin]:
        """The registries that were agreed to, by the names they have here."""
        return self._pinned.read()

    def copied(self, url: str) -> Copy | None:
        """Give the last good copy of a registry; None: it has to be fetched."""
        return self._contact.memory(url).copy

    def offer(
        self, url: str, now: datetime, name: str = "", accepted: Collection[str] = ()
    ) -> Offer:
        """Fetch a registry and read it; nothing is agreed to and nothing is written yet.

        Raises StructureError for a name that is pinned to another address, NotAllowed for what
        the machine's owner forbids, and RefusedError for changed signers.
        """
        wanted = _own_name(name) if name else ""
        address = addresses.read(url).url
        self._policy.admit("registry add", address)
        held = self.pins
        same = next((one.name for one in held.values() if one.url == address), "")
        seen_as = self._contact.fetch(address, wanted or same, now)
        served = seen_as.served
        pins.added(held, Pin(_own_name(seen_as.name), served.url, seen_as.index.serial))
        if not seen_as.keys.signers:
            self._policy.admit_unsigned(seen_as.who)
        keys, told = self._contact.agreed(seen_as, held.get(seen_as.name), now, accepted)
        verdicts = self._contact.memory(served.url).judged(seen_as, now)
        return Offer(
            look=seen_as,
            keys=keys,
            signers=fingerprints(keys),
            is_pinned=seen_as.name in held,
            notes=(*told, *notes(seen_as, verdicts), *barred(seen_as)),
        )

    def add(self, offer: Offer, now: datetime) -> Pin:
        """Agree to what was offered, and to nothing else."""
        return self._contact.take(offer.look, offer.keys, now)[0]

    def refresh(
        self,
        name: str | None,
        now: datetime,
        max_age: timedelta = HOUR,
        accepted: Collection[str] = (),
    ) -> list[str]:
        """Fetch what is older than `max_age`, one registry or all; gives what is to be told.

        Without network a copy of any age will do; folders of this machine are read each time.
        """
        wanted = [self._pinned.get(name)] if name else [*self.pins.values()]
        told: list[str] = []
        for pin in wanted:
            if name or self._policy.allows(pin.url):
                told += self._refresh(pin, now, max_age, accepted)
        return told

    def remove(self, name: str, needed_by: Sequence[str] = ()) -> Pin:
        """Forget a registry; raises Held where something still needs it."""
        pin = self._pinned.get(name)
        if needed_by:
            raise Held(
                f"registry {name}",
                found=f"still needed by {', '.join(needed_by)}",
                expected="a registry that no lock names",
                hint="Remove these first: hocket remove NAME\nNothing was changed.",
            )
        self._pinned.change(lambda held: {key: one for key, one in held.items() if key != name})
        if all(one.url != pin.url for one in self.pins.values()):
            self._contact.memory(pin.url).forget()
        return pin

    def opened(
        self, now: datetime, accepted: Collection[str] = (), *, lenient: bool = False
    ) -> Opened:
        """Open every registry as it was last fetched, and `core`; what was never is fetched now.

        `lenient` leaves out what is refused and says so, for commands that only show things.
        """
        opening = Opening()
        opening.add(look(own.served(), own.CORE), Keys(), NONE)
        for pin in self.pins.values():
            try:
                self._open(opening, pin, now, accepted)
            except HocketError as refused:
                if not lenient:
                    raise
                opening.notes.append(refused.message)
        return opening.done()

    def _open(self, opening: Opening, pin: Pin, now: datetime, accepted: Collection[str]) -> None:
        if not self._policy.allows(pin.url):
            opening.notes.append(f"{pin.name}: not in allowed_registries, so it is not used")
            return
        memory = self._contact.memory(pin.url)
        copy = memory.copy
        if copy is None or _as_kept(copy, pin).keys.hash != pin.signers:
            pin, copy, told = self._anew(pin, now, accepted)
            opening.notes += told
        seen_as = memory.dated(_as_kept(copy, pin), now)
        keys = still_revoked(seen_as.keys, memory.keys)
        check_index(seen_as, copy.at, keys.krl)
        not_older(seen_as, pin.serial)
        age = self._policy.age(is_local=copy.served.is_local)
        opening.add(seen_as, keys, age, memory.judged(seen_as, now))

    def _refresh(
        self, pin: Pin, now: datetime, max_age: timedelta, accepted: Collection[str]
    ) -> tuple[str, ...]:
        self._policy.admit(f"registry {pin.name}", pin.url)
        copy = self._contact.memory(pin.url).copy
        if copy and not copy.served.is_local:
            is_old = copy.is_older(max_age, now)
            if is_old and self._offline:
                return (f"{pin.name}: as it was on {written(copy.at)}, since --offline was given",)
            if not is_old:
                return ()
        return self._anew(pin, now, accepted)[2]

    def _anew(
        self, pin: Pin, now: datetime, accepted: Collection[str]
    ) -> tuple[Pin, Copy, tuple[str, ...]]:
        """Fetch a registry and judge it; gives how it is pinned and kept now, and what to tell."""
        seen_as = self._contact.fetch(pin.url, pin.name, now)
        not_older(seen_as, pin.serial)
        keys, told = self._contact.agreed(seen_as, pin, now, accepted)
        verdicts = self._contact.memory(pin.url).judged(seen_as, now)
        new, copy = self._contact.take(seen_as, keys, now)
        return new, copy, (*told, *notes(seen_as, verdicts), *barred(seen_as))


def _as_kept(copy: Copy, pin: Pin) -> Look:
    return look(copy.served, pin.name, copy.committed)


def _own_name(name: str) -> str:
    hint = "Give it a name of your own: hocket registry add URL --as NAME"
    if name == LOCAL:
        found = f'"{LOCAL}" stands for what no registry lists'
        raise UsageError("registry add", found=found, hint=hint)
    try:
        return names.name(name)
    except Unfit as cause:
        raise UsageError("registry add", found=str(cause), hint=hint) from cause
