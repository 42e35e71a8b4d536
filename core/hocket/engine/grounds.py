"""Where calls work, as the engine sees it: a tree for each, and the commands that judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    from hocket.api.branches import Branch, Examined
    from hocket.api.calls import Call, Check, JsonObject
    from hocket.api.tools import Workspace

    Granted = Callable[[str], bool]
    Examine = Callable[[str, Workspace, str], Awaitable[Examined]]
    """Runs a check by its name in a tree that git knows by a digest, where permissions allow it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a check ended, and the end of what it printed."""

    code: int
    output: str


class Opening(Protocol):
    """The tree of one call: made at the beginning of the block, brought home at its end."""

    @property
    def changes(self) -> JsonObject | None:
        """What the call changed in a tree of its own; known after the block."""
        ...

    async def __aenter__(self) -> Workspace:
        """Make the tree; raises HocketError when there can be none."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None:
        """Keep what changed; raises HocketError when it cannot be told, and the tree stays."""
        ...


class Grounds(Protocol):
    """The trees of one run."""

    mark: str
    """Names the run in the mark of its processes; no other run of the machine has it."""

    def open(self, call: Call, *, isolated: bool) -> Opening:
        """Give a call a tree of its own, or the project's."""
        ...

    def branch(
        self, base: str, name: str | None, examine: Examine
    ) -> AbstractAsyncContextManager[Branch]:
        """Open a branch of the run's own; its tree goes at the end of the block."""
        ...

    @property
    def is_edited(self) -> bool:
        """Whether a call of this run has the turn at the project's own tree."""
        ...

    def editing(self) -> AbstractAsyncContextManager[None]:
        """Take the turn at the project's own tree, where one call at a time may edit."""
        ...

    async def obstacle(self, check: Check, granted: Granted) -> str | None:
        """Say why a check may not run here, if so: no sandbox, and no rule that names it."""
        ...

    async def check(
        self,
        check: Check,
        workspace: Workspace,
        call_id: str,
        granted: Granted,
        given: bytes | None = None,
    ) -> Ran:
        """Run a check in a call's tree, with its input; nothing of it stays behind."""
        ...
