"""Where the files of a registry are kept: by its address, whatever its name is here."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.registry.indexes import pins

if TYPE_CHECKING:
    from pathlib import Path

_ID = 16


def place_id(url: str) -> str:
    """Give the name of a registry's files."""
    return sha256(url.encode()).hexdigest()[:_ID]


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of all that is known about registries."""

    data: Path
    cache: Path

    @property
    def pins(self) -> Path:
        """The registries a person agreed to."""
        return self.data / pins.FILE

    @property
    def held(self) -> Path:
        """The file whose lock says who changes the pins."""
        return self.data / ".registries.lock"

    def seen(self, url: str) -> Path:
        """Keep what a registry showed before."""
        return self.data / "seen" / f"{place_id(url)}.jsonl"

    def keys(self, url: str) -> Path:
        """Keep whose keys were agreed to."""
        return self.data / "keys" / f"{place_id(url)}.json"

    def served(self, url: str) -> Path:
        """Keep what a registry served when it was last found good."""
        return self.cache / "registries" / f"{place_id(url)}.json"
