"""What the tools of one call work with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from hocket.api.clock import Clock
    from hocket.api.storage import HeldRun
    from hocket.api.tools import Workspace

_LINK = re.compile(r"https?://[^\s<>\"'`]+")
_AFTER_A_LINK = ".,;:!?)]}"
"""What ends a sentence or a bracket around a link, though a link may end with it too."""


@dataclass(slots=True, kw_only=True)
class Toolbench:
    """A workspace, a memory, and which addresses outside may be fetched."""

    workspace: Workspace
    clock: Clock
    call_id: str
    environment: Mapping[str, str]
    trusted: str
    """The call's own prompt: a whole URL that stands in it may be fetched."""
    held: HeldRun
    tell: Callable[[str], None]
    named: Callable[[str], bool]
    """Whether a person's own rule names a use."""
    asked: Callable[[str, tuple[str, ...]], Awaitable[str | None]]
    """Asks a person."""
    memory: dict[str, object] = field(default_factory=dict[str, object])
    _found: set[str] = field(default_factory=set[str])

    def progress(self, text: str) -> None:
        """Give a sign of life."""
        self.tell(text)

    def granted(self, use: str) -> bool:
        """Say whether a person's own rule or answer names a use."""
        return self.named(use)

    async def ask(self, text: str, options: tuple[str, ...]) -> str | None:
        """Ask a person; None when nobody can answer."""
        return await self.asked(text, options)

    def keep(self, content: bytes) -> str:
        """Keep bytes with the run and give their digest."""
        digest = sha256(content).hexdigest()
        self.held.put(digest, content)
        return digest

    def __post_init__(self) -> None:
        """Find the URLs of the prompt."""
        for link in _LINK.findall(self.trusted):
            self._found.update((link, link.rstrip(_AFTER_A_LINK)))

    def may_fetch(self, url: str) -> bool:
        """Allow what was found word for word; a path that somebody made up can carry words out."""
        return url in self._found and _is_web(url)

    def found(self, urls: tuple[str, ...]) -> None:
        """Note URLs that a search gave, and links of a page to its own host."""
        self._found.update(urls)


def _is_web(url: str) -> bool:
    """Say whether it is a web address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.netloc) and parts.scheme in ("http", "https")
