"""What a run lends to those that attend it, without a run: to test what seals and what judges."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from hocket.api.tools import Tool


@dataclass(kw_only=True)
class ScriptedAccess:
    """Lends tools and a secret, and keeps bytes in `kept`; two that share `kept` share a store.

    Delete from `kept` what is to be lost.
    """

    tools: Mapping[str, Tool] = field(default_factory=dict[str, "Tool"])
    secret: bytes = b"a secret of a run, 32 bytes long"
    tainted: bool = False
    sealed: MutableMapping[str, str] = field(default_factory=dict[str, str])
    kept: dict[str, bytes] = field(default_factory=dict[str, bytes])
    notes: list[str] = field(default_factory=list[str])

    def keep(self, content: bytes) -> str:
        """Keep the bytes."""
        digest = sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def load(self, digest: str) -> bytes | None:
        """Give what is kept."""
        return self.kept.get(digest)

    def note(self, text: str) -> None:
        """Keep the note."""
        self.notes.append(text)
