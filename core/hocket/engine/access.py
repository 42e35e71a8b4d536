"""What a run lends to the stages and policies that attend it, and whether it is tainted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.events import Logged
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.events import Event
    from hocket.api.storage import HeldRun
    from hocket.api.tools import Tool
    from hocket.journal.log import Journal

SECRET = "secret"  # noqa: S105  (the name of its file)
_LENGTH = 32


@dataclass(kw_only=True)
class Access:
    """One for a run in this process."""

    held: HeldRun
    journal: Journal
    tell: Callable[[Event], None]
    installed: Callable[[], Mapping[str, Tool]]
    """Gives the tools; asked once, and only by who needs them."""
    tainted: bool = False
    sealed: dict[str, str] = field(default_factory=dict[str, str])
    noted: set[str] = field(default_factory=set[str])
    lost: Callable[[StorageLost], None] = lambda _lost: None
    """Told when the run's bytes cannot be written any more."""

    @property
    def secret(self) -> bytes:
        """A secret of this run alone; its folder carries it to wherever the run goes on."""
        return self._secret

    @property
    def tools(self) -> Mapping[str, Tool]:
        """What is installed that agents can use."""
        return self._tools

    @cached_property
    def _secret(self) -> bytes:
        kept = self.held.read(SECRET)
        if kept is not None and len(kept) == _LENGTH:
            return kept
        made = secrets.token_bytes(_LENGTH)
        self.held.write(SECRET, made)
        return made

    @cached_property
    def _tools(self) -> Mapping[str, Tool]:
        return self.installed()

    @property
    def notes(self) -> tuple[str, ...]:
        """Say for the report that the run is tainted."""
        return (TAINTED,) if self.tainted else ()

    def keep(self, content: bytes) -> str:
        """Keep bytes with the run and give their digest."""
        digest = sha256(content).hexdigest()
        self.held.put(digest, content)
        return digest

    def load(self, digest: str) -> bytes | None:
        """Give bytes by their digest; None when they are lost."""
        return self.held.get(digest)

    def note(self, text: str) -> None:
        """Tell a person, once in a run."""
        if text not in self.noted:
            self.noted.add(text)
            self.tell(Logged(text, "note"))

    def taint(self, by: str) -> None:
        """Note for good that words from outside reached a script, before they do."""
        if self.tainted:
            return
        self.tainted = True
        changed: dict[str, JsonValue] = {"what": "tainted", "old": False, "new": True, "by": by}
        try:
            self.journal.append("changed", changed)
        except StorageLost as lost:
            self.lost(lost)
        self.tell(Logged(f"{TAINTED} (by {by})", "warn"))


TAINTED = (
    "the script saw words from outside: from then on a person decides about each call that acts"
)
