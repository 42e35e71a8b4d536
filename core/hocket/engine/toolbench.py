"""What the tools of one call work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.clock import Clock
    from hocket.api.storage import HeldRun
    from hocket.api.tools import Workspace


@dataclass(slots=True, kw_only=True)
class Toolbench:
    """A workspace, a memory, and which addresses outside may be fetched."""

    workspace: Workspace
    clock: Clock
    call_id: str
    environment: Mapping[str, str]
    trusted: str
    """The call's own prompt: a URL that stands in it may be fetched."""
    held: HeldRun
    progress: Callable[[str], None]
    memory: dict[str, object] = field(default_factory=dict[str, object])
    _found: set[str] = field(default_factory=set[str])
    _hosts: set[str] = field(default_factory=set[str])

    def keep(self, content: bytes) -> str:
        """Keep bytes with the run and give their digest."""
        digest = sha256(content).hexdigest()
        self.held.put(digest, content)
        return digest

    def may_fetch(self, url: str) -> bool:
        """Allow a URL of the prompt or a search, and any link on the same host as one of those."""
        if url in self._found or url in self.trusted:
            self._hosts.add(urlsplit(url).netloc)
            return True
        return urlsplit(url).netloc in self._hosts

    def found(self, urls: tuple[str, ...]) -> None:
        """Note URLs that a search gave."""
        self._found.update(urls)
