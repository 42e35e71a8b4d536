"""What a person is shown before a registry is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.registry.known.keyring import Keys
    from hocket.registry.known.looking import Look


@dataclass(frozen=True, slots=True)
class Offer:
    """A registry as it was fetched, not agreed to yet."""

    look: Look
    keys: Keys
    """Whose keys would hold."""
    signers: tuple[tuple[str, str], ...]
    """Each signer with the fingerprint of the key."""
    is_pinned: bool
    """It was agreed to before, by this name and address."""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name it would have here."""
        return self.look.name

    @property
    def url(self) -> str:
        """Its address, in the form it is pinned in."""
        return self.look.served.url

    @property
    def rev(self) -> str:
        """The commit; empty for what is no repository."""
        return self.look.served.rev

    @property
    def serial(self) -> int:
        """How often it changed, as it says itself."""
        return self.look.index.serial

    @property
    def description(self) -> str:
        """What it says of itself."""
        return self.look.index.description

    @property
    def packages(self) -> int:
        """How many packages it has."""
        return len(self.look.index.packages)

    @property
    def signs_index(self) -> bool:
        """Whether its index is signed too, and was verified."""
        return self.keys.signs_index
