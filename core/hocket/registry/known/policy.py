"""What the machine's owner says about registries; nobody accepts a breach of it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hocket.errors import RefusedError
from hocket.registry.resolving.rules import MIN_AGE

NONE = timedelta(0)


class NotAllowed(RefusedError):
    """The machine's owner does not allow it."""

    code = "policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """Managed settings; without any, everything that is consented to may be used."""

    allowed: tuple[str, ...] | None = None
    """Addresses of registries; one that ends in `/` allows all beneath it. None: any."""
    require_signatures: bool = False
    require_fresh: bool = False
    min_age: timedelta = MIN_AGE
    """How long a new version waits; never of `core`, of paths and of local registries."""

    def allows(self, url: str) -> bool:
        """Whether a registry may be used here."""
        return self.allowed is None or any(fits(url, one) for one in self.allowed)

    def admit(self, who: str, url: str) -> None:
        """Raise NotAllowed for a registry that may not be used here."""
        if not self.allows(url):
            raise NotAllowed(
                who,
                found=f"{url} is not in allowed_registries",
                expected="one that the machine's owner allows",
                hint=f"Allowed are: {', '.join(self.allowed or ()) or 'none'}",
            )

    def admit_unsigned(self, who: str) -> None:
        """Raise NotAllowed for a registry without signers, where signatures are required."""
        if self.require_signatures:
            raise NotAllowed(
                who,
                found="it has no signers",
                expected="signatures, by require_signatures of the machine's owner",
                hint="Nothing was added.",
            )

    def age(self, *, is_local: bool) -> timedelta:
        """Say how long a version of a registry waits."""
        return NONE if is_local else self.min_age


def fits(url: str, allowed: str) -> bool:
    """Say whether an address is the allowed one, or lies beneath one that ends in a slash."""
    if allowed.endswith("/"):
        return url.startswith(allowed) and ".." not in url.split("/")
    return bool(url) and url == allowed
