"""What a call lends a tool, without a call: to test a tool on its own."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.tools import Workspace
from hocket.testing.clock import JumpingClock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.clock import Clock


class ScriptedToolContext:
    """Lends a workspace, and remembers what a tool said, kept, found and asked leave for.

    `grants` are the uses that a person's rule names, written as `Tool.shown` writes them.
    """

    def __init__(
        self,
        workspace: Workspace | Path,
        *,
        environment: Mapping[str, str] | None = None,
        grants: Iterable[str] = (),
        fetchable: Iterable[str] = (),
        call_id: str = "run/1",
        clock: Clock | None = None,
    ) -> None:
        self._workspace = Workspace(workspace) if isinstance(workspace, Path) else workspace
        self._environment = {"PATH": os.defpath} if environment is None else environment
        self._clock = JumpingClock() if clock is None else clock
        self._call_id = call_id
        self._memory: dict[str, object] = {}
        self._grants = frozenset(grants)
        self._fetchable = set(fetchable)
        self.answers: dict[str, str] = {}
        """What a person says to which question; to any other one nobody answers."""
        self.asked: list[str] = []
        self.said: list[str] = []
        self.kept: dict[str, bytes] = {}

    @property
    def clock(self) -> Clock:
        """The clock it was given, else one that jumps."""
        return self._clock

    @property
    def workspace(self) -> Workspace:
        """The workspace it was given."""
        return self._workspace

    @property
    def call_id(self) -> str:
        """The call's name."""
        return self._call_id

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment it was given, else a search path and nothing more."""
        return self._environment

    @property
    def memory(self) -> dict[str, object]:
        """What tools put there."""
        return self._memory

    def progress(self, text: str) -> None:
        """Remember the text."""
        self.said.append(text)

    def keep(self, content: bytes) -> str:
        """Keep the bytes in `kept`."""
        digest = sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def granted(self, use: str) -> bool:
        """Remember what was asked, and say whether it was granted."""
        self.asked.append(use)
        return use in self._grants

    async def ask(self, text: str, options: tuple[str, ...]) -> str | None:
        """Remember the question, and give the answer it was told to give to it."""
        self.asked.append(text)
        said = self.answers.get(text)
        return said if said in options else None

    def may_fetch(self, url: str) -> bool:
        """Say whether the URL was given, or found since."""
        return url in self._fetchable

    def found(self, urls: tuple[str, ...]) -> None:
        """Make the URLs fetchable."""
        self._fetchable.update(urls)
