"""What a registry serves: the files of its index, as of one commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """The bytes of a registry at one moment; nothing of it was judged yet."""

    url: str
    """As it is pinned: an https or ssh address, or the real path of a folder."""
    rev: str = ""
    """The commit; empty for what is no repository."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """`registry.toml` with its signature, files of signers and revoked keys, included files,
    `advisories.toml`; of a repository without `registry.toml` those that an import reads."""
    folder: Path | None = None
    """Where it lies, when it lies on this machine: then `path` sources are folders of it."""

    @property
    def is_local(self) -> bool:
        """Whether it needs no network."""
        return self.folder is not None
